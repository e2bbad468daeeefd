"""The values between the journal and `runs`: a run that is due, and the outcome of an attempt."""

from typing import NamedTuple

from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.schema import State


class Outcome(NamedTuple):
    """The outcome of one attempt of a run.

    Attributes:
        state: PENDING when the run's tasks are retried at ``due_at``.
        detail: fields, tasks and notifications as JSON; None when there are none.
    """

    state: State
    started_at: Microseconds | None
    finished_at: Microseconds | None
    error: str | None = None
    detail: str | None = None
    due_at: Microseconds = 0


class PendingRun(NamedTuple):
    """A run that waits until it is due.

    Attributes:
        clock_number: the clock it waits for: 0 for the real one, else the number of the tenant that
            has the virtual clock.
        priority: 0 for a first attempt, 1 for a retry.
        body: the event as received; None when it must be fetched from the store.
        started_at: when the first attempt started; None before it.
        progress: the detail of the last attempt, as JSON; None before the first attempt.
        run_now: whether its conditions count as met, because "Run now" started it (Q-WF-7).
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
    run_now: bool = False

    @property
    def since_first_try(self) -> int:
        """Microseconds from the first attempt to this one; 0 for the first.

        Retries are always delayed, so the number differs for each attempt.
        """
        return 0 if self.started_at is None else self.due_at - self.started_at

    @property
    def moment(self) -> tuple[int, int, int]:
        """The sort key of the queue: time, then priority, then order of arrival."""
        return (self.due_at, self.priority, self.sequence)

    def again(self, outcome: Outcome) -> "PendingRun":
        """Return the run as it waits for its next attempt."""
        return self._replace(
            due_at=outcome.due_at,
            priority=1,
            started_at=outcome.started_at,
            progress=outcome.detail,
        )
