"""What was staged and is not yet on disk: rows for the hot statements, in the order they came."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mock_qualtrics.journal.change_feed import JournalChange
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.model import NewRun, RequestRow
from mock_qualtrics.store.schema import State, requests, tenant_of
from mock_qualtrics.store.statements import CHANGED_RUN, HotStatements
from mock_qualtrics.store.writer import Transaction

if TYPE_CHECKING:
    from mock_qualtrics.journal.counters import TenantCounters

BODY_PLACE = list(requests.c.keys()).index("body")
ROW_BYTES = 1_000  # about, without the body
NOT_WRITTEN_STATUS = 503
DETAIL_PLACE = CHANGED_RUN.index("detail")
LARGEST_HELD_BYTES = 8_192  # a larger event is fetched from the store when its run's turn comes

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Batch:
    """Rows of one transaction to come."""

    __slots__ = ("changes", "counters", "requests", "runs", "seen", "told", "waiting")

    def __init__(self) -> None:
        self.requests: list[tuple[Any, ...]] = []
        self.told: list[tuple[int, int]] = []
        self.runs: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self.waiting: list[PendingRun] = []
        self.seen: dict[tuple[int, bytes], int] = {}
        self.counters: dict[int, TenantCounters] = {}

    def __bool__(self) -> bool:
        return bool(self.counters or self.told)

    def add_request(self, sequence: int, row: RequestRow, runs: int) -> None:
        """Stage one call's row."""
        self.requests.append(
            (
                sequence,
                row.request_id,
                row.received_at,
                row.method,
                row.path,
                row.status,
                row.error_code,
                row.reason,
                row.trace_id,
                _headers(row.headers),
                row.body_bytes,
                row.body,
                row.accepted,
                row.duplicate,
                runs,
                row.note,
            )
        )

    def add_run(self, run: PendingRun, blocked: str | None) -> None:
        """Stage one run's row; a blocked one is over before it begins (Q-LIM-4)."""
        self.runs.append(
            (
                run.sequence,
                run.workflow_number,
                State.NOT_STARTED.value if blocked else State.PENDING.value,
                run.clock_number,
                run.due_at,
                run.priority,
                run.received_at,
                None,
                run.received_at if blocked else None,
                run.scripted_failure,
                blocked,
                None,
            )
        )

    def change_run(self, run: PendingRun, outcome: Outcome) -> None:
        """Stage how a try went."""
        retried = outcome.state is State.PENDING
        self.changes.append(
            (
                outcome.state.value,
                outcome.due_at if retried else run.due_at,
                1 if retried else run.priority,
                outcome.started_at,
                outcome.finished_at,
                outcome.error,
                outcome.detail,
                run.sequence,
            )
        )

    def documents(self) -> list[tuple[int, str]]:
        """Return the ledgers' rows as they stand now; to be called under the journal's lock."""
        return [(number, counters.to_document()) for number, counters in self.counters.items()]

    def size_bytes(self) -> int:
        """Return about how much memory the calls' rows take."""
        return sum(ROW_BYTES + len(row[BODY_PLACE]) for row in self.requests)

    def extend(self, later: "Batch") -> None:
        """Take in what was staged after this batch."""
        self.requests += later.requests
        self.told += later.told
        self.runs += later.runs
        self.changes += later.changes
        self.waiting += later.waiting
        self.seen.update(later.seen)
        self.counters.update(later.counters)

    def tell_not_written(self, sequences: Iterable[int]) -> None:
        """Note what the callers of calls were told instead of the answer that was meant."""
        self.told += [(NOT_WRITTEN_STATUS, sequence) for sequence in sequences]

    def forget(self, tenant_number: int) -> None:
        """Drop a tenant's rows."""
        for rows, place in (
            (self.requests, 0),
            (self.told, -1),
            (self.runs, 0),
            (self.changes, -1),
        ):
            rows[:] = [row for row in rows if tenant_of(row[place]) != tenant_number]
        self.waiting = [run for run in self.waiting if tenant_of(run.sequence) != tenant_number]
        self.seen = {key: count for key, count in self.seen.items() if key[0] != tenant_number}
        self.counters.pop(tenant_number, None)

    def journal_changes(self) -> list[JournalChange]:
        """Return what subscribers hear of it once it is durable."""
        calls = [JournalChange("call", tenant_of(row[0]), row[0]) for row in self.requests]
        ends = [
            JournalChange("run", tenant_of(row[-1]), row[-1], _notifications(row[DETAIL_PLACE]))
            for row in self.changes
        ]
        return calls + ends

    def write(
        self, transaction: Transaction, hot: HotStatements, documents: list[tuple[int, str]]
    ) -> None:
        """Write all of it: rows before what changes them."""
        transaction.many(hot.add_request, self.requests)
        transaction.many(hot.tell, self.told)
        transaction.many(hot.add_run, self.runs)
        transaction.many(hot.change_run, self.changes)
        transaction.many(hot.put_seen, [(*key, count) for key, count in self.seen.items()])
        transaction.many(hot.put_ledger, documents)


@lru_cache(maxsize=512)
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    """Return a head as it is stored; callers send the same one again and again."""
    return _encode(headers)


def _notifications(detail: str | None) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(detail).get("notifications", ())) if detail else ()


def pending_run(sequence: int, clock_number: int, row: RequestRow, run: NewRun) -> PendingRun:
    """Return the run that waits, as execution takes it."""
    return PendingRun(
        sequence=sequence,
        workflow_number=run.workflow_number,
        clock_number=clock_number,
        due_at=run.due_at,
        priority=0,
        received_at=row.received_at,
        body=row.body if len(row.body) <= LARGEST_HELD_BYTES else None,
        scripted_failure=run.scripted_failure,
    )
