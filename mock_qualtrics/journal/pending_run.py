"""What the journal hands to execution and takes back: a run that is due, and how it went."""

from typing import NamedTuple

from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.schema import State


class Outcome(NamedTuple):
    """How a try of a run went.

    Attributes:
        state: PENDING when its tasks are tried again at ``due_at``.
        detail: fields, tasks and notifications as JSON; None when there are none.
    """

    state: State
    started_at: Microseconds | None
    finished_at: Microseconds | None
    error: str | None = None
    detail: str | None = None
    due_at: Microseconds = 0


class PendingRun(NamedTuple):
    """A run that waits for its turn.

    Attributes:
        clock_number: the clock it waits for: 0 is the real one, else the number of the tenant whose
            virtual clock it is.
        body: the event as it came; None when it has to be fetched again.
        started_at: when it was first tried; None before that.
        progress: what earlier tries left behind, as JSON.
    """

    sequence: int
    workflow_number: int
    clock_number: int
    due_at: Microseconds
    priority: int
    received_at: Microseconds
    body: bytes | None = None
    scripted_failure: str | None = None
    started_at: Microseconds | None = None
    progress: str | None = None

    @property
    def tries(self) -> int:
        """How often it was tried before, as far as its clock tells: retries are never at once."""
        return 0 if self.started_at is None else self.due_at - self.started_at

    @property
    def moment(self) -> tuple[int, int, int]:
        """When its turn comes: by time, then priority, then the order in which calls came."""
        return (self.due_at, self.priority, self.sequence)

    def again(self, outcome: Outcome) -> "PendingRun":
        """Return the run as it waits for its next try."""
        return self._replace(
            due_at=outcome.due_at,
            priority=1,
            started_at=outcome.started_at,
            progress=outcome.detail,
        )
