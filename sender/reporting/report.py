"""The report of a dataflow run in Adobe's terms (A-RPT-1), with exact counts. Pure.

Each profile received is counted once: activated, excluded, failed, uncertain or pending.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sender.outbox.records import DESTINATION_IS_DOWN
from sender.reporting.adobe_terms import ADOBES, adobe_error_code
from sender.reporting.estimate import ExpectedEnd
from sender.text import instant_text

COMPLETED, PROCESSING, FAILED, INTERRUPTED = "Completed", "Processing", "Failed", "Interrupted"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """How many profiles were not exported for one reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Failures:
    """How many messages failed permanently with one error code and HTTP status."""

    error_code: str
    count: int
    description: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of a run's profiles and messages.

    Attributes:
        dataflow_run_start: when the run began, UTC; with one of Adobe's policies the hour in which
            it began, as Adobe's report has it (A-RPT-1).
        processing_time_seconds: time spent on it, over all its invocations.
        status: ``Completed``; ``Processing`` while an export works on it; ``Failed`` when an answer
            that affects every message, or a destination that stayed down, stopped it, or a part of
            its source could not be read;
            ``Interrupted`` when it ended in any other way with messages pending, or before its
            source was read to the end.
        profiles_received: profiles read.
        activated: messages accepted by the destination.
        failed: messages that failed permanently.
        uncertain: messages given up without knowing whether they were executed.
        pending: messages not delivered yet.
        uncertain_attempts: attempts whose answer was lost, over the outbox's life.
        exclusions: why profiles were not exported, most frequent first.
        failures: why messages failed, most frequent first.
        broken_rows: number of rows that were not a profile; not included in those received.
        taken_over: messages that earlier runs left pending, or that failed in them and are sent
            again; included in those received.
        stopped_because: why its last invocation ended early; None: it did not, or was interrupted.
        rows_read: rows of its source read so far, broken ones included.
        source_finished: whether the source was read to its end.
        rows_expected: about how many rows the source has; None: unknown, as for a pipe.
        failed_before: messages that failed in earlier runs and have not been delivered since; not
            included in those received.
        policy: the name of the policy that was used last.
        offered_rate: first tries per second that were offered, by one of Adobe's policies; None: as
            many as the machine could, or another policy.
        reached_rate: first tries per second that were made; None before there are two.
        started_at: when the run began, UTC, exactly; None: as ``dataflow_run_start`` says.
        expected_end: when a lossless run will end, with what that rests on; None: nothing is left,
            or it was stopped by something that has to be mended before it can be resumed.

    Example:
        >>> start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        >>> report = Report(start, 1.5, "Completed", profiles_received=4, activated=3, failed=1)
        >>> report.identities_activated, report.activation_rate, report.all_well
        (3, 0.75, False)
    """

    dataflow_run_start: dt.datetime
    processing_time_seconds: float
    status: str
    profiles_received: int
    activated: int = 0
    failed: int = 0
    uncertain: int = 0
    pending: int = 0
    uncertain_attempts: int = 0
    exclusions: Sequence[Exclusions] = ()
    failures: Sequence[Failures] = ()
    broken_rows: int = 0
    taken_over: int = 0
    stopped_because: str | None = None
    rows_read: int = 0
    source_finished: bool = True
    rows_expected: int | None = None
    failed_before: int = 0
    policy: str | None = None
    offered_rate: float | None = None
    reached_rate: float | None = None
    started_at: dt.datetime | None = None
    expected_end: ExpectedEnd | None = None

    @property
    def speaks_as_adobe(self) -> bool:
        """Whether it reports on one of Adobe's policies."""
        return self.policy in ADOBES

    @property
    def excluded(self) -> int:
        """Profiles not exported, whatever the reason."""
        return sum(exclusion.count for exclusion in self.exclusions)

    @property
    def identities_activated(self) -> int:
        """Identities activated: one for each profile, because a profile is one message."""
        return self.activated

    @property
    def identities_excluded(self) -> int:
        """Identities excluded, one for each profile."""
        return self.excluded

    @property
    def identities_failed(self) -> int:
        """Identities failed, one for each profile."""
        return self.failed

    @property
    def activation_rate(self) -> float | None:
        """Share of the received profiles that were activated or excluded; None without any."""
        if not self.profiles_received:
            return None
        return (self.activated + self.excluded) / self.profiles_received

    @property
    def rows_not_read(self) -> int | None:
        """About how many rows of the source were not read; None if nobody knows."""
        if self.source_finished:
            return 0
        return None if self.rows_expected is None else max(0, self.rows_expected - self.rows_read)

    @property
    def messages_per_row(self) -> float:
        """How many messages a row of the source has made so far, at most 1."""
        made = self.profiles_received - self.excluded - self.taken_over
        return min(1.0, max(0, made) / self.rows_read) if self.rows_read else 1.0

    @property
    def needs_mending(self) -> bool:
        """Whether a resume would end as this run did, until what stopped it is mended."""
        reason = self.stopped_because
        return reason is not None and not reason.startswith(DESTINATION_IS_DOWN)

    @property
    def all_well(self) -> bool:
        """Whether nothing is failed (earlier runs included), uncertain, pending or broken."""
        lost = self.failed or self.failed_before or self.uncertain
        return self.status == COMPLETED and not (lost or self.broken_rows)

    def _failed(self, failures: Failures) -> dict[str, Any]:
        """Return failures of one kind, with Adobe's code beside ours where it speaks as Adobe."""
        entry: dict[str, Any] = {
            "errorCode": failures.error_code,
            "count": failures.count,
            "description": failures.description,
        }
        code = adobe_error_code(failures.error_code, failures.status)
        if self.speaks_as_adobe and code is not None:
            entry |= {"adobeErrorCode": code.code, "adobeErrorCodeIsAssumed": code.is_assumed}
        return entry

    def _rates(self) -> dict[str, Any]:
        """Return the rates of one of Adobe's policies; others offer none."""
        if not self.speaks_as_adobe:
            return {}
        reached = self.reached_rate
        return {
            "offeredRatePerSecond": self.offered_rate,
            "reachedRatePerSecond": None if reached is None else round(reached, 3),
        }

    def is_rate_below(self, share: float | None) -> bool:
        """Return whether the activation rate is below a share; False if either is None."""
        rate = self.activation_rate
        return share is not None and rate is not None and rate < share

    def to_mapping(self) -> dict[str, Any]:
        """Return the report as a JSON object with camelCase keys."""
        return {
            "dataflowRunStart": instant_text(self.dataflow_run_start),
            "startedAt": instant_text(self.started_at or self.dataflow_run_start),
            "processingTimeSeconds": round(self.processing_time_seconds, 6),
            "status": self.status,
            "stoppedBecause": self.stopped_because,
            "policy": self.policy,
            **self._rates(),
            "profilesReceived": self.profiles_received,
            "identitiesActivated": self.identities_activated,
            "identitiesExcluded": self.identities_excluded,
            "identitiesFailed": self.identities_failed,
            "activationRate": self.activation_rate,
            "messages": {
                "activated": self.activated,
                "excluded": self.excluded,
                "failed": self.failed,
                "uncertain": self.uncertain,
                "pending": self.pending,
            },
            "takenOver": self.taken_over,
            "failedBefore": self.failed_before,
            "brokenRows": self.broken_rows,
            "rowsRead": self.rows_read,
            "rowsNotRead": self.rows_not_read,
            "expectedEnd": self.expected_end and self.expected_end.to_mapping(),
            "sourceFinished": self.source_finished,
            "uncertainAttempts": self.uncertain_attempts,
            "excluded": [{"reason": e.reason, "count": e.count} for e in self.exclusions],
            "failed": [self._failed(failures) for failures in self.failures],
        }
