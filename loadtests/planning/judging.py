"""Judges single values of a plan: an impossible one is one error that says what was expected."""

import math
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from sender.policies import LOSSLESS, RetryPolicy, ScheduledRetries

T = TypeVar("T")

MOST_MESSAGES = 1_000_000_000
MOST_CALLS = 1_000_000_000
LOWEST_RATE, HIGHEST_RATE = 1e-6, 1e6  # a second; more than one a microsecond cannot be told apart
LONGEST_SECONDS = 10 * 366 * 86_400  # the mock's own longest time
LONGEST_LATENCY_SECONDS = 86_400.0
LONGEST_RETRY_SECONDS = 366 * 86_400.0
MOST_RETRIES = 100
MOST_DAYS = 3_660
LONGEST_WINDOW_SECONDS = 86_400
HIGHEST_SEED = 2**63 - 1


class PlanError(ValueError):
    """A plan cannot be as it was given; the text says what, where, and what was expected."""


def check_whole(name: str, value: object, lowest: int, highest: int) -> None:
    """Check a whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise PlanError(
            f"{name}: found {shown(value)}, expected a whole number, {lowest:,} to {highest:,}"
        )


def check_number(name: str, value: object, lowest: float, highest: float, unit: str) -> None:
    """Check a number with a unit; NaN is none."""
    if not (is_number(value) and lowest <= value <= highest):  # type: ignore[operator]
        expected = f"{plain(lowest)} to {plain(highest)} {unit}"
        raise PlanError(f"{name}: found {shown(value)}, expected {expected}")


def check_share(name: str, value: object) -> None:
    """Check a share."""
    if not (is_number(value) and 0 <= value <= 1):  # type: ignore[operator]
        raise PlanError(f"{name}: found {shown(value)}, expected a share, 0 to 1")


def check_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Check one of several words."""
    if not isinstance(value, str) or value not in choices:
        raise PlanError(f"{name}: found {shown(value)}, expected {' or '.join(choices)}")


def check_text(name: str, value: object) -> None:
    """Check a text."""
    if not isinstance(value, str):
        raise PlanError(f"{name}: found {shown(value)}, expected a text")


def check_policy(policy: object) -> None:
    """Check a retry policy, and that its retries end in a time that can be simulated."""
    if not isinstance(policy, RetryPolicy):
        raise PlanError(
            f"policy: found {shown(policy)}, expected a RetryPolicy, such as "
            "sender.policies.ADOBE_BEST_EFFORT"
        )
    check_number(
        "policy's read timeout",
        policy.read_timeout_seconds,
        1e-6,
        LONGEST_LATENCY_SECONDS,
        "seconds",
    )
    if not isinstance(policy.retries, ScheduledRetries):
        return
    schedule = policy.retries.after_first_failure_seconds
    if len(schedule) > MOST_RETRIES:
        raise PlanError(
            f"retry after: found {len(schedule):,} retries, expected at most {MOST_RETRIES}"
        )
    if policy.retries.longest_wait_seconds > LONGEST_RETRY_SECONDS:
        raise PlanError(
            f"retry after: found {plain(policy.retries.longest_wait_seconds)}, expected at most "
            f"{LONGEST_RETRY_SECONDS:,.0f} seconds, a year; or policy {LOSSLESS.name!r}"
        )


def checked_counts(name: str, values: object) -> dict[str, int]:
    """Return counts by name as a dictionary of their own."""
    if not isinstance(values, Mapping):
        raise PlanError(f"{name}: found {shown(values)}, expected a count for each reason")
    for reason, count in values.items():
        if not isinstance(reason, str):
            raise PlanError(f"{name}: found the reason {shown(reason)}, expected a text")
        check_whole(f"{name} {reason!r}", count, 1, MOST_MESSAGES)
    return dict(values)


def checked_numbers(name: str, values: object) -> frozenset[int]:
    """Return message numbers as a frozen set."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise PlanError(f"{name}: found {shown(values)}, expected a set of message numbers")
    numbers = list(values)
    for number in numbers:
        check_whole(f"{name} message", number, 0, MOST_MESSAGES)
    return frozenset(numbers)


def checked_tuple(name: str, values: object, kind: type[T]) -> tuple[T, ...]:
    """Return values of one class as a tuple."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise PlanError(f"{name}: found {shown(values)}, expected a list of {kind.__name__}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, kind):
            raise PlanError(f"{name}: found {shown(value)}, expected each a {kind.__name__}")
    return found


def is_number(value: object) -> bool:
    """Return whether it is a number that is finite, and no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond every float
        return False


def plain(number: float) -> str:
    """Return a number in ten digits at most; only one beyond all use has an exponent.

    Example:
        >>> plain(1e-06), plain(10_000.0), plain(0.5), plain(1e300)
        ('0.000001', '10,000', '0.5', '1e+300')
    """
    if number and not LEAST_PLAIN <= abs(number) < MOST_PLAIN:
        return f"{number:g}"
    return f"{Decimal(f'{number:.10g}'):,f}"


def shown(value: object) -> str:
    """Return a value as an error shows it: cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an int with more digits than Python writes
        return "a number of more than 4,000 digits"
    if isinstance(value, float) and "e-" in text and abs(value) >= LEAST_PLAIN:
        text = plain(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


MOST_SHOWN = 60
LEAST_PLAIN, MOST_PLAIN = 1e-9, 1e15
