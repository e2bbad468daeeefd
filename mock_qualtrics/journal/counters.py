"""One tenant's counters: its totals, and the counts that its random choices depend on.

Counters live in memory and are written, as one small document, with every commit that changed them.
So totals cost the same however long the journal is, and do not shrink when rows are deleted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Never

from mock_qualtrics.clock import format_instant
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.model import Microseconds, RequestRow
from mock_qualtrics.store.schema import State

NOT_STORED = "not-stored"  # the reason of calls that the store refused because of their data
ANSWERED = "whoami"  # the name under which a whoami that was answered is counted
RUN_NOW = "run-now"  # the name of calls of the control API that start a run (Q-WF-7)
_ATTRIBUTES = {
    "extraRuns": "extra_runs",
    "otherCalls": "other_calls",
}  # all other totals are called the same
_quoted = lru_cache(maxsize=1_024)(json.dumps)


@dataclass(slots=True)
class TenantCounters:
    """Counters of one tenant; all start at zero.

    Attributes:
        calls: how many rows of calls were numbered: trigger calls and others.
        other_calls: how many calls came that are no trigger calls, at unknown paths or whoami.
        other_by: their number by reason.
        now: the latest instant that was journalled.
        skipped: how far a skipping clock is ahead of real time, in microseconds.
        day: the day that ``runs_today`` counts, in days since 1970 (Q-LIM-4).
        attempts: the number of attempts of each task, by workflow number and place.
        dropped_from: the first instant whose rows the bounded store dropped.
        dropped_to: the last such instant; None when none was dropped.
        not_stored: how many calls and outcomes the store refused because of their data.
    """

    tenant_number: int
    calls: int = 0
    received: int = 0
    refused: int = 0
    accepted: int = 0
    extra_runs: int = 0
    ignored: int = 0
    succeeded: int = 0
    failed: int = 0
    blocked: int = 0
    pending: int = 0
    duplicates: int = 0
    other_calls: int = 0
    refused_by: dict[str, int] = field(default_factory=dict)
    other_by: dict[str, int] = field(default_factory=dict)
    now: Microseconds = 0
    day: int = 0
    runs_today: int = 0
    attempts: dict[str, int] = field(default_factory=dict)
    dropped_from: Microseconds | None = None
    dropped_to: Microseconds | None = None
    not_stored: int = 0
    skipped: Microseconds = 0

    @property
    def complete(self) -> bool:
        """Whether the journal has all rows within retention.

        False when some were dropped to save memory, or set aside because the store refused them.
        """
        return self.dropped_to is None and not self.not_stored

    def count(self, row: RequestRow) -> None:
        """Count a trigger call."""
        self.received += 1
        if not row.accepted:
            self.refused += 1
            reason = row.reason or "unknown"
            self.refused_by[reason] = self.refused_by.get(reason, 0) + 1
            return
        self.accepted += 1
        self.ignored += row.ignored
        self.duplicates += row.duplicate

    def count_other(self, row: RequestRow, *, starts_run: bool = False) -> None:
        """Count a call that is no trigger call; the totals' balance does not have it."""
        self.other_calls += 1
        name = RUN_NOW if starts_run else row.reason or ANSWERED
        self.other_by[name] = self.other_by.get(name, 0) + 1

    def take_back(self, runs: Sequence[State | None], *, duplicate: bool) -> None:
        """Count an accepted call as refused, because it is not stored.

        Args:
            runs: the state in which each of its runs was counted; None for a blocked one.
            duplicate: whether the call was counted as a duplicate.
        """
        self.accepted -= 1
        self.refused += 1
        self.refused_by[NOT_STORED] = self.refused_by.get(NOT_STORED, 0) + 1
        self.duplicates -= duplicate
        self.ignored -= not runs
        self.extra_runs -= max(0, len(runs) - 1)
        self._uncount(runs)

    def take_back_run_now(self, runs: Sequence[State | None]) -> None:
        """Count a run no more that "Run now" started, because it is not stored."""
        self.extra_runs -= len(runs)
        self._uncount(runs)

    def _uncount(self, runs: Sequence[State | None]) -> None:
        for state in runs:
            self.blocked -= state is None
            self.pending -= state is State.PENDING
            self.succeeded -= state is State.SUCCEEDED
            self.failed -= state in (State.FAILED, State.NOT_STARTED)

    def drop(self, first: Microseconds, last: Microseconds) -> None:
        """Note that the bounded store dropped rows from one instant to another."""
        self.dropped_from = first if self.dropped_from is None else min(self.dropped_from, first)
        self.dropped_to = last if self.dropped_to is None else max(self.dropped_to, last)

    def reach(self, wanted: Mapping[str, int]) -> bool:
        """Return whether each wanted count, by its name in the totals, is reached."""
        return all(
            getattr(self, _ATTRIBUTES.get(name, name)) >= count for name, count in wanted.items()
        )

    def totals(self) -> dict[str, Any]:
        """Return the totals as the control API shows them."""
        totals: dict[str, Any] = {
            "received": self.received,
            "refused": self.refused,
            "refusedBy": dict(sorted(self.refused_by.items())),
            "accepted": self.accepted,
            "extraRuns": self.extra_runs,
            "ignored": self.ignored,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "blocked": self.blocked,
            "pending": self.pending,
            "duplicates": self.duplicates,
            "otherCalls": self.other_calls,
            "otherCallsBy": dict(sorted(self.other_by.items())),
            "complete": self.complete,
        }
        if self.dropped_from is not None and self.dropped_to is not None:
            dropped = (format_instant(self.dropped_from), format_instant(self.dropped_to))
            totals["dropped"] = dict(zip(("from", "to"), dropped, strict=True))
        if self.not_stored:
            totals["notStored"] = self.not_stored
        return totals

    def to_document(self) -> str:
        """Return the counters as they are stored."""
        # Each commit writes them, and nearly all are whole numbers: an encoder takes twice as long.
        values = _values(self)
        return _DOCUMENT % tuple([one if isinstance(one, int) else _text(one) for one in values])

    @staticmethod
    def from_document(document: str) -> "TenantCounters":
        """Return the counters that a stored document holds."""
        return TenantCounters(**json.loads(document))


_values = attrgetter(*TenantCounters.__slots__)
_DOCUMENT: Final = "{" + ",".join([f'"{name}":%s' for name in TenantCounters.__slots__]) + "}"


def _text(counts: dict[str, int] | None) -> str:
    """Return the JSON text of counts by name, or of none."""
    if counts is None:
        return "null"
    return "{" + ",".join([f"{_quoted(name)}:{count}" for name, count in counts.items()]) + "}"


class CountersByTenant(dict[int, TenantCounters]):
    """The counters of all tenants, by tenant number."""

    def __missing__(self, tenant_number: int) -> Never:
        """Report that the tenant was deleted, perhaps while a caller waited for its totals.

        Raises:
            NotFoundError: always.
        """
        raise NotFoundError("tenant", f"tenant-{tenant_number}")
