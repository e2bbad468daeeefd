"""What the outbox hands out: frozen records of messages, runs and counts. No SQL, no decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as the outbox knows it.

    Attributes:
        seq: its number in the outbox.
        trace_id: the same on every attempt.
        body: what is posted.
        attempts: calls made for it so far.
        first_failed_at: when its first attempt failed, in seconds since 1970.
        after_seq: number of the same profile's message before this one, when it is a new one.
        waits: whether it may not be sent before that one has come to its end.
    """

    seq: int
    trace_id: str
    body: bytes
    attempts: int = 0
    first_failed_at: float | None = None
    after_seq: int | None = None
    waits: bool = False

    def __repr__(self) -> str:
        return f"StoredMessage(seq={self.seq}, trace_id={self.trace_id!r})"


@dataclass(frozen=True, slots=True)
class LastExport:
    """What an outbox knows of a profile.

    Attributes:
        state: what was last exported of it, as text.
        seq: number of the message that exported it.
    """

    state: str
    seq: int


@dataclass(frozen=True, slots=True)
class Run:
    """A dataflow run: what one ``export`` began and any ``resume`` goes on with.

    Attributes:
        id: its number in the outbox.
        started_at: seconds since 1970.
        processing_seconds: time spent on it, over all its invocations.
        source: where its profiles come from, as JSON can hold it; none: nothing to read again.
        rows_read: rows taken from the source so far, broken ones included.
        source_finished: whether the source was read to its end.
        broken_rows: rows that were no profile.
        stopped_because: why its last invocation ended early.
        taken_over: messages of earlier runs that became its own.
    """

    id: int
    started_at: float
    processing_seconds: float = 0.0
    source: Mapping[str, Any] | None = None
    rows_read: int = 0
    source_finished: bool = False
    broken_rows: int = 0
    stopped_because: str | None = None
    taken_over: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """A run's messages and exclusions, counted from what is stored.

    Attributes:
        states: number of messages by state, see :mod:`sender.outbox.schema`.
        excluded: number of profiles by reason of exclusion.
        failed: error code, number of messages and a description, most frequent first.
        uncertain_attempts: attempts whose answer was lost, over the outbox's life.
        failed_before: messages that failed in other runs and could be replayed.
    """

    states: Mapping[int, int]
    excluded: Mapping[str, int]
    failed: Sequence[tuple[str, int, str]]
    uncertain_attempts: int
    failed_before: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """One message, as :mod:`sender.destination.reconciliation` compares it."""

    trace_id: str
    state: int
    attempts: int
    uncertain_attempts: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed attempt leaves on its message.

    Attributes:
        first_failed_at: when the message's first attempt failed, in seconds since 1970.
        lost: whether the answer was lost, so that the call may have been executed.
        error_code: under which it is counted.
        description: what happened, fit for a report.
    """

    first_failed_at: float
    lost: bool
    error_code: str
    description: str
