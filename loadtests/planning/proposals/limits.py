"""The smallest limit a minute with which no more is lost than was asked."""

import dataclasses
import math
from typing import Final

from loadtests.planning.judging import MOST_CALLS
from loadtests.planning.plan import Plan
from loadtests.planning.proposals.reasons import why_lost
from loadtests.planning.proposals.searching import smallest
from loadtests.planning.proposals.trials import Trial, Trials
from loadtests.planning.proposals.values import LimitProposal, NotFound

_COARSE: Final = 8  # a search is first made with an eighth of the profiles
_LEAST_PROFILES: Final = 20_000  # below which a search is made with all
_FEW_WINDOWS: Final = 4  # too few for an eighth of the profiles to be like all of them


def limit_proposal(plan: Plan, trials: Trials) -> LimitProposal | NotFound:
    """Return the smallest limit that loses no more than the goal allows.

    Where the daily cap alone costs more (Q-LIM-4), a greater one is part of the answer.
    """
    most = _calls_at_most(plan)
    wide, widest = _with_a_cap_that_does(dataclasses.replace(plan, limit_per_minute=most), trials)
    if not widest.does:
        return NotFound(
            kind="limit",
            loss_at_most=trials.goal.loss_at_most,
            reason=f"without any limit too, messages are lost: {why_lost(widest.outcome)}",
            best_loss_share=widest.lost,
            best=f"--limit-per-minute {most}",
            forecasts=trials.made,
        )
    found = smallest(
        lambda limit: trials.does(_limited(wide, limit)), 1, most, _guess(wide, most, trials)
    )
    if found is None:
        raise AssertionError("the largest limit of the range was tried before")
    answer = trials(_limited(wide, found.number))
    one_less = trials.lost(_limited(wide, found.number - 1)) if found.number > 1 else None
    return LimitProposal(
        loss_at_most=trials.goal.loss_at_most,
        loss_share=answer.lost,
        finished_at_seconds=answer.outcome.finished_at_seconds,
        limit_per_minute=found.number,
        runs_per_day=wide.runs_per_day,
        raises_daily_cap=wide.runs_per_day > plan.runs_per_day,
        one_less_loses=one_less,
        exception=found.exception,
        forecasts=trials.made,
    )


def _limited(plan: Plan, limit: int) -> Plan:
    return dataclasses.replace(plan, limit_per_minute=limit)


def _with_a_cap_that_does(wide: Plan, trials: Trials) -> tuple[Plan, Trial]:
    """Return a plan without a limit a minute, with more runs a day if the cap costs too much."""
    trial = trials(wide)
    if trial.does or not trial.outcome.blocked_by_daily_cap:
        return wide, trial
    needed = min(MOST_CALLS, wide.runs_per_day + max(trial.outcome.blocked_by_day.values()))
    wide = dataclasses.replace(wide, runs_per_day=needed)
    return wide, trials(wide)


def _calls_at_most(plan: Plan) -> int:
    """Return a limit that never refuses: as many calls as there can be in a window."""
    retries = getattr(plan.policy.retries, "after_first_failure_seconds", ())
    own = plan.messages * (1 + len(retries))
    others = math.ceil(plan.other_traffic * plan.window_seconds / 60) + 1
    return min(own + others, MOST_CALLS)


def _guess(wide: Plan, most: int, trials: Trials) -> int:
    """Return where to begin: the limit that an eighth of the profiles need, itself searched so.

    Where an eighth arrives within a few windows it says little of a longer export: then it is as
    many as arrive in a window, the calls of others too.
    """
    if not _is_like_the_whole(wide):
        in_a_window = (wide.arrival_rate + wide.other_traffic / 60) * wide.window_seconds
        return min(most, wide.profiles, math.ceil(in_a_window))
    part = dataclasses.replace(wide, profiles=wide.profiles // _COARSE)
    found = smallest(
        lambda limit: trials.does(_limited(part, limit)), 1, most, _guess(part, most, trials)
    )
    return most if found is None else found.number


def _is_like_the_whole(wide: Plan) -> bool:
    """Return whether an eighth of the profiles needs about the same limit."""
    if wide.batches or wide.oversized:
        return False
    fewest = max(_LEAST_PROFILES, _FEW_WINDOWS * wide.arrival_rate * wide.window_seconds)
    return wide.profiles // _COARSE >= fewest
