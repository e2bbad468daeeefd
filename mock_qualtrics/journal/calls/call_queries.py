"""Read calls: lists by filter, newest first, and one call with all that is kept of it.

A list by reason reads one range of an index for each reason. Any other filter looks at up to
`LOOKED_AT` calls a page, newest first, so that no page takes long in a long journal: a page may be
empty and still have a cursor, with which the search goes on.
"""

import heapq
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Select,
    func,
    literal,
    or_,
    select,
)

from mock_qualtrics import ids
from mock_qualtrics.clock import format_instant
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal.calls.call_filter import (
    ESCAPES,
    IGNORED,
    NO_FILTER,
    CallFilter,
    certain_part,
    has_identity,
)
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.journal.page_cursors import Page, PageCursors
from mock_qualtrics.model import TokenPlace
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.migrations import OLDER_REQUEST_IDS
from mock_qualtrics.store.schema import (
    CALL_SHIFT,
    RUNS_PER_CALL,
    UNATTRIBUTED,
    first_sequence,
    meta,
    requests,
    runs,
    tenant_of,
)

LOOKED_AT = 10_000
_SHOWN = [column for column in requests.c if column.name not in ("body", "answer")]
_NAMES_NONE = frozenset({"unknown-trigger", "unknown-path"})


@dataclass(frozen=True, slots=True)
class KeptCall:
    """All that the journal keeps of one call.

    Attributes:
        tenant_number: None when it names no tenant.
        shown: the call as lists show it.
        query: the query, redacted; None in a row of an older version.
        body: what was kept of the body; None when nothing was.
        answer: the answer's headers and body, as JSON; None when they follow from the status.
        accepted: whether it was accepted.
        note: what the journal has to say about the call.
        run_ids: the runs that it started.
    """

    tenant_number: int | None
    shown: dict[str, Any]
    query: str | None
    body: bytes | None
    answer: str | None
    accepted: bool
    note: str | None
    run_ids: tuple[str, ...]


