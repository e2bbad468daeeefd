"""What one minute of a tenant's clock counts: calls that it received, runs that finished in it.

Over all minutes the counts are the totals, as long as no minute is pruned.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from mock_qualtrics.clock import SECOND
from mock_qualtrics.histograms import SpanCounts, counts_in
from mock_qualtrics.model import Microseconds, RequestRow

MINUTE: Final[Microseconds] = 60 * SECOND
COUNTS: Final = (
    "received",
    "refused",
    "accepted",
    "extra_runs",
    "ignored",
    "blocked",
    "succeeded",
    "failed",
    "other_calls",
)
HISTOGRAMS: Final = ("delay", "duration", "latency")


@dataclass(slots=True)
class Minute:
    """Counters of one minute; calls count in the minute in which they came, runs in which they end.

    Attributes:
        tenant_number: the tenant, or ``UNATTRIBUTED``.
        number: minutes since 1970 on the tenant's clock.
        delay: from a call to the start of its run, by bucket (`histograms`).
        duration: from a run's start to its end, by bucket.
        latency: from a call's last byte to its answer in real time, by bucket (A-LIM-1).
    """

    tenant_number: int
    number: int
    received: int = 0
    refused: int = 0
    accepted: int = 0
    extra_runs: int = 0
    ignored: int = 0
    blocked: int = 0
    succeeded: int = 0
    failed: int = 0
    other_calls: int = 0
    delay: SpanCounts = field(default_factory=SpanCounts)
    duration: SpanCounts = field(default_factory=SpanCounts)
    latency: SpanCounts = field(default_factory=SpanCounts)

    def count(self, row: RequestRow) -> None:
        """Count a call, as `TenantCounters` does."""
        if not row.trigger:
            self.other_calls += 1
            return
        self.received += 1
        self.refused += not row.accepted
        self.accepted += row.accepted
        self.ignored += row.ignored

    def take_back(self, runs: int, *, accepted: bool, blocked: int) -> None:
        """Count a call as refused that is not stored, and its runs no more.

        Args:
            runs: how many it started.
            accepted: whether it was accepted; otherwise its runs are of "Run now", or it has none.
            blocked: how many of its runs were blocked.
        """
        self.accepted -= accepted
        self.refused += accepted
        self.ignored -= accepted and not runs
        self.extra_runs -= max(0, runs - 1) if accepted else runs
        self.blocked -= blocked

    def count_end(
        self,
        received_at: Microseconds,
        started_at: Microseconds | None,
        finished_at: Microseconds,
        *,
        succeeded: bool,
        times: int = 1,
    ) -> None:
        """Count a run that finished; with -1 times, count it no more.

        Args:
            received_at: when its call was received.
            started_at: when it was started; None when it failed to start.
            finished_at: when it finished.
            succeeded: whether it did.
            times: 1 or -1.
        """
        self.succeeded += times * succeeded
        self.failed += times * (not succeeded)
        if started_at is not None:
            self.delay.count(started_at - received_at, times)
            self.duration.count(finished_at - started_at, times)

    def to_row(self) -> tuple[Any, ...]:
        """Return the row of the table ``minutes``."""
        return (
            self.tenant_number,
            self.number,
            self.received,
            self.refused,
            self.accepted,
            self.extra_runs,
            self.ignored,
            self.blocked,
            self.succeeded,
            self.failed,
            self.other_calls,
            self.delay.to_text(),
            self.duration.to_text(),
            self.latency.to_text(),
        )

    @staticmethod
    def from_row(row: tuple[Any, ...]) -> "Minute":
        """Return the minute that a row holds."""
        numbers, texts = row[: -len(HISTOGRAMS)], row[-len(HISTOGRAMS) :]
        return Minute(*numbers, *(SpanCounts(counts_in(text)) for text in texts))
