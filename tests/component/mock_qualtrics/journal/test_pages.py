"""Pages of runs and calls: their order, views and cursors, and the plans of their queries."""

from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from mock_qualtrics.errors import (
    BadCursorError,
    NotFoundError,
)
from mock_qualtrics.journal import IGNORED, CallFilter, State, queries
from mock_qualtrics.journal.calls import call_queries
from mock_qualtrics.journal.retention import droppable_calls


def test_pages_go_from_newest_to_oldest_without_gap_or_repetition(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 0}})
    for number in range(25):
        rehearsal.send(b'{"n": %d}' % number)
    rehearsal.advance(1)
    for number in range(25, 30):
        rehearsal.send(b'{"n": %d}' % number)
    seen, cursor = [], None
    while True:
        page = rehearsal.engine.journal.runs_page(rehearsal.workflow.id, limit=7, cursor=cursor)
        seen += [run["event"].value()["n"] for run in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == list(range(29, -1, -1))
    calls = rehearsal.engine.journal.requests_page(rehearsal.tenant.number, 20)
    rest = rehearsal.engine.journal.requests_page(rehearsal.tenant.number, 20, calls.next)
    assert (len(calls.items), len(rest.items), rest.next) == (20, 10, None)


def test_views_and_statuses_leave_the_runs_they_name_Q_RUN_2(rehearse):  # noqa: N802  a fact's id
    rehearsal = rehearse(
        {"tasks": [{"name": "T", "type": "email", "failFirst": 1}]}, {"limits": {"runsPerDay": 2}}
    )
    for _ in range(2):
        rehearsal.send()
    rehearsal.advance(1)
    rehearsal.send()
    found = {
        (view, status): [run["status"] for run in rehearsal.runs(view=view, status=status)]
        for view in (None, "started", "failed-to-start")
        for status in (None, "Succeeded", "Failed", "Pending")
    }
    assert found[None, None] == ["Failed", "Succeeded", "Failed"]
    assert found["started", None] == ["Succeeded", "Failed"]
    assert found["failed-to-start", None] == ["Failed"]
    assert found[None, "Failed"] == ["Failed", "Failed"]
    assert found["started", "Pending"] == []
    (blocked,) = rehearsal.runs(view="failed-to-start")
    assert blocked["startedOn"] is None
    assert blocked["error"] == "the daily limit of 2 runs is reached"


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text, lambda _: ""])
def test_a_cursor_that_was_changed_is_refused(rehearsal, change):
    for _ in range(3):
        rehearsal.send()
    page = rehearsal.engine.journal.runs_page(rehearsal.workflow.id, limit=1)
    with pytest.raises(BadCursorError):
        rehearsal.runs(cursor=change(page.next))


def test_a_cursor_of_another_list_is_refused(rehearsal):
    for _ in range(3):
        rehearsal.send()
    page = rehearsal.engine.journal.runs_page(rehearsal.workflow.id, limit=1)
    with pytest.raises(BadCursorError):
        rehearsal.runs(view="started", cursor=page.next)
    with pytest.raises(BadCursorError):
        rehearsal.engine.journal.requests_page(rehearsal.tenant.number, 1, page.next)


def test_what_is_not_there_is_said_to_be_missing(rehearsal):
    rehearsal.send()
    (run,) = rehearsal.runs()
    for wrong in ("RUN_1", "RUN_" + "0" * 20, "RUN_ffff" + run["id"][8:]):
        with pytest.raises(NotFoundError, match=wrong):
            rehearsal.engine.journal.run(wrong)
    with pytest.raises(NotFoundError):
        rehearsal.engine.journal.runs_page("WF_000000000000000")


def first_runs(state: State = State.SUCCEEDED) -> Select[Any]:
    return queries.newest_runs(state, is_first=True).params({"workflow": 7, "most": 51})


def older_runs() -> Select[Any]:
    values = {"workflow": 7, "most": 51, "before": 10**12}
    return queries.newest_runs(State.SUCCEEDED, is_first=False).params(values)


PLANS = {
    "a workflow's runs": (
        older_runs(),
        "SEARCH runs USING INDEX runs_by_state (workflow_number=? AND state=? AND seq<?)",
    ),
    "the first page of them": (
        first_runs(),
        "SEARCH runs USING INDEX runs_by_state (workflow_number=? AND state=?)",
    ),
    "the first page of those that wait, which have an index of their own": (
        first_runs(State.PENDING),
        "SEARCH runs USING INDEX runs_by_state (workflow_number=? AND state=?)",
    ),
    "their calls, page by page": (
        older_runs(),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "a tenant's calls": (
        call_queries.request_rows(7, 10**12, 51),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    ),
    "its calls of one reason": (
        call_queries.rows_without_run(7, "not-json", 10**12, 51),
        "SEARCH requests USING INDEX calls_without_run (reason=? AND seq>? AND seq<?)",
    ),
    "its calls that were ignored": (
        call_queries.rows_without_run(7, IGNORED, None, 51),
        "SEARCH requests USING INDEX calls_without_run (reason=? AND seq>? AND seq<?)",
    ),
    "its calls that were answered otherwise": (
        call_queries.rows_without_run(7, None, None, 51),
        "SEARCH requests USING INDEX calls_without_run (reason=? AND seq>? AND seq<?)",
    ),
    "a search among its calls": (
        call_queries.searched_rows(7, 8**12, 10**12, CallFilter(None, 429, "t-1", "a@b.c")),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    ),
    "its calls of one trace id": (
        call_queries.calls_traced(7, 8**12, 10**12, "t-1"),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    ),
    "rows of a page": (
        queries.run_rows([1, 2, 3]),
        "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "their calls": (
        queries.run_rows([1, 2, 3]),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "what is due next": (
        queries.pending_rows(0, (5, 0, 1), 100),
        "SEARCH runs USING INDEX runs_due (lane=? AND (due_at,priority)>(?,?))",
    ),
    "what may be dropped": (
        droppable_calls(7, 100),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    ),
}


@pytest.mark.parametrize(("question", "step"), PLANS.values(), ids=PLANS)
def test_a_question_is_a_range_of_an_index_and_sorts_nothing(rehearsal, question, step):
    text = str(question.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with rehearsal.engine._store.connection() as connection:
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text)
        plan = [row.detail for row in rows]
    assert step in plan
    assert not [line for line in plan if "TEMP B-TREE" in line or line.startswith("SCAN")]