class CallQueries:
    """Read pages of calls and single calls.

    Args:
        store: the database.
        cursors: makes and reads the cursors of pages.
        key: the seed's key, from which the ids of runs derive.
        workflow_ids: the workflows that there are.
    """

    def __init__(
        self, store: Store, cursors: PageCursors, key: bytes, workflow_ids: WorkflowIds
    ) -> None:
        self._workflow_ids = workflow_ids
        self._store = store
        self._cursors = cursors
        self._key = key
        self._has_older_ids: bool | None = None

    def page(
        self,
        tenant_number: int,
        limit: int,
        cursor: str | None,
        wanted: CallFilter = NO_FILTER,
        reasons: Iterable[str] = (),
    ) -> Page:
        """Return a page of a tenant's calls, newest first.

        Args:
            tenant_number: the tenant.
            limit: the size of the page.
            cursor: ``next`` of the page before.
            wanted: which calls.
            reasons: all reasons for which calls of the tenant were refused.

        Raises:
            BadCursorError: the cursor does not belong to this list.
        """
        listing = f"requests {tenant_number} {wanted if wanted != NO_FILTER else ''}".strip()
        before = self._cursors.read(listing, cursor)
        with self._store.connection() as connection:
            if wanted.by_index:
                rows, rest = _rows_by_index(
                    connection, tenant_number, limit, before, wanted, reasons
                )
            else:
                rows, rest = _rows_by_search(connection, tenant_number, limit, before, wanted)
            started = _first_runs(connection, rows)
        following = None if rest is None else self._cursors.make(listing, rest)
        workflows = [self._workflow_of(row, started.get(row.seq)) for row in rows]
        shown = (self._shown(row, name) for row, name in zip(rows, workflows, strict=True))
        return Page(tuple(shown), following)

    def kept(self, request_id: str) -> KeptCall:
        """Return one call.

        Raises:
            NotFoundError: the journal has no such call.
        """
        with self._store.connection() as connection:
            row = self._row(connection, request_id)
            if row is None:
                raise NotFoundError("request", request_id)
            started = connection.execute(_runs_of(row.seq)).all()
        tenant_number = tenant_of(row.seq)
        workflow_id = self._workflow_of(row, started[0].workflow_number if started else None)
        return KeptCall(
            None if tenant_number == UNATTRIBUTED else tenant_number,
            self._shown(row, workflow_id),
            row.query,
            row.body if row.body or not row.body_bytes else None,
            row.answer,
            row.accepted,
            row.note,
            tuple(ids.run_id(self._key, run.seq) for run in started),
        )

    def texts(self, request_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the query and the answer that are kept of calls, by id; both may be empty.

        Calls of a store of version 2, whose ids hold no number, are left out.
        """
        numbers = [ids.request_sequence(request_id) for request_id in request_ids]
        columns = requests.c.request_id, requests.c.query, requests.c.answer
        of_calls = select(*columns).where(requests.c.seq.in_([one for one in numbers if one]))
        with self._store.connection() as connection:
            rows = connection.execute(of_calls).all()
        return {row.request_id: (row.query or "", row.answer or "") for row in rows}

    def _row(self, connection: Connection, request_id: str) -> Row[Any] | None:
        named = ids.request_sequence(request_id)
        has_id = requests.c.request_id == request_id
        if named is not None:
            of_number = select(requests).where(requests.c.seq == named, has_id)
            if row := connection.execute(of_number).first():
                return row
        # Ids of version 2 hold no number, and have no index: a store that never had any is not
        # searched through for an id that nobody gave.
        if not self._may_have_older_ids(connection):
            return None
        return connection.execute(select(requests).where(has_id).limit(1)).first()

    def _may_have_older_ids(self, connection: Connection) -> bool:
        if self._has_older_ids is None:
            question = select(meta.c.value).where(meta.c.name == OLDER_REQUEST_IDS)
            self._has_older_ids = connection.scalar(question) is not None
        return self._has_older_ids

    def _workflow_of(self, row: Row[Any], started: int | None) -> str | None:
        """Return the workflow whose run the call started, or else the one that its URL names."""
        if started is not None:
            return self._workflow_ids.id_of(started)
        if row.reason in _NAMES_NONE or not row.query:
            return None
        return self._workflow_ids.named_by(tenant_of(row.seq), row.query)

    def _shown(self, row: Row[Any], workflow_id: str | None) -> dict[str, Any]:
        return {
            "requestId": row.request_id,
            "receivedAt": format_instant(row.received_at),
            "method": row.method,
            "path": row.path,
            "status": row.status,
            "errorCode": row.error_code,
            "reason": row.reason,
            "runId": ids.run_id(self._key, row.seq) if row.runs else None,
            "workflowId": workflow_id,
            "traceId": row.trace_id,
            "headers": _joined(json.loads(row.headers)),
            "bodyBytes": row.body_bytes,
            "tokenIn": _token_in(row.token_places),
            "faults": None if row.faults is None else row.faults.split(",") if row.faults else [],
        }


def _token_in(places: int | None) -> list[str] | None:
    return None if places is None else [one.shown for one in TokenPlace if one & places]


def request_rows(tenant_number: int, before: int | None, limit: int) -> Select[Any]:
    """Return the query for a tenant's newest calls."""
    return _newest(_SHOWN, tenant_number, before).limit(limit)


def rows_without_run(
    tenant_number: int, reason: str | None, before: int | None, limit: int
) -> Select[Any]:
    """Return the query for a tenant's newest calls that started nothing, of one reason."""
    query = _newest(_SHOWN, tenant_number, before).where(*_refused_for(reason))
    return query.limit(limit)


def searched_rows(
    tenant_number: int, start: int, before: int, wanted: CallFilter, dialect_name: str = "sqlite"
) -> Select[Any]:
    """Return the query for the calls of a range of numbers that may meet a filter."""
    columns = [*_SHOWN, requests.c.body] if wanted.identity is not None else _SHOWN
    query = _newest(columns, tenant_number, before).where(requests.c.seq >= start)
    return query.where(*_conditions(wanted, dialect_name))


def calls_traced(tenant_number: int, start: int, before: int, trace_id: str) -> Select[tuple[int]]:
    """Return the query for the numbers of calls with a trace id that started runs."""
    query = _newest([requests.c.seq], tenant_number, before).where(requests.c.seq >= start)
    return query.where(requests.c.trace_id == trace_id, requests.c.runs > 0)


def search_range(
    connection: Connection, tenant_number: int, before: int | None
) -> tuple[int, int, bool]:
    """Return the numbers between which one page searches, and whether older calls are left."""
    end = first_sequence(tenant_number + 1) if before is None else before
    newest = connection.scalar(_newest([requests.c.seq], tenant_number, end).limit(1))
    if newest is None:
        return end, end, False
    start = newest - ((LOOKED_AT - 1) << CALL_SHIFT)
    older = connection.scalar(_newest([requests.c.seq], tenant_number, start).limit(1))
    return start, newest + 1, older is not None


def _rows_by_index(
    connection: Connection,
    tenant_number: int,
    limit: int,
    before: int | None,
    wanted: CallFilter,
    reasons: Iterable[str],
) -> tuple[Sequence[Row[Any]], int | None]:
    if wanted.reason is None and not (wanted.without_run or wanted.refused):
        rows = connection.execute(request_rows(tenant_number, before, limit + 1)).all()
    else:
        # One query per reason, because only that reads a single range of the index.
        unnamed = IGNORED if wanted.refused else None
        named = [wanted.reason] if wanted.reason is not None else [unnamed, *reasons]
        queries = [rows_without_run(tenant_number, one, before, limit + 1) for one in named]
        parts = [connection.execute(query).all() for query in queries]
        merged = heapq.merge(*parts, key=lambda row: row.seq, reverse=True)
        rows = list(islice(merged, limit + 1))
    return rows[:limit], rows[limit - 1].seq if len(rows) > limit else None


def _rows_by_search(
    connection: Connection, tenant_number: int, limit: int, before: int | None, wanted: CallFilter
) -> tuple[Sequence[Row[Any]], int | None]:
    start, end, has_older = search_range(connection, tenant_number, before)
    found = connection.execute(
        searched_rows(tenant_number, start, end, wanted, connection.dialect.name)
    )
    identity = wanted.identity
    meeting = (row for row in found if identity is None or has_identity(row.body, identity))
    rows = list(islice(meeting, limit + 1))
    found.close()
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1].seq
    return rows, start if has_older else None


