"""What to do about what a plan loses: each proposal is proved by simulating it."""

from loadtests.planning.proposals.proposing import (
    check_can_be_found,
    find,
    outruns_the_pace,
    propose,
)
from loadtests.planning.proposals.trials import Goal
from loadtests.planning.proposals.values import (
    AnyProposal,
    BatchProposal,
    Kind,
    LimitProposal,
    LosslessProposal,
    NotFound,
    ScheduleProposal,
)

__all__ = [
    "AnyProposal",
    "BatchProposal",
    "Goal",
    "Kind",
    "LimitProposal",
    "LosslessProposal",
    "NotFound",
    "ScheduleProposal",
    "check_can_be_found",
    "find",
    "outruns_the_pace",
    "propose",
]
