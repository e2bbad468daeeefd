"""One call of an export, as engines yield it in the order in which calls are made."""

from typing import Final

from sender.transport.outcomes import Answered, Lost, Outcome

LOST: Final = 0
"""Stands for a status where no answer came."""

NO_RUN, EXECUTED, BLOCKED = 0, 1, 2
"""What the destination did: it refused the call, executed a run, or blocked one (Q-LIM-4)."""

RETRIED: Final = ""
DELIVERED, DROPPED, UNCERTAIN = "delivered", "dropped", "uncertain"
"""How a message ended with this call; ``RETRIED``: it has not ended."""

Call = tuple[int, int, int, int, int, str]
"""Microseconds from the plan's beginning, message number, try (from 1), status, run, ending."""


def outcome_of(status: int) -> Outcome:
    """Return how the sender's transport tells what was answered."""
    return Answered(status) if status else Lost("no answer came")