def _newest(columns: Sequence[Any], tenant_number: int, before: int | None) -> Select[Any]:
    end = first_sequence(tenant_number + 1) if before is None else before
    return (
        select(*columns)
        .where(requests.c.seq >= first_sequence(tenant_number), requests.c.seq < end)
        .order_by(requests.c.seq.desc())
    )


def _conditions(wanted: CallFilter, dialect_name: str) -> list[ColumnElement[bool]]:
    columns = requests.c
    conditions = [] if wanted.reason is None else _refused_for(wanted.reason)
    if wanted.without_run or wanted.refused:
        conditions.append(columns.runs == 0)
    if wanted.refused:
        conditions.append(or_(columns.reason.is_not(None), columns.accepted))
    if wanted.status is not None:
        conditions.append(columns.status == wanted.status)
    if wanted.trace_id is not None:
        conditions.append(columns.trace_id == wanted.trace_id)
    if wanted.identity is not None and (part := certain_part(wanted.identity)):
        place = func.instr if dialect_name == "sqlite" else func.pg_catalog.position
        texts = (literal(text, LargeBinary) for text in (part, *ESCAPES))
        conditions.append(or_(*(place(columns.body, text) > 0 for text in texts)))
    return conditions


def _refused_for(reason: str | None) -> list[ColumnElement[bool]]:
    columns = requests.c
    if reason == IGNORED:
        return [columns.runs == 0, columns.reason.is_(None), columns.accepted]
    return [columns.runs == 0, columns.reason == reason]  # None is compared by IS


def _first_runs(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, int]:
    """Return the workflows whose runs calls started, by call; ends of ids may name two."""
    calls = [row.seq for row in rows if row.runs]
    if not calls:
        return {}
    columns = runs.c.seq, runs.c.workflow_number
    found = connection.execute(select(*columns).where(runs.c.seq.in_(calls)))
    return {run.seq: run.workflow_number for run in found}


def _runs_of(call: int) -> Select[Any]:
    return (
        select(runs.c.seq, runs.c.workflow_number)
        .where(runs.c.seq >= call, runs.c.seq < call + RUNS_PER_CALL)
        .order_by(runs.c.seq)
    )


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join the values of repeated headers with a comma (RFC 9110, section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
