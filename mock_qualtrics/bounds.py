"""How far in time anything may lie: what calendars and the journal's columns can still hold.

Schemas say what a number is, not when it is too large to be an instant. Pure: values in, reasons
out.
"""

from collections.abc import Iterator, Mapping

from mock_qualtrics.clock import SECOND, parse_instant
from mock_qualtrics.values import Microseconds

LONGEST_SECONDS = 10 * 366 * 86_400
LAST_INSTANT = parse_instant("9999-12-31T23:59:59Z")


def delay_violations(delay: object) -> list[str]:
    """Return why a workflow's delay cannot be waited for; empty for one that can.

    Args:
        delay: camelCase or snake_case, as it was handed in.
    """
    if not isinstance(delay, Mapping):
        return []
    return [
        f"$.delay.{name}: found more, expected at most {LONGEST_SECONDS} seconds (10 years)"
        for name, number in _numbers(delay)
        if number > LONGEST_SECONDS
    ]


def past_the_calendar(now: Microseconds, seconds: float) -> bool:
    """Tell whether a clock that is moved on so far would leave the calendar behind."""
    return seconds > (LAST_INSTANT - now) / SECOND


def _numbers(delay: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    for name, value in delay.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int | float):
                yield name, one
