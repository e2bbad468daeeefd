"""What was planned, as rows of a name and a value: what a page of figures is of."""

from collections.abc import Callable, Sequence
from typing import Final

from loadtests.commands.plan_results import Result
from loadtests.commands.words import percent
from loadtests.planning import Plan
from loadtests.planning.assumptions import listed
from loadtests.planning.judging import plain
from sender.policies import ScheduledRetries


def input_rows(results: Sequence[Result]) -> list[tuple[str, str]]:
    """Return the rows; the arrival rates of all results, and what is the same in each.

    Args:
        results: one, or one for each arrival rate.
    """
    first = results[0]
    rates = ", ".join(plain(result.plan.arrival_rate) for result in results)
    return [
        ("Profiles", f"{first.reading.profiles:,}"),
        ("Arrival rate", f"{rates} a second"),
        *((name, said(first.plan)) for name, said in _OF_A_PLAN),
        ("Seed", _seeds(first)),
    ]


def _retries(plan: Plan) -> str:
    """Return the policy, and when it tries again."""
    retries = plan.policy.retries
    if not isinstance(retries, ScheduledRetries):
        return f"{plan.policy.name}: again until it is delivered"
    times = listed(retries.after_first_failure_seconds)
    return f"{plan.policy.name}: " + (f"again after {times} s" if times else "not again")


def _limit(plan: Plan) -> str:
    window = "a minute" if plan.window_seconds == 60 else f"in {plan.window_seconds:,} s"  # noqa: PLR2004
    return f"{plan.limit_per_minute:,} calls {window}, {plan.window} window"


def _days(plan: Plan) -> str:
    if not plan.restated:
        return f"{plan.days:,}"
    return f"{plan.days:,}; each later one restates {percent(plan.restated_daily)}"


def _seeds(result: Result) -> str:
    seed = result.plan.seed
    return f"{seed}" if result.band is None else f"{result.band.seeds:,}, from {seed} on"


_OF_A_PLAN: Final[tuple[tuple[str, Callable[[Plan], str]], ...]] = (
    ("Policy", _retries),
    ("Limit", _limit),
    ("Runs a day", lambda plan: f"{plan.runs_per_day:,}"),
    ("Other traffic", lambda plan: f"{plain(plan.other_traffic)} calls a minute"),
    ("Answered 500", lambda plan: f"{percent(plan.fault_ratio)} of the calls"),
    ("Answers lost", lambda plan: f"{percent(plan.lost_ratio)} of the calls"),
    ("Latency", lambda plan: f"{plain(plan.latency_seconds)} s"),
    ("Days", _days),
)
