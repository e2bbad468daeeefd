"""The journal: every call and every run, stored durably.

Staging is cheap and in memory. ``commit`` writes everything that is staged in one transaction and
returns when it is durable, so callers that commit at the same time share one transaction. Totals
count a call as soon as it is staged.

Locking: ``_committing`` is always taken before ``lock``. ``lock`` guards memory
and is held for microseconds; ``_committing`` is held while the store writes.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Set

from mock_qualtrics.clock import DAY
from mock_qualtrics.errors import (
    RowRefusedError,
    StoreFailedError,
)
from mock_qualtrics.journal.batch import BODY_PLACE, Batch, CountedRows, pending_run
from mock_qualtrics.journal.calls.seen_messages import SeenMessages
from mock_qualtrics.journal.change_feed import ChangeFeed, Subscriber
from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.journal.memory_bound import MemoryBound
from mock_qualtrics.journal.parts.journal_counts import JournalCounts
from mock_qualtrics.journal.parts.journal_minutes import JournalMinutes
from mock_qualtrics.journal.parts.journal_reads import JournalReads
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.journal.queries import JournalQueries
from mock_qualtrics.journal.refused.backlog import Backlog, UnansweredCalls
from mock_qualtrics.journal.refused.set_aside import NOTHING_SET_ASIDE, SetAside, write_apart
from mock_qualtrics.journal.retention import Pruner
from mock_qualtrics.journal.run_queue import REAL_CLOCK, Moment, RunQueue
from mock_qualtrics.model import CallEntry, Microseconds, NewRun, RequestRow
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import UNATTRIBUTED, State, call_of_run, call_sequence, tenant_of

NONE_SET_ASIDE: Set[int] = frozenset()
_PENDING, _SUCCEEDED = State.PENDING, State.SUCCEEDED  # looked up once: each time takes long


class Journal(JournalCounts, JournalMinutes, JournalReads):
    """Write the journal and keep its counters.

    Args:
        store: the database.
        lock: guards staged rows and counters; held for microseconds, never while the store writes.
        reader: reads committed rows.
        settings: the retention, and the bounds of a store in memory.

    Attributes:
        run_queue: the waiting runs.
        backlog: bounds the memory of rows that the store refuses to write.
    """

    def __init__(
        self, store: Store, lock: "threading.RLock", reader: JournalQueries, settings: Settings
    ) -> None:
        JournalCounts.__init__(self, lock)
        JournalMinutes.__init__(self, store)
        self.reader = reader
        self.run_queue = RunQueue(self._fetch)
        self._pruner = Pruner(store)
        self._change_feed = ChangeFeed()
        self._retention = settings.retention_days * DAY
        most = (settings.memory_rows, settings.memory_bytes)
        self._bound = MemoryBound(store, self._pruner, *most) if store.in_memory else None
        self._rows: dict[int, int] = {}
        self._committing = threading.Lock()
        self._unanswered = UnansweredCalls()
        self._set_aside: set[int] = set()
        self.backlog = Backlog()
        self._staged = Batch()
        self._writing = Batch()
        self._clock_numbers: dict[int, int] = {}
        self._seen = SeenMessages(store, reader)

    def open(
        self,
        tenant_number: int,
        counters: TenantCounters | None = None,
        clock_number: int = REAL_CLOCK,
    ) -> TenantCounters:
        """Register a tenant with its stored counters, or with new ones; return them."""
        opened = self._counters[tenant_number] = counters or TenantCounters(tenant_number)
        self._open_minutes.open(tenant_number, counters.now if counters else None)
        self._clock_numbers[tenant_number] = clock_number
        if counters is not None:
            self._written[tenant_number] = counters.to_document()
        # Counters are stored with the first row: without them no run of a clock of its own waits.
        self.run_queue.open(clock_number, is_empty=counters is None and clock_number != REAL_CLOCK)
        return opened

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Block all other threads from staging and committing until the block ends."""
        with self._committing, self.lock:
            yield

    def forget(self, tenant_number: int) -> None:
        """Drop a tenant's counters, staged rows and waiting runs; only inside `quiet`."""
        clock_number = self._clock_numbers.pop(tenant_number)
        del self._counters[tenant_number]
        self._written.pop(tenant_number, None)
        self._rows.pop(tenant_number, None)
        self._staged.forget(tenant_number)
        self._forget_minutes(tenant_number)
        self.run_queue.forget(lambda run: tenant_of(run.sequence) == tenant_number, clock_number)
        self._changed.tell({tenant_number})

    def touch(self, counters: TenantCounters) -> None:
        """Have the next commit write the counters."""
        self._staged.counters[counters.tenant_number] = counters

    def count_seen(self, tenant_number: int, digest: bytes) -> int:
        """Count a digest; return how often it was counted before."""
        return self._seen.count(tenant_number, digest, self._staged, self._writing)

    def stage(self, entry: CallEntry) -> int:
        """Stage a call and the runs that it starts; return the call's number in the journal."""
        with self.lock:
            row = entry.request
            number = UNATTRIBUTED if row.tenant_number is None else row.tenant_number
            counters = self._counters[number]
            minute = self._open_minutes.at(number, row.received_at)  # first: the store may refuse
            minute.count(row)
            counters.calls += 1
            counters.now = max(counters.now, row.received_at)
            sequence = call_sequence(number, counters.calls)
            self._staged.add_request(sequence, row, len(entry.runs))
            self._rows[number] = self._rows.get(number, 0) + 1 + len(entry.runs)
            if row.trigger:
                counters.count(row)
            else:
                counters.count_other(row, starts_run=bool(entry.runs))
            for place, run in enumerate(entry.runs):
                minute.extra_runs += run.extra
                minute.blocked += run.blocked is not None
                self._stage_run(counters, sequence + place, row, run)
            self.touch(counters)
            self._touch_minute(minute)
            self._unanswered.calls.append(sequence)
            return sequence

    def _stage_run(
        self, counters: TenantCounters, sequence: int, row: RequestRow, run: NewRun
    ) -> None:
        pending = pending_run(sequence, self._clock_numbers[counters.tenant_number], row, run)
        self._staged.add_run(pending, run.blocked)
        counters.extra_runs += run.extra
        if run.blocked:
            counters.blocked += 1
            return
        counters.pending += 1
        self._wait_for_turn(pending)

    def _wait_for_turn(self, run: PendingRun) -> None:
        self._staged.waiting.append(run)
        self.run_queue.add(run)

    def _fetch(self, clock_number: int, moment: Moment, limit: int) -> list[PendingRun]:
        """Return a clock's next waiting runs, starting at a moment, including uncommitted ones."""
        by_sequence = {
            run.sequence: run for run in self.reader.pending(clock_number, moment, limit)
        }
        # Oldest batch first, so that the newest state of a run replaces the older ones.
        for batch in (self._writing, self._staged):
            for run in batch.waiting:
                if run.clock_number == clock_number and run.moment >= moment:
                    by_sequence[run.sequence] = run
        return sorted(by_sequence.values(), key=lambda run: run.moment)[:limit]

    def complete(self, run: PendingRun, outcome: Outcome, counters: TenantCounters) -> None:
        """Stage the outcome of an attempt of a run; a run to be retried goes back to the queue.

        Args:
            run: the run as it was taken from the queue.
            outcome: the outcome of the attempt.
            counters: the tenant's counters when the run was taken. When the tenant was reset or
                deleted since, nothing is staged.

        Raises:
            StoreFailedError: the minute's counters could not be read; the run is back in the queue.
        """
        with self.lock:
            if self._counters.get(tenant_of(run.sequence)) is not counters:
                return
            if call_of_run(run.sequence) in self._set_aside:
                return
            if outcome.state is not _PENDING:
                self._count_end(run, outcome, counters)  # first: the store may refuse
            self._staged.change_run(run, outcome)
            if outcome.state is _PENDING:
                self._wait_for_turn(run.again(outcome))
            counters.now = max(counters.now, outcome.finished_at or outcome.started_at or 0)
            self.touch(counters)

    def _count_end(self, run: PendingRun, outcome: Outcome, counters: TenantCounters) -> None:
        finished_at = counters.now if outcome.finished_at is None else outcome.finished_at
        try:
            minute = self._open_minutes.at(counters.tenant_number, finished_at)
        except StoreFailedError:
            self.run_queue.add(run)
            raise
        succeeded = outcome.state is _SUCCEEDED
        minute.count_end(run.received_at, outcome.started_at, finished_at, succeeded=succeeded)
        self._touch_minute(minute)
        counters.pending -= 1
        counters.succeeded += succeeded
        counters.failed += not succeeded

    def put_back(self, run: PendingRun, counters: TenantCounters) -> None:
        """Return a run to the queue that was taken from it and could not be executed.

        Args:
            run: the run as it was taken from the queue.
            counters: the tenant's counters when the run was taken. When the tenant was reset or
                deleted since, nothing is returned.
        """
        with self.lock:
            if self._counters.get(tenant_of(run.sequence)) is counters:
                self.run_queue.add(run)

    def is_open(self, tenant_number: int) -> bool:
        """Return whether there is such a tenant."""
        return tenant_number in self._counters

    @property
    def waits_for_commit(self) -> bool:
        """Whether outcomes are staged, or rows that the store refused before."""
        return self.backlog.waits or bool(self._staged.changes)

    def require_files(self) -> None:
        """Do nothing as long as the store's files are those that were opened.

        Raises:
            StoreFailedError: one was deleted, moved, emptied or replaced; names it.
        """
        self._store.require_files()

    def commit(self) -> None:
        """Make everything durable that is staged, and wake who waits for counts.

        Raises:
            StoreFailedError: the store refused; everything stays staged.
        """
        # A row that is refused because of its data does not keep the others from being written.
        with self._committing:
            with self.lock:
                if not self._staged:
                    return
                batch = self._writing = self._staged
                self._staged = Batch()
                # As of now, under the lock: the counters go on changing while the store writes.
                counted = batch.counted()
            try:
                set_aside = self._write(batch, counted)
            except StoreFailedError:
                self._take_back(batch)
                raise
            self._make_room()
            with self.lock:
                self._writing = Batch()
                self._written.update(set_aside.documents or counted.documents)
                self._forget_set_aside(set_aside, batch)
                self._open_minutes.written(batch.minutes, self._staged.minutes)
                self.backlog.written()
                self._changed.tell(batch.counters)
        if self._change_feed:
            self._change_feed.publish(batch.journal_changes())

    def _write(self, batch: Batch, counted: CountedRows) -> SetAside:
        try:
            with self._store.writing() as transaction:
                batch.write(transaction, self._store.hot, counted)
        except RowRefusedError:
            return write_apart(self._store, batch, counted)
        return NOTHING_SET_ASIDE

    def _forget_set_aside(self, set_aside: SetAside, batch: Batch) -> None:
        """Correct what is in memory of the rows that were set aside; under the lock."""
        changes = [*batch.changes, *self._staged.changes]
        set_aside.correct(self._counters, self._open_minutes, changes)
        set_aside.uncount_messages(self._staged.seen)
        self._set_aside |= set_aside.numbers
        for call in set_aside.calls:
            self._rows[tenant_of(call.number)] -= 1 + len(call.runs)
        if set_aside.numbers:
            for rows in (batch, self._staged):
                rows.drop_calls(set_aside.numbers)
            self.run_queue.forget(lambda run: call_of_run(run.sequence) in set_aside.numbers)

    def answered(self, *, durable: bool) -> Set[int]:
        """Note that this thread's staged calls are answered: as staged if durable, else 503.

        Returns:
            The numbers of the calls that were set aside: they are answered 503 all the same.
        """
        calls = self._unanswered.take()
        if durable:
            return self._set_aside.intersection(calls) if self._set_aside else NONE_SET_ASIDE
        with self.lock:
            self._staged.mark_not_written(calls)
        return NONE_SET_ASIDE

    def last_staged(self) -> int:
        """Return the number of the call that this thread staged last."""
        return self._unanswered.calls[-1]

    def _make_room(self) -> None:
        """Keep a store in memory within its bounds."""
        if self._bound is None:
            return
        for tenant, dropped in self._bound.make_room(self._rows):
            with self.lock:
                self._rows[tenant] = self._rows.get(tenant, 0) - dropped.rows
                if tenant in self._counters:
                    self._counters[tenant].drop(dropped.first, dropped.last)
                    self._changed.tell({tenant})

    def _take_back(self, batch: Batch) -> None:
        """Stage a refused batch again, before everything that was staged meanwhile."""
        with self.lock:
            batch.extend(self._staged)
            self._staged, self._writing = batch, Batch()
            self.backlog.refused(batch)

    def event(self, run_sequence: int) -> bytes | None:
        """Return the event of a run, committed or not; None when its row was deleted."""
        with self.lock:
            call = call_of_run(run_sequence)
            for batch in (self._writing, self._staged):
                for row in batch.requests:
                    if row[0] == call:
                        return bytes(row[BODY_PLACE])
        return self.reader.body(run_sequence)

    def set_clock(self, tenant_number: int, now: Microseconds, skipped: Microseconds = 0) -> None:
        """Stage the instant of a tenant's own clock, and how far it is ahead of real time."""
        with self.lock:
            counters = self.counters(tenant_number)
            counters.now = max(counters.now, now)
            counters.skipped = skipped
            self.touch(counters)

    def prune(self, tenant_number: int, now: Microseconds) -> None:
        """Delete the rows that are past retention at an instant of the tenant's clock (Q-RUN-3)."""
        cutoff = now - self._retention
        calls = self.counters(tenant_number).calls
        rows = self._pruner.retire(tenant_number, cutoff, calls)
        with self.lock:
            self._hours.forget(tenant_number)  # after: what was read meanwhile is not kept
            self._rows[tenant_number] = self._rows.get(tenant_number, 0) - rows

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call a subscriber with every durable change; return a function that ends it (Q-WF-5)."""
        return self._change_feed.subscribe(subscriber)
