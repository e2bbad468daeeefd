"""Write a batch without the rows that the store refuses because of their data.

Such a row would be refused again at every commit, and no other row would ever be written. So it is
set aside alone: the log names it, the totals count it, and its caller is not told that it is
stored. An outcome that is refused is written without its details first.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mock_qualtrics.journal import duplicates
from mock_qualtrics.journal.batch import BODY_PLACE, Batch, CountedRows
from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.journal.minutes.corrections import MinutesByKey, uncount
from mock_qualtrics.journal.minutes.minute import Minute
from mock_qualtrics.storable import storable
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.row_refusals import write_all_but_refused
from mock_qualtrics.store.schema import State, call_of_run, requests, tenant_of
from mock_qualtrics.store.statements import CHANGED_RUN
from mock_qualtrics.store.writer import Transaction

_log = logging.getLogger(__name__)
_columns = list(requests.c.keys())
_ID, _TRACE, _ACCEPTED, _DUPLICATE = map(
    _columns.index, ("request_id", "trace_id", "accepted", "duplicate")
)
_STATE, _ERROR, _DETAIL = map(CHANGED_RUN.index, ("state", "error", "detail"))
_RUN_STATE = 2  # the place of a new run's state in its row

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SetAsideCall:
    """A call whose row, or the row of one of its runs, the store refused.

    Attributes:
        row: the call's row.
        runs: the rows of the runs that it started.
        reason: the database's words.
    """

    row: Row
    runs: Sequence[Row]
    reason: str

    @property
    def number(self) -> int:
        """The call's number in the journal."""
        return int(self.row[0])

    def uncount(self, counters: TenantCounters, outcomes: Mapping[int, int]) -> None:
        """Count the call as refused instead of accepted, and its runs no more.

        Args:
            counters: the tenant's.
            outcomes: the state that each executed run was counted in, by its number.
        """
        counters.not_stored += 1
        states = [_counted_state(run, outcomes) for run in self.runs]
        if not self.row[_ACCEPTED]:
            counters.take_back_run_now(states)  # a refused call has no runs
            return
        counters.take_back(states, duplicate=self.row[_DUPLICATE])

    def message(self) -> tuple[int, bytes] | None:
        """Return the key by which the call was counted as a message; None when it was not."""
        if not self.row[_ACCEPTED]:
            return None
        key = duplicates.message_key(self.row[_TRACE], self.row[BODY_PLACE])
        return tenant_of(self.number), key


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was not written of one batch.

    Attributes:
        calls: the calls, with their runs.
        outcomes: the numbers of the runs whose outcome was written without details, or not at all.
        documents: the counters' rows that were written instead of those of the whole batch.
    """

    calls: Sequence[SetAsideCall] = ()
    outcomes: Sequence[int] = ()
    numbers: frozenset[int] = field(default_factory=frozenset)
    documents: Sequence[tuple[int, str]] = ()

    def correct(
        self,
        counters_by_tenant: Mapping[int, TenantCounters],
        minutes: MinutesByKey,
        changes: Sequence[Row],
    ) -> None:
        """Correct the counters of the tenants concerned.

        Args:
            counters_by_tenant: the counters, by tenant number.
            minutes: the counters by the minute.
            changes: all outcomes that these counters count.
        """
        outcomes = {change[-1]: change[_STATE] for change in changes}
        for call in self.calls:
            if counters := counters_by_tenant.get(tenant_of(call.number)):
                call.uncount(counters, outcomes)
                uncount(minutes, call.row, call.runs, changes)
        for run in self.outcomes:
            if counters := counters_by_tenant.get(tenant_of(run)):
                counters.not_stored += 1

    def uncount_messages(self, seen: dict[tuple[int, bytes], int]) -> None:
        """Lower the counts of the calls' messages, where ``seen`` has them."""
        for message in (call.message() for call in self.calls):
            if message in seen:
                seen[message] -= 1


NOTHING_SET_ASIDE = SetAside()


