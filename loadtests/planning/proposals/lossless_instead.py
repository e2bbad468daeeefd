"""An export by a sender that loses nothing, in place of the destination, and how long it takes."""

import dataclasses

from loadtests.planning.judging import PlanError
from loadtests.planning.plan import DAY_SECONDS, Plan
from loadtests.planning.proposals.trials import Trials
from loadtests.planning.proposals.values import LosslessProposal, NotFound
from sender.policies import LOSSLESS


def lossless_proposal(plan: Plan, trials: Trials) -> LosslessProposal | NotFound:
    """Return what a lossless export of the same would come to, the daily cap counted (Q-LIM-4)."""
    try:
        lossless = dataclasses.replace(plan, policy=LOSSLESS)
    except PlanError:
        reason = (
            "other clients alone make as many calls as the limit admits: it would wait for ever"
        )
        return NotFound(kind="lossless", loss_at_most=trials.goal.loss_at_most, reason=reason)
    outcome = trials(lossless).outcome
    return LosslessProposal(
        loss_at_most=trials.goal.loss_at_most,
        loss_share=outcome.loss_share,
        finished_at_seconds=outcome.finished_at_seconds,
        delivered=outcome.delivered,
        duplicates=outcome.duplicates,
        day=int(outcome.finished_at_seconds // DAY_SECONDS) + 1,
        forecasts=trials.made,
    )
