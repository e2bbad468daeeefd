"""The rows of runs, each with what is shown of its call: their columns, and queries for them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, literal_column, select

from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.schema import RUNS_PER_CALL, State, requests, runs


class RunRow(NamedTuple):
    """A run with what is shown of its call; the fields are columns of the two tables."""

    seq: int
    workflow_number: int
    state: int
    due_at: Microseconds
    priority: int
    received_at: Microseconds
    started_at: Microseconds | None
    finished_at: Microseconds | None
    scripted_failure: str | None
    error: str | None
    detail: str | None
    run_now: bool
    request_id: str
    trace_id: str | None
    body: bytes
    note: str | None


_COLUMNS = [runs.c[name] if name in runs.c else requests.c[name] for name in RunRow._fields]


def newest_runs(state: State, *, is_first: bool) -> Select[Any]:
    """Return the query for a workflow's newest runs in one state, joined with their calls.

    Its parameters are ``workflow``, ``most`` and, but on the first page, ``before``. The state is
    part of the text: as a parameter, SQLite plans anew for each value, since an index is about one.
    """
    is_in_state = runs.c.state == literal_column(str(state.value), Integer)
    query = _run_columns().where(runs.c.workflow_number == bindparam("workflow"), is_in_state)
    if not is_first:
        query = query.where(runs.c.seq < bindparam("before"))
    return query.order_by(runs.c.seq.desc()).limit(bindparam("most", type_=Integer))


def run_rows(sequences: Sequence[int]) -> Select[Any]:
    """Return the query for runs by their numbers, joined with their calls, newest first."""
    return _run_columns().where(runs.c.seq.in_(sequences)).order_by(runs.c.seq.desc())


def _run_columns() -> Select[Any]:
    return select(*_COLUMNS).join(requests, requests.c.seq == call_column())


def call_column() -> ColumnElement[int]:
    """Return the number of a run's call."""
    return runs.c.seq - runs.c.seq % RUNS_PER_CALL
