"""The rows that are staged and not yet written: parameters of hot statements, in order."""

import json
from collections.abc import Iterable, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_qualtrics.journal.change_feed import JournalChange
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.model import NewRun, RequestRow
from mock_qualtrics.storable import storable
from mock_qualtrics.store.schema import State, call_of_run, requests, tenant_of
from mock_qualtrics.store.statements import CHANGED_RUN, HotStatements
from mock_qualtrics.store.writer import Transaction

if TYPE_CHECKING:
    from mock_qualtrics.journal.counters import TenantCounters
    from mock_qualtrics.journal.minutes.minute import Minute

BODY_PLACE = list(requests.c.keys()).index("body")
ROW_BYTES = 1_000  # an estimate, without the body
NOT_WRITTEN_STATUS = 503
DETAIL_PLACE = CHANGED_RUN.index("detail")
# As constants: the class of an enumeration looks its members up in Python each time.
_PENDING, _NOT_STARTED = State.PENDING.value, State.NOT_STARTED.value
LARGEST_HELD_BYTES = 8_192  # a larger event is fetched from the store when its run is due

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class CountedRows(NamedTuple):
    """The rows of all that only counts, as of one moment.

    Attributes:
        documents: the counters of tenants.
        minutes: the counters by the minute.
    """

    documents: list[tuple[int, str]]
    minutes: list[tuple[Any, ...]]


class Batch:
    """The rows of the next transaction.

    Attributes:
        requests: new calls.
        corrections: statuses of calls that were answered 503 after they had been staged.
        runs: new runs.
        changes: outcomes of attempts, for the rows of their runs.
        waiting: runs that are in the queue and maybe not yet in the store.
        seen: the new count of each digest, by tenant number and digest.
        counters: the tenants whose counters changed.
        minutes: the minutes whose counters changed, by tenant number and minute.
    """

    __slots__ = (
        "changes",
        "corrections",
        "counters",
        "minutes",
        "requests",
        "runs",
        "seen",
        "waiting",
    )

    def __init__(self) -> None:
        self.requests: list[tuple[Any, ...]] = []
        self.corrections: list[tuple[int, int]] = []
        self.runs: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self.waiting: list[PendingRun] = []
        self.seen: dict[tuple[int, bytes], int] = {}
        self.counters: dict[int, TenantCounters] = {}
        self.minutes: dict[tuple[int, int], Minute] = {}

    def __bool__(self) -> bool:
        # Every other row changes a tenant's counters too; a latency only its minute's.
        return bool(self.counters or self.corrections or self.minutes)

    def add_request(self, sequence: int, row: RequestRow, runs: int) -> None:
        """Stage the row of a call."""
        self.requests.append(
            (
                sequence,
                row.request_id,
                row.received_at,
                storable(row.method),
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
                row.query,
                row.answer,
                row.token_places,
                row.faults,
            )
        )

    def add_run(self, run: PendingRun, blocked: str | None) -> None:
        """Stage the row of a run; a blocked run ends without being started (Q-LIM-4)."""
        self.runs.append(
            (
                run.sequence,
                run.workflow_number,
                _NOT_STARTED if blocked else _PENDING,
                run.clock_number,
                run.due_at,
                run.priority,
                run.received_at,
                None,
                run.received_at if blocked else None,
                run.scripted_failure,
                blocked,
                None,
                run.run_now,
            )
        )

    def change_run(self, run: PendingRun, outcome: Outcome) -> None:
        """Stage the outcome of an attempt."""
        state = int(outcome.state)
        retried = state == _PENDING
        self.changes.append(
            (
                state,
                outcome.due_at if retried else run.due_at,
                1 if retried else run.priority,
                outcome.started_at,
                outcome.finished_at,
                None if outcome.error is None else storable(outcome.error),
                outcome.detail,
                run.sequence,
            )
        )

    def counted(self) -> CountedRows:
        """Return the counters' rows as of now; call it under the journal's lock."""
        return CountedRows(
            [(number, counters.to_document()) for number, counters in self.counters.items()],
            [minute.to_row() for minute in self.minutes.values()],
        )

    def size_bytes(self) -> int:
        """Return an estimate of the memory that the calls' rows take."""
        return sum(ROW_BYTES + len(row[BODY_PLACE]) for row in self.requests)

    def extend(self, later: "Batch") -> None:
        """Append a batch that was staged after this one."""
        self.requests += later.requests
        self.corrections += later.corrections
        self.runs += later.runs
        self.changes += later.changes
        self.waiting += later.waiting
        self.seen.update(later.seen)
        self.counters.update(later.counters)
        self.minutes.update(later.minutes)

    def mark_not_written(self, sequences: Iterable[int]) -> None:
        """Stage that calls were answered 503 instead of the status in their rows."""
        self.corrections += [(NOT_WRITTEN_STATUS, sequence) for sequence in sequences]

    def forget(self, tenant_number: int) -> None:
        """Drop a tenant's rows."""
        for rows, place in (
            (self.requests, 0),
            (self.corrections, -1),
            (self.runs, 0),
            (self.changes, -1),
        ):
            rows[:] = [row for row in rows if tenant_of(row[place]) != tenant_number]
        self.waiting = [run for run in self.waiting if tenant_of(run.sequence) != tenant_number]
        self.seen = {key: count for key, count in self.seen.items() if key[0] != tenant_number}
        self.counters.pop(tenant_number, None)
        self.minutes = {key: one for key, one in self.minutes.items() if key[0] != tenant_number}

    def drop_calls(self, calls: Set[int]) -> None:
        """Drop the rows of calls, by their numbers, and those of their runs."""
        self.requests = [row for row in self.requests if row[0] not in calls]
        self.runs = [row for row in self.runs if call_of_run(row[0]) not in calls]
        self.changes = [row for row in self.changes if call_of_run(row[-1]) not in calls]
        self.waiting = [run for run in self.waiting if call_of_run(run.sequence) not in calls]

    def journal_changes(self) -> list[JournalChange]:
        """Return the changes to publish once the batch is durable."""
        calls = [JournalChange("call", tenant_of(row[0]), row[0]) for row in self.requests]
        attempts = [
            JournalChange("run", tenant_of(row[-1]), row[-1], _notifications(row[DETAIL_PLACE]))
            for row in self.changes
        ]
        return calls + attempts

    def write(self, transaction: Transaction, hot: HotStatements, counted: CountedRows) -> None:
        """Write the batch; new rows come before the changes to them."""
        transaction.many(hot.add_request, self.requests)
        transaction.many(hot.correct_status, self.corrections)
        transaction.many(hot.add_run, self.runs)
        transaction.many(hot.change_run, self.changes)
        transaction.many(hot.put_seen, [(*key, count) for key, count in self.seen.items()])
        transaction.many(hot.put_counters, counted.documents)
        transaction.many(hot.put_minute, counted.minutes)


@lru_cache(maxsize=512)
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    """Return the headers as they are stored; cached, as callers send the same ones repeatedly."""
    return storable(_encode(headers))


def _notifications(detail: str | None) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(detail).get("notifications", ())) if detail else ()


def pending_run(sequence: int, clock_number: int, row: RequestRow, run: NewRun) -> PendingRun:
    """Return the waiting run of a call that is being staged."""
    body = row.body
    # By position: names would double what it costs, and each call makes one.
    return PendingRun(
        sequence,
        run.workflow_number,
        clock_number,
        run.due_at,
        0,
        row.received_at,
        body if len(body) <= LARGEST_HELD_BYTES else None,
        run.scripted_failure,
        None,
        None,
        run.run_now,
    )
