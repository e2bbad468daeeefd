"""The retries to ask Adobe's support for, with which no more is lost than was asked (A-RTRY-1)."""

import dataclasses
import math
from collections.abc import Iterator
from typing import Final

from loadtests.planning.assumptions import RETRIES_OF_SUPPORT
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import SECOND, Plan
from loadtests.planning.proposals.reasons import why_lost
from loadtests.planning.proposals.trials import Trial, Trials
from loadtests.planning.proposals.values import NotFound, ScheduleProposal

MOST_RETRIES: Final = RETRIES_OF_SUPPORT
"""As many retries as articles of Adobe's mention (A-RTRY-1)."""

LONGEST_SECONDS: Final = 86_400.0
"""The last retry is looked for within a day of the first failure; no page names a bound."""

_WINDOWS: Final = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 8, 10, 15, 20, 30, 60, 120, 240, 480)


def schedule_proposal(plan: Plan, trials: Trials) -> ScheduleProposal | NotFound:
    """Return the schedule with the fewest retries, and of those the shortest, that does.

    Schedules of 1 to 5 retries are tried that are evenly spaced; the plan's own comes first.
    """
    present = trials(plan)
    own = getattr(plan.policy.retries, "after_first_failure_seconds", ())
    if present.does:
        return _proposal(own, present, trials, is_present=True, shorter=None)
    needed = plan.messages * (1 - trials.goal.loss_at_most)
    best, best_schedule, shorter = present, own, None
    for schedule in _schedules(plan, needed):
        trial = trials(_retrying(plan, schedule))
        if trial.does:
            return _proposal(schedule, trial, trials, is_present=False, shorter=shorter)
        shorter = trial.lost
        if trial.lost < best.lost:
            best, best_schedule = trial, schedule
    return NotFound(
        kind="schedule",
        loss_at_most=trials.goal.loss_at_most,
        reason=_reason(plan, needed, best.outcome),
        best_loss_share=best.lost,
        best=f"--retry-after {','.join(f'{seconds:g}' for seconds in best_schedule)}",
        forecasts=trials.made,
    )


def delivered_at_most(plan: Plan, retries: int) -> int:
    """Return how many messages any schedule of so many retries can deliver within a day.

    First tries lie in one span of time, as long as the arrivals last, and so do the first retries,
    the second ones, and so on. A sliding window admits its limit once for each window that begins
    in such a span; a fixed one may admit it once more. Of the executions, each day has its cap.

    Example: 1,000 seconds of arrivals, 3,000 a minute and 5 retries: 6 × 17 × 3,000 = 306,000.
    """
    arrivals = _arrivals_last(plan)
    by_minute = (retries + 1) * _admitted_in(plan, arrivals)
    return min(by_minute, _executed_in(plan, arrivals + LONGEST_SECONDS))


def _admitted_in(plan: Plan, seconds: float) -> int:
    windows = int(seconds // plan.window_seconds) + (1 if plan.window == "sliding" else 2)
    return windows * plan.limit_per_minute


def _executed_in(plan: Plan, seconds: float) -> int:
    return (int(seconds // LONGEST_SECONDS) + 1) * plan.runs_per_day


def _arrivals_last(plan: Plan) -> float:
    return plan.last_arrival_us() / SECOND


def _schedules(plan: Plan, needed: float) -> Iterator[tuple[float, ...]]:
    """Yield the schedules to try, fewest retries first.

    Those that cannot deliver enough are left out; where none can, a few show what can be had.
    """
    spacings = _spacings(plan)
    if delivered_at_most(plan, MOST_RETRIES) < needed:
        most = (_evenly(MOST_RETRIES, spacing) for spacing in spacings[1::3])
        yield from (schedule for schedule in most if schedule[-1] <= LONGEST_SECONDS)
        return
    arrivals = _arrivals_last(plan)
    for retries in range(1, MOST_RETRIES + 1):
        if delivered_at_most(plan, retries) < needed:
            continue
        for schedule in (_evenly(retries, spacing) for spacing in spacings):
            span = arrivals + schedule[-1]
            can = min(_admitted_in(plan, span), _executed_in(plan, span))
            if schedule[-1] <= LONGEST_SECONDS and can >= needed:
                yield schedule


def _evenly(retries: int, spacing: float) -> tuple[float, ...]:
    return tuple(spacing * (number + 1) for number in range(retries))


def _spacings(plan: Plan) -> list[float]:
    """Return the times between two retries to try: parts of windows, and as long as arrivals."""
    window = plan.window_seconds
    arrivals = (math.ceil(_arrivals_last(plan) / window) + 1) * float(window)
    own = {windows * float(window) for windows in _WINDOWS}
    return sorted(own | {arrivals, 2 * arrivals})


def _retrying(plan: Plan, schedule: tuple[float, ...]) -> Plan:
    return dataclasses.replace(plan, policy=plan.policy.retrying_after(schedule))


def _proposal(
    schedule: tuple[float, ...],
    trial: Trial,
    trials: Trials,
    *,
    is_present: bool,
    shorter: float | None,
) -> ScheduleProposal:
    return ScheduleProposal(
        loss_at_most=trials.goal.loss_at_most,
        loss_share=trial.lost,
        finished_at_seconds=trial.outcome.finished_at_seconds,
        retry_after=schedule,
        is_present=is_present,
        shorter_loses=shorter,
        forecasts=trials.made,
    )


def _reason(plan: Plan, needed: float, best: Forecast) -> str:
    most = delivered_at_most(plan, MOST_RETRIES)
    if most < needed:
        return (
            f"{MOST_RETRIES} retries are the most that support sets (A-RTRY-1), and whatever their "
            f"times within a day, at most {most:,} messages are delivered"
        )
    return (
        f"no evenly spaced schedule of up to {MOST_RETRIES} retries within a day does; the best "
        f"that was tried loses some: {why_lost(best)}"
    )
