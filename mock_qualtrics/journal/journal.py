"""The journal: every call and every run, durably, in one place; what everything else reads.

Staging is cheap and in memory; ``commit`` writes all that is staged in one transaction and returns
when it is on disk, so that callers who commit at the same time share one. Totals count at once.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mock_qualtrics.clock import DAY, format_instant
from mock_qualtrics.errors import IncompleteJournalError, StoreFailedError
from mock_qualtrics.journal.backlog import Overflow
from mock_qualtrics.journal.batch import BODY_PLACE, Batch, pending_run
from mock_qualtrics.journal.bloom_filter import Sieve
from mock_qualtrics.journal.change_feed import Newsroom, Subscriber
from mock_qualtrics.journal.counters import Ledger, Ledgers
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.journal.queries import Page, Reader, View, states
from mock_qualtrics.journal.retention import Pruner
from mock_qualtrics.journal.run_queue import REAL_LANE, Agenda, Moment
from mock_qualtrics.journal.untold import Untold
from mock_qualtrics.model import CallEntry, Microseconds, NewRun, RequestRow, RunStatus
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import UNATTRIBUTED, State, call_of_run, call_sequence, tenant_of

MOST_LOADED_DIGESTS = 50_000


class Journal:
    """Writes the journal and keeps its counts.

    Args:
        store: where the rows go.
        lock: guards what is staged and every count; held for microseconds, never while writing.
        reader: reads what was committed.

    Attributes:
        agenda: what execution takes runs from.
        overflow: bounds what waits for a store that refuses.
    """

    def __init__(
        self, store: Store, lock: "threading.RLock", reader: Reader, settings: Settings
    ) -> None:
        self.lock = lock
        self.reader = reader
        self.agenda = Agenda(self._fetch)
        self._store = store
        self._pruner = Pruner(store)
        self._sieve = Sieve()
        self._newsroom = Newsroom()
        self._retention = settings.retention_days * DAY
        self._most_rows = settings.memory_rows if store.in_memory else None
        self._rows: dict[int, int] = {}
        self._changed = threading.Condition(lock)
        self._committing = threading.Lock()
        self._untold = Untold()
        self.overflow = Overflow()
        self._staged = Batch()
        self._writing = Batch()
        self._ledgers = Ledgers({UNATTRIBUTED: Ledger(UNATTRIBUTED)})
        self._lanes: dict[int, int] = {}
        self._load_sieve()

    def _load_sieve(self) -> None:
        """Put what the store holds into the sieve, or have the store asked when that is much."""
        digests = self.reader.seen_digests(MOST_LOADED_DIGESTS + 1)
        if len(digests) > MOST_LOADED_DIGESTS:
            self._sieve.fill()
        for digest in digests:
            self._sieve.add(digest)

    def open(
        self, tenant_number: int, ledger: Ledger | None = None, lane: int = REAL_LANE
    ) -> Ledger:
        """Begin to keep a tenant's counts, anew or from what was stored."""
        kept = self._ledgers[tenant_number] = ledger or Ledger(tenant_number)
        self._lanes[tenant_number] = lane
        self.agenda.open(lane)
        return kept

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Hold the journal still: nothing is staged or written by anyone else meanwhile."""
        with self._committing, self.lock:
            yield

    def forget(self, tenant_number: int) -> None:
        """Forget a tenant's counts and all that is staged for it; only while `quiet`."""
        del self._ledgers[tenant_number], self._lanes[tenant_number]
        self._rows.pop(tenant_number, None)
        self._staged.forget(tenant_number)
        self.agenda.forget(lambda run: tenant_of(run.sequence) == tenant_number)
        self._changed.notify_all()

    def ledger(self, tenant_number: int) -> Ledger:
        """Return a tenant's counts; to be read and changed under the lock."""
        return self._ledgers[tenant_number]

    def touch(self, ledger: Ledger) -> None:
        """Have the next commit write the ledger."""
        self._staged.ledgers[ledger.tenant_number] = ledger

    def next_call(self, tenant_number: int) -> int:
        """Return the number, from 1, that the tenant's next staged call gets."""
        return self._ledgers[tenant_number].calls + 1

    def seen(self, tenant_number: int, digest: bytes) -> int:
        """Return how often that digest was counted for the tenant, staged times included."""
        if not self._sieve.holds(digest):
            return 0
        key = (tenant_number, digest)
        for batch in (self._staged, self._writing):
            if key in batch.seen:
                return batch.seen[key]
        return self._store.get(self._store.hot.get_seen, key) or 0

    def count_seen(self, tenant_number: int, digest: bytes) -> int:
        """Count the digest once more; return how often it was counted before."""
        before = self.seen(tenant_number, digest) if self._sieve.add(digest) else 0
        self._staged.seen[tenant_number, digest] = before + 1
        return before

    def stage(self, entry: CallEntry) -> int:
        """Stage one call and the runs that it starts; return the call's number in the journal."""
        with self.lock:
            row = entry.request
            number = UNATTRIBUTED if row.tenant_number is None else row.tenant_number
            ledger = self._ledgers[number]
            ledger.calls += 1
            ledger.now = max(ledger.now, row.received_at)
            sequence = call_sequence(number, ledger.calls)
            self._staged.add_request(sequence, row, len(entry.runs))
            self._rows[number] = self._rows.get(number, 0) + 1 + len(entry.runs)
            if row.trigger:
                ledger.count(row)
            for place, run in enumerate(entry.runs):
                self._stage_run(ledger, sequence + place, row, run)
            self.touch(ledger)
            self._untold.calls.append(sequence)
            return sequence

    def _stage_run(self, ledger: Ledger, sequence: int, row: RequestRow, run: NewRun) -> None:
        pending = pending_run(sequence, self._lanes[ledger.tenant_number], row, run)
        self._staged.add_run(pending, run.blocked)
        ledger.extra_runs += run.extra
        if run.blocked:
            ledger.blocked += 1
            return
        ledger.pending += 1
        self._wait_for_turn(pending)

    def _wait_for_turn(self, run: PendingRun) -> None:
        self._staged.waiting.append(run)
        self.agenda.add(run)

    def _fetch(self, lane: int, moment: Moment, limit: int) -> list[PendingRun]:
        """Return a lane's next waiting runs from a moment on, uncommitted ones too."""
        found = {run.sequence: run for run in self.reader.pending(lane, moment, limit)}
        for batch in (self._writing, self._staged):
            for run in batch.waiting:
                if run.lane == lane and run.moment >= moment:
                    found[run.sequence] = run
        return sorted(found.values(), key=lambda run: run.moment)[:limit]

    def complete(self, run: PendingRun, outcome: Outcome, ledger: Ledger) -> None:
        """Stage how a try of a run went; a run to be tried again goes back to the agenda.

        The ledger is the tenant's when the run was taken; when the tenant has been reset or
        deleted since, nothing happens.
        """
        with self.lock:
            if self._ledgers.get(tenant_of(run.sequence)) is not ledger:
                return
            self._staged.change_run(run, outcome)
            if outcome.state is State.PENDING:
                self._wait_for_turn(run.again(outcome))
            else:
                ledger.pending -= 1
                ledger.succeeded += outcome.state is State.SUCCEEDED
                ledger.failed += outcome.state is not State.SUCCEEDED
            ledger.now = max(ledger.now, outcome.finished_at or outcome.started_at or 0)
            self.touch(ledger)

    def commit(self) -> None:
        """Make everything that was staged before durable; wake who waits for it.

        Raises:
            StoreFailedError: the store refused; all of it stays staged.
        """
        with self._committing:
            with self.lock:
                if not self._staged:
                    return
                batch = self._writing = self._staged
                self._staged = Batch()
                documents = batch.documents()
            try:
                with self._store.writing() as transaction:
                    batch.write(transaction, self._store.hot, documents)
            except StoreFailedError:
                self._take_back(batch)
                raise
            self._make_room()
            with self.lock:
                self._writing = Batch()
                self.overflow.written()
                self._changed.notify_all()
        if self._newsroom:
            self._newsroom.tell(batch.news())

    def answered(self, *, durable: bool) -> None:
        """Note that the callers of what this thread staged get their answer, or are told 503."""
        calls = self._untold.take()
        if not durable:
            with self.lock:
                self._staged.tell_not_written(calls)

    def _make_room(self) -> None:
        """Keep a bounded store within its bound: the tenant with the most rows loses its oldest."""
        while self._most_rows is not None and sum(self._rows.values()) > self._most_rows:
            largest = max(self._rows, key=self._rows.__getitem__)
            dropped = self._pruner.drop_oldest(largest, self._most_rows // 16 + 1)
            if dropped is None:
                return
            with self.lock:
                self._rows[largest] = self._rows.get(largest, 0) - dropped.rows
                if largest in self._ledgers:
                    self._ledgers[largest].drop(dropped.first, dropped.last)

    def _take_back(self, batch: Batch) -> None:
        with self.lock:
            batch.extend(self._staged)
            self._staged, self._writing = batch, Batch()
            self.overflow.refused(batch)

    def event(self, run_sequence: int) -> bytes | None:
        """Return the body that started a run, committed or not; None when it was dropped."""
        with self.lock:
            call = call_of_run(run_sequence)
            for batch in (self._writing, self._staged):
                for row in batch.requests:
                    if row[0] == call:
                        return bytes(row[BODY_PLACE])
        return self.reader.body(run_sequence)

    def set_clock(self, tenant_number: int, now: Microseconds) -> None:
        """Stage where a tenant's virtual clock stands."""
        with self.lock:
            ledger = self.ledger(tenant_number)
            ledger.now = max(ledger.now, now)
            self.touch(ledger)

    def prune(self, tenant_number: int, now: Microseconds) -> None:
        """Take out what is past retention at an instant of the tenant's clock (Q-RUN-3)."""
        cutoff = now - self._retention
        calls = self.ledger(tenant_number).calls
        rows = self._pruner.retire(tenant_number, cutoff, calls)
        with self.lock:
            self._rows[tenant_number] = self._rows.get(tenant_number, 0) - rows

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Have someone told what becomes durable; return what ends that (Q-WF-5)."""
        return self._newsroom.subscribe(subscriber)

    def totals(self, tenant_number: int) -> dict[str, Any]:
        """Return a tenant's totals as the control API shows them; the rows they count are on disk.

        Raises:
            StoreFailedError: the store refused.
        """
        self.commit()
        with self.lock:
            return self.ledger(tenant_number).totals()

    def wait(
        self, tenant_number: int, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        """Return the totals once each wanted count is reached, None when not in time.

        What is counted is committed first: who was told of a run finds it in Run history.

        Raises:
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            StoreFailedError: the store refused.
        """
        with self.lock:
            self._changed.wait_for(lambda: self._settled(tenant_number, wanted), timeout_seconds)
        self.commit()
        with self.lock:
            self._vouch(tenant_number)
            reached = self._reached(tenant_number, wanted)
            return self.ledger(tenant_number).totals() if reached else None

    def runs_page(
        self,
        workflow_id: str,
        view: View | None = None,
        status: RunStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """Return a workflow's runs, newest received first.

        The view is one of Run history's two (Q-RUN-2); without it come all runs, waiting ones
        too. The cursor is ``next`` of the page before.

        Raises:
            BadCursorError: the cursor does not belong to this list.
        """
        return self.reader.runs_page(workflow_id, states(view, status), limit, cursor)

    def run(self, run_id: str) -> dict[str, Any]:
        """Return one run.

        Raises:
            NotFoundError: the journal does not hold it.
        """
        return self.reader.run(run_id)

    def requests_page(
        self, tenant_number: int | None, limit: int = 50, cursor: str | None = None
    ) -> Page:
        """Return a tenant's calls, or with None those that name no tenant, newest first.

        Raises:
            BadCursorError: the cursor does not belong to this list.
        """
        number = UNATTRIBUTED if tenant_number is None else tenant_number
        return self.reader.requests_page(number, limit, cursor)

    def _settled(self, tenant_number: int, wanted: Mapping[str, int]) -> bool:
        ledger = self._ledgers.get(tenant_number)
        return ledger is None or not ledger.complete or self._reached(tenant_number, wanted)

    def _reached(self, tenant_number: int, wanted: Mapping[str, int]) -> bool:
        ledger = self._ledgers.get(tenant_number)
        if ledger is None:
            return False
        totals = ledger.totals()
        return all(totals[name] >= count for name, count in wanted.items())

    def _vouch(self, tenant_number: int) -> None:
        ledger = self._ledgers.get(tenant_number)
        if ledger and ledger.dropped_from is not None and ledger.dropped_to is not None:
            first, last = format_instant(ledger.dropped_from), format_instant(ledger.dropped_to)
            raise IncompleteJournalError(str(tenant_number), first, last)
