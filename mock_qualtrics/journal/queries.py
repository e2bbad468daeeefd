"""Read the journal: pages by keyset, single runs, and waiting runs for the queue.

A page costs the same wherever it is and however long the journal is: every query reads a range of
an index, newest first (the tests check the query plans). Nothing is written.
"""

import heapq
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, and_, literal_column, select, tuple_

from mock_qualtrics import ids
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal.calls.call_queries import (
    CallQueries,
    calls_traced,
    search_range,
)
from mock_qualtrics.journal.calls.run_counts import run_counts
from mock_qualtrics.journal.calls.run_documents import run_document
from mock_qualtrics.journal.calls.run_rows import RunRow, newest_runs, run_rows
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.journal.page_cursors import Page, PageCursors
from mock_qualtrics.journal.pending_run import PendingRun
from mock_qualtrics.journal.run_queue import Moment
from mock_qualtrics.journal.search.run_search import RunSearch
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    RUNS_PER_CALL,
    State,
    call_of_run,
    first_sequence,
    requests,
    runs,
    seen,
)
from mock_qualtrics.store.statements import Prepared, prepare


class JournalQueries:
    """Read pages and rows.

    Args:
        store: the database.
        cursors: makes and reads the cursors of pages.
        key: the seed's key, from which the ids of runs derive.
        workflow_ids: the workflows whose runs can be read.

    Attributes:
        calls: reads pages of calls and single calls.
        search: finds runs of a tenant, by filter and text.
    """

    def __init__(
        self, store: Store, cursors: PageCursors, key: bytes, workflow_ids: WorkflowIds
    ) -> None:
        self._store = store
        self._cursors = cursors
        self._key = key
        self._workflow_ids = workflow_ids
        self.calls = CallQueries(store, cursors, key, workflow_ids)
        self.search = RunSearch(store, cursors, key, workflow_ids)
        # Compiled once: tests ask for their runs all the time.
        self._newest_runs = _prepared(store.dialect_name, is_first=True)
        self._older_runs = _prepared(store.dialect_name, is_first=False)

    def runs_page(
        self, workflow_id: str, wanted: Sequence[State], limit: int, cursor: str | None
    ) -> Page:
        """Return a page of a workflow's runs in the wanted states, newest received first.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor does not belong to this list.
        """
        number = self._workflow_number(workflow_id)
        listing = f"runs {number} {','.join(str(state.value) for state in wanted)}"
        before = self._cursors.read(listing, cursor)
        queries = self._newest_runs if before is None else self._older_runs
        given = {"workflow": number, "before": before, "most": limit + 1}
        # One query per state, because only that reads a single range of the index `runs_by_state`.
        with self._store.rows([queries[state] for state in wanted], given) as parts:
            # Merged row by row: of each state no more is read than the page needs.
            newest_first = heapq.merge(*parts, key=itemgetter(0), reverse=True)
            rows = list(map(RunRow._make, islice(newest_first, limit + 1)))
        items = tuple(self._document(row, workflow_id) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, self._cursors.make(listing, rows[limit - 1].seq) if more else None)

    def traced_runs_page(
        self,
        workflow_id: str,
        trace_id: str,
        wanted: Sequence[State],
        limit: int,
        cursor: str | None,
    ) -> Page:
        """Return a page of a workflow's runs whose calls had a trace id, newest received first.

        It may be empty and still have a cursor, with which the search goes on.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor does not belong to this list.
        """
        number = self._workflow_number(workflow_id)
        states_text = ",".join(str(state.value) for state in wanted)
        listing = f"runs {number} {states_text} traced {trace_id}"
        before = self._cursors.read(listing, cursor)
        tenant_number = self._workflow_ids.tenant_of(number)
        with self._store.connection() as connection:
            start, last, has_older = search_range(connection, tenant_number, before)
            end = last + RUNS_PER_CALL if before is None else before
            traced = calls_traced(tenant_number, start, last, trace_id).limit(limit + 1)
            calls = [row.seq for row in connection.execute(traced)]
            of_calls = [call + place for call in calls[:limit] for place in range(RUNS_PER_CALL)]
            query = run_rows(of_calls).where(
                runs.c.workflow_number == number,
                runs.c.state.in_([state.value for state in wanted]),
                runs.c.seq < end,
            )
            rows = connection.execute(query).all()
        rest: int | None = start if has_older else None
        for found in (calls, [row.seq for row in rows]):
            if len(found) > limit:
                rest = found[limit - 1]
        following = None if rest is None else self._cursors.make(listing, rest)
        return Page(tuple(self._document(row, workflow_id) for row in rows[:limit]), following)

    def run_counts(self, workflow_id: str, most: int) -> dict[State, int]:
        """Return how many runs a workflow has in each state; ``most`` stands for that or more.

        Raises:
            NotFoundError: there is no such workflow.
        """
        given = {"workflow": self._workflow_number(workflow_id), "most": most}
        with self._store.rows([_prepared_counts(self._store.dialect_name)], given) as (rows,):
            return dict(zip(State, next(rows), strict=True))

    def run(self, run_id: str) -> dict[str, Any]:
        """Return one run.

        Raises:
            NotFoundError: the journal has no such run, or its workflow was deleted.
        """
        sequence = ids.run_sequence(run_id)
        if sequence is not None and ids.run_id(self._key, sequence) == run_id:
            with self._store.connection() as connection:
                row = connection.execute(run_rows([sequence])).first()
            if row is not None:
                workflow_id = self._workflow_ids.id_of(row.workflow_number)
                if workflow_id is not None:
                    return self._document(row, workflow_id)
        raise NotFoundError("run", run_id)

    def _workflow_number(self, workflow_id: str) -> int:
        number = self._workflow_ids.number_of(workflow_id)
        if number is None:
            raise NotFoundError("workflow", workflow_id)
        return number

    def pending(self, clock_number: int, moment: Moment, limit: int) -> list[PendingRun]:
        """Return a clock's next waiting runs, starting at a moment."""
        with self._store.connection() as connection:
            rows = connection.execute(pending_rows(clock_number, moment, limit)).all()
        return [_pending(row) for row in rows]

    def admitted_since(
        self, tenant_number: int, since: Microseconds, *, refused_at: Collection[str] = ()
    ) -> list[Microseconds]:
        """Return when a tenant's calls after an instant were admitted, oldest first.

        Refused calls at the paths ``refused_at`` are included.
        """
        instants: list[Microseconds] = []
        with self._store.connection() as connection:
            for row in connection.execute(latest_rows(tenant_number)):
                if row.received_at <= since:
                    break
                if row.accepted or row.path in refused_at:
                    instants.append(row.received_at)
        return instants[::-1]

    def latest_due(self, workflow_number: int, count: int) -> list[Microseconds]:
        """Return when the latest waiting runs of a workflow are due: until then workers are busy.

        Runs that wait for a retry (priority 1) occupy no worker.
        """
        waiting = and_(runs.c.state == State.PENDING.value, runs.c.priority == 0)
        query = (
            select(runs.c.due_at)
            .where(runs.c.workflow_number == workflow_number, waiting)
            .order_by(runs.c.due_at.desc())
            .limit(count)
        )
        with self._store.connection() as connection:
            return [row.due_at for row in connection.execute(query)]

    def last_due(self, tenant_number: int, clock_number: int) -> Microseconds | None:
        """Return when the last of a tenant's waiting runs is due; None when none waits."""
        first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
        query = (
            select(runs.c.due_at)
            .where(runs.c.lane == clock_number, runs.c.state == literal_column("0"))
            .where(runs.c.seq >= first, runs.c.seq < end)
            .order_by(runs.c.due_at.desc())
            .limit(1)
        )
        with self._store.connection() as connection:
            return connection.execute(query).scalar()

    def seen_digests(self, limit: int) -> list[bytes]:
        """Return up to ``limit`` of the digests that were counted, of all tenants."""
        with self._store.connection() as connection:
            return [row.digest for row in connection.execute(select(seen.c.digest).limit(limit))]

    def body(self, run_sequence: int) -> bytes | None:
        """Return the body of the call that started a run; None when the row was deleted."""
        query = select(requests.c.body).where(requests.c.seq == call_of_run(run_sequence))
        with self._store.connection() as connection:
            return connection.execute(query).scalar()

    def _document(self, row: Row[Any] | RunRow, workflow_id: str) -> dict[str, Any]:
        is_virtual = self._workflow_ids.is_virtual(row.workflow_number)
        return run_document(self._key, row, workflow_id, is_virtual=is_virtual)


