"""The records that the outbox returns: messages, runs and counts, all frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

NO_MESSAGE: Final = 0
"""The number of no message: of a profile whose state is known and was never exported."""

DESTINATION_IS_DOWN: Final = "the destination is down"
"""How the reason for a stop begins that nobody has to mend before the export is resumed."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as stored in the outbox.

    Attributes:
        seq: its number in the outbox.
        trace_id: its trace id, the same for every attempt.
        body: the JSON body to post.
        attempts: calls made for it so far.
        first_failed_at: when its first attempt failed, in seconds since 1970.
        after_seq: number of the profile's previous message; set on new messages only.
        waits: whether it must not be sent before the previous message has ended.
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
    """The last export of a profile.

    Attributes:
        state: the exported state, as :meth:`sender.mapping.activation.ProfileState.to_json` writes
            it.
        seq: number of the message that exported it; 0: there is none.
    """

    state: str
    seq: int


@dataclass(frozen=True, slots=True)
class ActivatedAudiences:
    """Which audiences earlier runs have activated at a destination.

    Attributes:
        ever: those that a run has read its source to the end for.
        last: those that were mapped in the last such run.
    """

    ever: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """A dataflow run: started by one ``export``, continued by any ``resume``.

    Attributes:
        id: its number in the outbox.
        started_at: seconds since 1970.
        processing_seconds: time spent on it, over all its invocations.
        source: a JSON description of where its profiles come from; None: it cannot be read again.
        rows_read: rows taken from the source so far, broken ones included.
        source_finished: whether the source was read to its end.
        broken_rows: rows that were not a profile.
        stopped_because: why its last invocation ended early.
        taken_over: messages of earlier runs that became part of it.
        rows_expected: about how many rows its source has; None: unknown.
        rate_intervals: how many times a first try followed another, at its present pace.
        rate_seconds: the time that those took together.
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
    rows_expected: int | None = None
    rate_intervals: int = 0
    rate_seconds: float = 0.0

    @property
    def reached_rate(self) -> float | None:
        """First tries per second, over all its invocations; None before there are two."""
        return self.rate_intervals / self.rate_seconds if self.rate_seconds > 0 else None


@dataclass(frozen=True, slots=True)
class WorkDone:
    """What an invocation has done since it was noted last.

    Attributes:
        seconds: the time that passed.
        rate_intervals: how many times a first try followed another.
        rate_seconds: the time that those took together.
        rows_expected: about how many rows the source has; None: unknown.
    """

    seconds: float
    rate_intervals: int = 0
    rate_seconds: float = 0.0
    rows_expected: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a run's messages and exclusions.

    Attributes:
        states: number of messages by state, see :mod:`sender.outbox.schema`.
        excluded: number of excluded profiles by reason.
        failed: error code, number of messages, a description and the HTTP status, most frequent
            first; the status is None when there was no answer, or an older version stored none.
        uncertain_attempts: attempts whose answer was lost, over the outbox's life.
        failed_before: messages that failed in other runs and could be replayed.
    """

    states: Mapping[int, int]
    excluded: Mapping[str, int]
    failed: Sequence[tuple[str, int, str, int | None]]
    uncertain_attempts: int
    failed_before: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """A message as :mod:`sender.destination.reconciliation` compares it with the mock's journal.

    Attributes:
        trace_id: its trace id.
        state: its state, see :mod:`sender.outbox.schema`.
        attempts: calls made for it so far.
        uncertain_attempts: its attempts whose answer was lost.
        body: its body; None once it is activated or withdrawn.
    """

    trace_id: str
    state: int
    attempts: int
    uncertain_attempts: int
    body: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class LostMessage:
    """A message that ended without being activated, as far as anyone knows.

    Attributes:
        can_be_replayed: whether ``replay`` sends it again.
        trace_id: its trace id.
        state: failed permanently or uncertain, see :mod:`sender.outbox.schema`.
        attempts: calls made for it.
        uncertain_attempts: those whose answer was lost.
        first_failed_at: when its first attempt failed, in seconds since 1970.
        error_code: the code under which the report counts it.
        description: what happened.
        body: its body; None once its profile has opted out.
    """

    can_be_replayed: bool
    trace_id: str
    state: int
    attempts: int
    uncertain_attempts: int
    first_failed_at: float | None
    error_code: str | None
    description: str | None
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is stored with a message when an attempt fails.

    Attributes:
        first_failed_at: when the message's first attempt failed, in seconds since 1970.
        lost: whether the answer was lost, so that the call may have been executed.
        error_code: the code under which the report counts it.
        description: what happened, as shown in the report.
        status: the HTTP status; None when there was no answer.
    """

    first_failed_at: float
    lost: bool
    error_code: str
    description: str
    status: int | None = None
