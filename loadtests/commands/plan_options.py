"""The options of ``plan`` that say what is planned, and the plans that they make."""

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import click

from contracts.option_numbers import AnyInteger, AnyNumber
from contracts.option_values import collected
from loadtests.planning import Plan, PlanError
from sender.commands.shared.options import Schedule
from sender.errors import ConfigurationError
from sender.policies import (
    ADOBE_BEST_EFFORT,
    POLICIES,
    QUALTRICS_CALLS_PER_DAY,
    QUALTRICS_CALLS_PER_MINUTE,
    RetryPolicy,
    policy_named,
)

ARRIVAL_RATES: Final = (100.0, 1_000.0, 10_000.0)
"""The rates of a table where none was given: nobody documents how fast Adobe sends (A-LIM-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """The values of the options, as they were typed in; ``Plan`` judges them.

    Attributes:
        arrival_rate: messages a second; None: a plan for each of :data:`ARRIVAL_RATES`.
        policy_name: the retry policy.
        retry_after: when retries are due, in seconds after the first failure; None: the policy's.
        limit_per_minute: calls that the destination admits in a window.
        window: ``sliding`` or ``fixed``.
        window_seconds: how long a window is.
        runs_per_day: executions a day.
        other_traffic: calls a minute of other clients.
        fault_ratio: share of the calls that are answered 500.
        lost_ratio: share of the calls whose answer is lost.
        latency: seconds until an answer comes.
        days: days with an export.
        restated_daily: share of the profiles that each later day exports again.
        seed: of all chance.
    """

    arrival_rate: float | None = None
    policy_name: str = ADOBE_BEST_EFFORT.name
    retry_after: tuple[float, ...] | None = None
    limit_per_minute: int = QUALTRICS_CALLS_PER_MINUTE
    window: str = "sliding"
    window_seconds: int = 60
    runs_per_day: int = QUALTRICS_CALLS_PER_DAY
    other_traffic: float = 0.0
    fault_ratio: float = 0.0
    lost_ratio: float = 0.0
    latency: float = 0.0
    days: int = 1
    restated_daily: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """What is exported, as far as a plan has to know it.

    Attributes:
        profiles: messages of the first export.
        excluded: profiles that are not exported, by reason.
        oversized: the numbers of messages over the payload limit.
    """

    profiles: int
    excluded: dict[str, int] = field(default_factory=dict)
    oversized: frozenset[int] = frozenset()


def plans_of(options: PlanOptions, messages: Messages) -> list[Plan]:
    """Return the plan of the arrival rate, or one for each of :data:`ARRIVAL_RATES`.

    Raises:
        click.UsageError: a value is impossible, or contradicts another; it names the option.
    """
    rate = options.arrival_rate
    rates = ARRIVAL_RATES if rate is None else (rate,)
    with shown_as_usage_error():
        return [_plan(options, messages, rate) for rate in rates]


@contextlib.contextmanager
def shown_as_usage_error() -> Iterator[None]:
    """Make what is impossible in a plan an error that names the option.

    Raises:
        click.UsageError: something is.
    """
    try:
        yield
    except (PlanError, ConfigurationError) as error:
        raise click.UsageError(_naming_the_option(str(error))) from None


def _plan(options: PlanOptions, messages: Messages, rate: float) -> Plan:
    values = dataclasses.asdict(options)
    for name in ("policy_name", "retry_after", "arrival_rate", "latency"):
        del values[name]
    return Plan(
        **values,
        arrival_rate=rate,
        latency_seconds=options.latency,
        policy=_policy(options),
        profiles=messages.profiles,
        excluded=messages.excluded,
        oversized=messages.oversized,
    )


def _policy(options: PlanOptions) -> RetryPolicy:
    policy = policy_named(options.policy_name)
    if options.retry_after is not None and not policy.drops_messages:
        raise PlanError(
            f"retry after: found a schedule with policy {policy.name!r}, expected one of Adobe's "
            "policies: this one retries with backoff until a message is delivered"
        )
    return policy if options.retry_after is None else policy.retrying_after(options.retry_after)


def _naming_the_option(sentence: str) -> str:
    """Return an error of a plan with the options in place of the plan's own names.

    Example:
        >>> _naming_the_option("limit per minute: found 0, expected a whole number")
        '--limit-per-minute: found 0, expected a whole number'
    """
    name, colon, rest = sentence.partition(": ")
    option = "--" + name.replace(" ", "-")
    return f"{option}{colon}{rest}" if option in _NAMES else sentence


_OPTIONS = (
    click.option(
        "--arrival-rate",
        type=AnyNumber(),
        metavar="PER_SECOND",
        help="Messages a second, evenly spaced. Nobody documents how fast Adobe sends: without it "
        "the answer is a table over 100, 1,000 and 10,000.",
    ),
    click.option(
        "--policy",
        "policy_name",
        type=click.Choice(list(POLICIES)),
        default=ADOBE_BEST_EFFORT.name,
        show_default=True,
        help="How failed messages are tried again: as Adobe does, or lossless.",
    ),
    click.option(
        "--retry-after",
        type=Schedule(),
        metavar="SECONDS,SECONDS…",
        help="With Adobe's policies: when a message is retried, counted from its first failure, "
        "such as 15,30; Adobe's support sets other schedules.",
    ),
    click.option(
        "--limit-per-minute",
        type=AnyInteger(),
        metavar="N",
        default=QUALTRICS_CALLS_PER_MINUTE,
        show_default=True,
        help="Calls that the brand may make in a minute.",
    ),
    click.option(
        "--window",
        type=click.Choice(["sliding", "fixed"]),
        default="sliding",
        show_default=True,
        help="Whether the minute slides, or begins anew with each minute.",
    ),
    click.option(
        "--window-seconds",
        type=AnyInteger(),
        metavar="N",
        default=60,
        show_default=True,
        help="How long the minute is, for a rehearsal with a shorter one.",
    ),
    click.option(
        "--runs-per-day",
        type=AnyInteger(),
        metavar="N",
        default=QUALTRICS_CALLS_PER_DAY,
        show_default=True,
        help="Executions a day; later ones are blocked.",
    ),
    click.option(
        "--other-traffic",
        type=AnyNumber(),
        metavar="PER_MINUTE",
        default=0.0,
        help="Calls a minute that others make at the same brand; by default none.",
    ),
    click.option(
        "--fault-ratio",
        type=AnyNumber(),
        metavar="SHARE",
        default=0.0,
        help="Share of the calls that are answered 500, 0 to 1; by default none.",
    ),
    click.option(
        "--lost-ratio",
        type=AnyNumber(),
        metavar="SHARE",
        default=0.0,
        help="Share of the calls whose answer is lost, 0 to 1: a retry makes a duplicate.",
    ),
    click.option(
        "--latency",
        type=AnyNumber(),
        metavar="SECONDS",
        default=0.0,
        help="How long after a call its answer comes; by default at once.",
    ),
    click.option(
        "--days",
        type=AnyInteger(),
        metavar="N",
        default=1,
        show_default=True,
        help="Days with an export: the first, and the nightly loads that follow.",
    ),
    click.option(
        "--restated-daily",
        type=AnyNumber(),
        metavar="SHARE",
        default=0.0,
        help="Share of the profiles that each later day's load restates, 0 to 1: they are "
        "exported again although no value changed (A-EXP-1).",
    ),
    click.option(
        "--seed",
        type=AnyInteger(),
        metavar="N",
        default=0,
        show_default=True,
        help="Of all chance: the same seed, the same forecast.",
    ),
)
plan_options = collected(PlanOptions, "options", _OPTIONS)
"""Add the options; the command receives them as the argument ``options``."""
_NAMES = frozenset(
    "--" + name.replace("_", "-")
    for name in ("profiles", "seeds", "find", *PlanOptions.__dataclass_fields__)
)