def write_apart(store: Store, batch: Batch, counted: CountedRows) -> SetAside:
    """Write a batch in one transaction, without the rows that the store refuses.

    Args:
        store: the database, which refused the batch as a whole.
        batch: the rows; it is not changed.
        counted: the counters as of the moment when the batch was closed.

    Returns:
        What was not written.

    Raises:
        StoreFailedError: the database refused for another reason; nothing was written.
    """
    with store.writing() as transaction:
        calls = _write_calls(transaction, store, batch)
        numbers = frozenset(call.number for call in calls)
        transaction.many(store.hot.correct_status, batch.corrections)
        outcomes = _write_outcomes(transaction, store, batch, numbers)
        set_aside = SetAside(calls, outcomes, numbers)
        seen = dict(batch.seen)
        set_aside.uncount_messages(seen)
        transaction.many(store.hot.put_seen, [(*key, count) for key, count in seen.items()])
        corrected = _corrected(set_aside, counted, batch.changes)
        transaction.many(store.hot.put_counters, corrected.documents)
        transaction.many(store.hot.put_minute, corrected.minutes)
    return replace(set_aside, documents=corrected.documents)


def _write_calls(transaction: Transaction, store: Store, batch: Batch) -> list[SetAsideCall]:
    runs: dict[int, list[Row]] = {}
    for run in batch.runs:
        runs.setdefault(call_of_run(run[0]), []).append(run)

    def write(calls: Sequence[Row]) -> None:
        transaction.many(store.hot.add_request, calls)
        transaction.many(
            store.hot.add_run, [run for call in calls for run in runs.get(call[0], ())]
        )

    refused = write_all_but_refused(transaction, batch.requests, write)
    rows = [(batch.requests[place], reason) for place, reason in refused]
    calls = [SetAsideCall(row, runs.get(row[0], ()), reason) for row, reason in rows]
    for call in calls:
        where = f"tenant-{tenant_of(call.number)}" if tenant_of(call.number) else "no tenant"
        words = "call %s of %s is set aside: the store refused its row because of its data: %s"
        _log.error(words, call.row[_ID], where, call.reason)
    return calls


def _write_outcomes(
    transaction: Transaction, store: Store, batch: Batch, without: frozenset[int]
) -> list[int]:
    changes = [change for change in batch.changes if call_of_run(change[-1]) not in without]

    def write(rows: Sequence[Row]) -> None:
        transaction.many(store.hot.change_run, rows)

    refused = write_all_but_refused(transaction, changes, write)
    last_places = {change[-1]: place for place, change in enumerate(changes)}
    # A later outcome of the same run is written already, and must not be replaced by this one.
    last = [one for one in refused if last_places[changes[one.place][-1]] == one.place]
    bare = [_without_details(changes[place], reason) for place, reason in last]
    never = {place for place, _ in write_all_but_refused(transaction, bare, write)}
    for place, (change, one) in enumerate(zip(bare, last, strict=True)):
        what = "is not stored" if place in never else "is stored without its details"
        words = "the outcome of run %d of tenant-%d %s, which the store refused: %s"
        _log.error(words, change[-1], tenant_of(change[-1]), what, one.reason)
    return [changes[one.place][-1] for one in refused]


def _without_details(change: Row, reason: str) -> Row:
    note = storable(f"the store refused the outcome's details: {reason}")
    bare = list(change)
    bare[_ERROR] = note if change[_STATE] in (State.FAILED, State.NOT_STARTED) else None
    # A run that is tried again reads its details: without any it begins anew.
    ended = change[_STATE] != State.PENDING
    bare[_DETAIL] = json.dumps({"notes": [note]}) if ended else None
    return tuple(bare)


def _corrected(set_aside: SetAside, counted: CountedRows, changes: Sequence[Row]) -> CountedRows:
    read = {number: TenantCounters.from_document(text) for number, text in counted.documents}
    minutes = {row[:2]: Minute.from_row(row) for row in counted.minutes}
    set_aside.correct(read, minutes, changes)
    return CountedRows(
        [(number, counters.to_document()) for number, counters in read.items()],
        [minute.to_row() for minute in minutes.values()],
    )


def _counted_state(run: Row, outcomes: Mapping[int, int]) -> State | None:
    """Return the state that a run is counted in; None for one that was blocked (Q-LIM-4)."""
    return None if run[_RUN_STATE] else State(outcomes.get(run[0], State.PENDING))