@lru_cache
def _prepared(dialect_name: str, *, is_first: bool) -> Mapping[State, Prepared]:
    return {state: prepare(newest_runs(state, is_first=is_first), dialect_name) for state in State}


@lru_cache
def _prepared_counts(dialect_name: str) -> Prepared:
    return prepare(run_counts(), dialect_name)


def latest_rows(tenant_number: int) -> Select[Any]:
    """Return the query for when a tenant's calls were received, newest first."""
    first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
    return (
        select(requests.c.received_at, requests.c.accepted, requests.c.path)
        .where(requests.c.seq >= first, requests.c.seq < end)
        .order_by(requests.c.seq.desc())
    )


def pending_rows(clock_number: int, moment: Moment, limit: int) -> Select[Any]:
    """Return the query for a clock's next waiting runs."""
    due = (runs.c.due_at, runs.c.priority, runs.c.seq)
    return (
        select(runs)
        .where(runs.c.lane == clock_number, runs.c.state == State.PENDING.value)
        .where(tuple_(*due) >= tuple_(*moment))
        .order_by(*due)
        .limit(limit)
    )


def _pending(row: Row[Any]) -> PendingRun:
    return PendingRun(
        sequence=row.seq,
        workflow_number=row.workflow_number,
        clock_number=row.lane,
        due_at=row.due_at,
        priority=row.priority,
        received_at=row.received_at,
        scripted_failure=row.scripted_failure,
        started_at=row.started_at,
        progress=row.detail,
        run_now=bool(row.run_now),
    )
