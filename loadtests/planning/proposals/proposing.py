"""All proposals for a plan, or the one that was asked for."""

from collections.abc import Callable
from importlib.util import find_spec

from loadtests.planning.forecasting import Engine
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import Plan, PlanError
from loadtests.planning.proposals.batches import batch_proposal
from loadtests.planning.proposals.limits import limit_proposal
from loadtests.planning.proposals.lossless_instead import lossless_proposal
from loadtests.planning.proposals.schedules import schedule_proposal
from loadtests.planning.proposals.trials import Goal, Trials, lost_to_limits
from loadtests.planning.proposals.values import (
    AnyProposal,
    Kind,
    LosslessProposal,
    NotFound,
)

Tell = Callable[[int], None] | None
LOSES_NOTHING = Goal()
MOST_SLOW_MESSAGES = 100_000
KINDS: tuple[Kind, ...] = ("batch", "limit", "schedule", "lossless")


def propose(
    outcome: Forecast,
    engine: Engine = "auto",
    tell: Tell = None,
    lossless: LosslessProposal | None = None,
) -> dict[Kind, AnyProposal]:
    """Return what to do about what a plan loses to the limit a minute and to the daily cap.

    A limit and a schedule take many forecasts of all messages. Where those cannot be fast, they are
    looked for only up to 100,000 messages; :func:`find` looks in any case.

    Args:
        outcome: of the plan; one that loses nothing to a limit has no proposals.
        engine: which engine simulates.
        tell: called with a number before each simulation.
        lossless: of the same export at another rate, of which :func:`outruns_the_pace` is true: at
            all such rates a lossless export is the same, and it is not simulated again.
    """
    plan = outcome.plan
    if not (plan.policy.drops_messages and lost_to_limits(outcome)):
        return {}
    known: dict[Kind, AnyProposal] = {}
    if lossless is not None and outruns_the_pace(plan):
        known["lossless"] = lossless
    trials = {kind: Trials(Goal(to_limits_only=True), engine, tell) for kind in KINDS}
    return {kind: known.get(kind) or _affordable(kind, plan, trials[kind]) for kind in KINDS}


def outruns_the_pace(plan: Plan) -> bool:
    """Return whether messages arrive faster than a lossless sender ever makes calls.

    It makes up for lost time at twice its pace, which is the limit of a minute.
    """
    return plan.arrival_rate * 60 >= 2 * plan.limit_per_minute


def _affordable(kind: Kind, plan: Plan, trials: Trials) -> AnyProposal:
    takes_long = plan.messages > MOST_SLOW_MESSAGES and not _is_fast(plan, trials.engine)
    if kind in {"batch", "lossless"} or not takes_long:
        return _proposed(kind, plan, trials)
    return NotFound(
        kind=kind,
        loss_at_most=trials.goal.loss_at_most,
        reason=f"not looked for, as it takes a while with so many messages: ask --find {kind}",
    )


def _is_fast(plan: Plan, engine: Engine) -> bool:
    return (
        engine != "exact"
        and not (plan.has_chance or plan.answers_late)
        and find_spec("numpy") is not None
    )


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
    check_can_be_found(kind, plan)
    if not plan.messages:
        raise PlanError(f"find {kind}: found no message to export, expected some")
    too_large = len(plan.oversized)
    if not goal.to_limits_only and too_large > goal.loss_at_most * plan.messages:
        return NotFound(
            kind=kind,
            loss_at_most=goal.loss_at_most,
            reason=f"whatever is done, {too_large:,} of {plan.messages:,} are too large (413)",
            best_loss_share=too_large / plan.messages,
        )
    return _proposed(kind, plan, Trials(goal, engine, tell))


def check_can_be_found(kind: Kind, plan: Plan) -> None:
    """Check that a plan has a policy that can lose messages.

    Raises:
        PlanError: it has not.
    """
    if not plan.policy.drops_messages:
        raise PlanError(
            f"find: found {kind} with policy {plan.policy.name!r}, which loses nothing to a limit; "
            "expected one of Adobe's policies"
        )


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
