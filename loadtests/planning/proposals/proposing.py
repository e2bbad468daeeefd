"""All proposals for a plan, or the one that was asked for."""

from collections.abc import Callable

from loadtests.planning.forecasting import Engine
from loadtests.planning.plan import Plan, PlanError
from loadtests.planning.proposals.batches import batch_proposal
from loadtests.planning.proposals.limits import limit_proposal
from loadtests.planning.proposals.lossless_instead import lossless_proposal
from loadtests.planning.proposals.schedules import schedule_proposal
from loadtests.planning.proposals.trials import Goal, Trials
from loadtests.planning.proposals.values import AnyProposal, Kind, NotFound

Tell = Callable[[int], None] | None
LOSES_NOTHING = Goal()


def propose(plan: Plan, engine: Engine = "auto", tell: Tell = None) -> dict[Kind, AnyProposal]:
    """Return what to do about what a plan loses to the limit and to the daily cap.

    Args:
        plan: with one of Adobe's policies; one that loses nothing by itself has no proposals.
        engine: which engine simulates.
        tell: called with a number before each simulation.
    """
    if not (plan.policy.drops_messages and plan.messages):
        return {}
    goal = Goal(to_limits_only=True)
    kinds: tuple[Kind, ...] = ("batch", "limit", "schedule", "lossless")
    return {kind: _proposed(kind, plan, Trials(goal, engine, tell)) for kind in kinds}


def find(
    kind: Kind, plan: Plan, goal: Goal = LOSES_NOTHING, engine: Engine = "auto", tell: Tell = None
) -> AnyProposal:
    """Return the limit, batch or schedule with which no more than a share is lost.

    Args:
        kind: of what is looked for.
        plan: with one of Adobe's policies.
        goal: how much may be lost.
        engine: which engine simulates.
        tell: called with a number before each simulation.

    Returns:
        It, or :class:`NotFound` when there is none.

    Raises:
        PlanError: the policy loses nothing by itself, or there is no message.

    Example:
        >>> find("batch", Plan(profiles=10_000, arrival_rate=1_000.0)).profiles
        3000
    """
    if not plan.messages:
        raise PlanError(f"find {kind}: found no message to export, expected some")
    if not plan.policy.drops_messages:
        raise PlanError(
            f"find {kind}: policy {plan.policy.name!r} loses nothing to a limit; expected one of "
            "Adobe's policies"
        )
    too_large = len(plan.oversized)
    if not goal.to_limits_only and too_large > goal.loss_at_most * plan.messages:
        return NotFound(
            kind=kind,
            loss_at_most=goal.loss_at_most,
            reason=f"whatever is done, {too_large:,} of {plan.messages:,} are too large (413)",
            best_loss_share=too_large / plan.messages,
        )
    return _proposed(kind, plan, Trials(goal, engine, tell))


def _proposed(kind: Kind, plan: Plan, trials: Trials) -> AnyProposal:
    match kind:
        case "batch":
            return batch_proposal(plan, trials)
        case "limit":
            return limit_proposal(plan, trials)
        case "schedule":
            return schedule_proposal(plan, trials)
        case "lossless":
            return lossless_proposal(plan, trials)
