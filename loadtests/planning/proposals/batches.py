"""The largest batch that loses nothing, how many of them, and how far apart."""

import dataclasses
from typing import Final, NamedTuple

from loadtests.planning.plan import DAY_SECONDS, Plan
from loadtests.planning.proposals.divisions import (
    Division,
    divisions,
    in_batches,
    of_size,
    spaced,
)
from loadtests.planning.proposals.reasons import why_lost
from loadtests.planning.proposals.searching import Found, largest, smallest
from loadtests.planning.proposals.trials import Trial, Trials
from loadtests.planning.proposals.values import BatchProposal, NotFound

_SAMPLE: Final = 5  # batches after which the window is as it is before each later one
_SMALLER: Final = (1.0, 0.99, 0.95, 0.9, 0.75, 0.5)


class _Proved(NamedTuple):
    division: Division
    trial: Trial


def batch_proposal(plan: Plan, trials: Trials) -> BatchProposal | NotFound:
    """Return the largest batch of the first export that loses no more than the goal allows.

    Batches start a whole number of windows apart, which are minutes, and as many on a day as its
    cap has room for (Q-LIM-4). The whole division is simulated at the end. Where it loses more than
    a batch alone, because of profiles that are too large, smaller batches are tried.

    Args:
        plan: what is exported; nightly loads cannot be divided, and are left out.
        trials: simulates, for a goal.
    """
    whole = dataclasses.replace(plan, batches=(), days=1, restated_daily=0.0)
    guess = min(whole.limit_per_minute, whole.profiles)
    found = largest(lambda size: trials.does(of_size(whole, size)), 1, whole.profiles, guess)
    if found is None:
        lost = why_lost(trials(of_size(whole, 1)).outcome)
        return _not_found(f"a single profile is lost as well: {lost}", trials)
    if found.number == whole.profiles:
        single = Division(size=whole.profiles, batches=1, a_day=1, gap_seconds=0.0)
        return _proposal(whole, found, _Proved(single, trials(whole)), trials)
    proved = next(
        filter(None, (_proved(whole, round(found.number * part), trials) for part in _SMALLER)),
        None,
    )
    if proved is None:
        return _not_found("several batches lose more, even a day apart", trials)
    return _proposal(whole, found, proved, trials)


def _proved(whole: Plan, size: int, trials: Trials) -> _Proved | None:
    """Return the closest division into batches of a size that was simulated and does."""
    gap = _shortest_gap(whole, size, trials) if size else None
    for division in () if gap is None else divisions(whole, size, gap):
        trial = trials(in_batches(whole, size, division.starts()))
        if trial.does:
            return _Proved(division, trial)
    return None


def _shortest_gap(whole: Plan, size: int, trials: Trials) -> int | None:
    """Return the fewest windows between two batches of a day; None when not even a day does."""
    step = whole.window_seconds
    # After the last retry of a batch and another window nothing of it is left.
    retries = getattr(whole.policy.retries, "after_first_failure_seconds", ())
    lasts = size / whole.arrival_rate + max(retries, default=0.0) + 2 * whole.latency_seconds
    found = smallest(
        lambda windows: trials.does(spaced(whole, size, float(windows * step), _SAMPLE)),
        1,
        max(1, min(DAY_SECONDS // step, int(lasts // step) + 2)),
        guess=-(-size // whole.limit_per_minute),
    )
    return None if found is None else found.number


def _proposal(whole: Plan, found: Found, proved: _Proved, trials: Trials) -> BatchProposal:
    division, trial = proved
    is_largest = division.size == found.number < whole.profiles
    one_more = trials.lost(of_size(whole, division.size + 1)) if is_largest else None
    return BatchProposal(
        loss_at_most=trials.goal.loss_at_most,
        loss_share=trial.lost,
        finished_at_seconds=trial.outcome.finished_at_seconds,
        profiles=division.size,
        batches=division.batches,
        gap_seconds=division.gap_seconds,
        batches_per_day=division.a_day,
        last_start_seconds=division.starts()[-1],
        one_more_loses=one_more,
        shorter_gap_loses=_shorter_loses(whole, division, trials),
        start_dates=division.batches,
        exception=found.exception,
        forecasts=trials.made,
    )


def _shorter_loses(whole: Plan, division: Division, trials: Trials) -> float | None:
    """Return what a few batches lose with the next shorter gap; None when there is none."""
    gap = division.gap_seconds - whole.window_seconds
    if division.a_day == 1 or gap <= 0:
        return None
    return trials.lost(spaced(whole, division.size, gap, min(division.batches, _SAMPLE)))


def _not_found(reason: str, trials: Trials) -> NotFound:
    return NotFound(
        kind="batch",
        loss_at_most=trials.goal.loss_at_most,
        reason=f"no batch does: {reason}",
        forecasts=trials.made,
    )
