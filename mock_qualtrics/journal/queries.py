"""Read the journal: pages by keyset, single runs, and waiting runs for the queue.

A page costs the same wherever it is and however long the journal is: every query reads a range of
an index, newest first (the tests check the query plans). Nothing is written.
"""

import heapq
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, select, tuple_

from mock_qualtrics import ids
from mock_qualtrics.clock import format_instant
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal.calls.call_queries import (
    CallQueries,
    calls_traced,
    search_range,
)
from mock_qualtrics.journal.calls.run_rows import RunRow, newest_runs, run_rows
from mock_qualtrics.journal.page_cursors import Page, PageCursors
from mock_qualtrics.journal.pending_run import PendingRun
from mock_qualtrics.journal.run_queue import Moment
from mock_qualtrics.model import Microseconds, RunStatus
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    RUNS_PER_CALL,
    UNATTRIBUTED,
    State,
    call_of_run,
    first_sequence,
    requests,
    runs,
    seen,
)
from mock_qualtrics.store.statements import Prepared, prepare

View = Literal["started", "failed-to-start"]

STARTED_BY_HAND = (
    "started by Run now: no credential was asked for and conditions counted as met, so a real call "
    "might not succeed (Q-WF-7)"
)
MUST_BE_ADVANCED = "the clock is virtual: the run stays pending until the clock is advanced"
_VIEWS: Mapping[str | None, frozenset[State]] = {
    None: frozenset(State),
    "started": frozenset({State.SUCCEEDED, State.FAILED}),
    "failed-to-start": frozenset({State.NOT_STARTED}),
}
_STATUSES: Mapping[str | None, frozenset[State]] = {
    None: frozenset(State),
    RunStatus.PENDING: frozenset({State.PENDING}),
    RunStatus.SUCCEEDED: frozenset({State.SUCCEEDED}),
    RunStatus.FAILED: frozenset({State.FAILED, State.NOT_STARTED}),
}
_STATUS_OF = {
    State.PENDING: RunStatus.PENDING,
    State.SUCCEEDED: RunStatus.SUCCEEDED,
    State.FAILED: RunStatus.FAILED,
    State.NOT_STARTED: RunStatus.FAILED,
}


def states(view: View | None, status: RunStatus | None) -> tuple[State, ...]:
    """Return the states that both a view (Q-RUN-2) and a status include."""
    return tuple(sorted(_VIEWS[view] & _STATUSES[status]))


class WorkflowIds:
    """The workflows whose runs can be read, by id and by number; maintained by the registry."""

    def __init__(self) -> None:
        self._by_number: dict[int, str] = {}
        self._by_id: dict[str, int] = {}
        self._tenants: dict[int, int] = {}
        self._virtual: set[int] = set()

    def add(
        self, number: int, workflow_id: str, tenant_number: int, *, virtual: bool = False
    ) -> None:
        """Make a workflow's runs readable; ``virtual`` is whether only `advance` moves its time."""
        self._by_number[number] = workflow_id
        self._by_id[workflow_id] = number
        self._tenants[number] = tenant_number
        if virtual:
            self._virtual.add(number)

    def remove(self, number: int) -> None:
        """Make the runs of a deleted workflow unreadable."""
        del self._by_id[self._by_number.pop(number)], self._tenants[number]
        self._virtual.discard(number)

    def is_virtual(self, number: int) -> bool:
        """Return whether the workflow's runs wait until a virtual clock is advanced."""
        return number in self._virtual

    def id_of(self, number: int) -> str | None:
        """Return the id of the workflow with this number, or None."""
        return self._by_number.get(number)

    def tenant_of(self, number: int) -> int:
        """Return the number of the tenant of a workflow that can be read."""
        return self._tenants.get(number, UNATTRIBUTED)

    def number_of(self, workflow_id: str) -> int | None:
        """Return the number of the workflow with this id, or None."""
        return self._by_id.get(workflow_id)


class JournalQueries:
    """Read pages and rows.

    Args:
        store: the database.
        cursors: makes and reads the cursors of pages.
        key: the seed's key, from which the ids of runs derive.
        workflow_ids: the workflows whose runs can be read.

    Attributes:
        calls: reads pages of calls and single calls.
    """

    def __init__(
        self, store: Store, cursors: PageCursors, key: bytes, workflow_ids: WorkflowIds
    ) -> None:
        self._store = store
        self._cursors = cursors
        self._key = key
        self._workflow_ids = workflow_ids
        self.calls = CallQueries(store, cursors, key)
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
        items = tuple(self._run(row, workflow_id) for row in rows[:limit])
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
        return Page(tuple(self._run(row, workflow_id) for row in rows[:limit]), following)

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
                    return self._run(row, workflow_id)
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
        self, tenant_number: int, since: Microseconds, *, refused_too: bool = False
    ) -> list[Microseconds]:
        """Return when a tenant's calls after an instant were admitted, oldest first.

        ``refused_too`` includes refused calls.
        """
        instants: list[Microseconds] = []
        with self._store.connection() as connection:
            for row in connection.execute(latest_rows(tenant_number)):
                if row.received_at <= since:
                    break
                if row.accepted or refused_too:
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

    def seen_digests(self, limit: int) -> list[bytes]:
        """Return up to ``limit`` of the digests that were counted, of all tenants."""
        with self._store.connection() as connection:
            return [row.digest for row in connection.execute(select(seen.c.digest).limit(limit))]

    def body(self, run_sequence: int) -> bytes | None:
        """Return the body of the call that started a run; None when the row was deleted."""
        query = select(requests.c.body).where(requests.c.seq == call_of_run(run_sequence))
        with self._store.connection() as connection:
            return connection.execute(query).scalar()

    def _run(self, row: Row[Any] | RunRow, workflow_id: str) -> dict[str, Any]:
        detail = json.loads(row.detail) if row.detail else {}
        notes = [*([row.note] if row.note else []), *detail.get("notes", [])]
        is_pending = row.state == State.PENDING
        hints = [STARTED_BY_HAND] * bool(row.run_now) + detail.get("hints", [])
        if is_pending and self._workflow_ids.is_virtual(row.workflow_number):
            hints.append(MUST_BE_ADVANCED)
        return {
            "id": ids.run_id(self._key, row.seq),
            "workflowId": workflow_id,
            "receivedOn": format_instant(row.received_at),
            "dueOn": _instant(row.due_at) if is_pending else None,
            "startedOn": _instant(row.started_at),
            "finishedOn": _instant(row.finished_at),
            "status": _STATUS_OF[State(row.state)].value,
            "requestId": row.request_id,
            "traceId": row.trace_id,
            "event": RawJson(row.body.decode()),
            "fields": detail.get("fields", {}),
            "tasks": detail.get("tasks", []),
            "error": row.error,
            "notifications": detail.get("notifications", []),
            "hints": hints,
            "runNow": bool(row.run_now),
            **({"notes": notes} if notes else {}),
        }


def _prepared(dialect_name: str, *, is_first: bool) -> dict[State, Prepared]:
    return {state: prepare(newest_runs(state, is_first=is_first), dialect_name) for state in State}


def latest_rows(tenant_number: int) -> Select[Any]:
    """Return the query for when a tenant's calls were received, newest first."""
    first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
    return (
        select(requests.c.received_at, requests.c.accepted)
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


def _instant(instant: Microseconds | None) -> str | None:
    return None if instant is None else format_instant(instant)
