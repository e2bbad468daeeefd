"""Finding runs: by index and by text, page by page, what stands beside one, and query plans."""

import json
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from mock_qualtrics.clock import SECOND
from mock_qualtrics.errors import BadCursorError, NotFoundError
from mock_qualtrics.journal import State
from mock_qualtrics.journal.search import candidates
from mock_qualtrics.journal.search.candidates import Span
from mock_qualtrics.journal.search.run_texts import TextConditions
from mock_qualtrics.journal.search.scanning import texts_of
from mock_qualtrics.journal.search.wanted_runs import WantedRuns, Work
from support.rehearsal import Rehearsal, trigger_call

FAILED = frozenset({State.FAILED})
FAILING = {"tasks": [{"name": "Invite", "type": "email", "failProbability": 0.3}]}


def wanted(rehearsal: Rehearsal, **conditions: Any) -> WantedRuns:  # noqa: ANN401  any value
    return WantedRuns(rehearsal.tenant.number, **conditions)


def search(rehearsal: Rehearsal):
    return rehearsal.engine.journal.search


def numbered(rehearsal: Rehearsal, count: int) -> None:
    """Send messages that each have their number as their identity."""
    for number in range(count):
        entry = {"id": f"profile-{number}", "xid": "", "primary": True}
        rehearsal.send(json.dumps({"identityMap": {"email": [entry]}}).encode())


def pages(rehearsal: Rehearsal, which: WantedRuns, limit: int, work=Work) -> list[Any]:
    found, cursor = [], None
    while True:
        page = search(rehearsal).find(which, limit, cursor, work())
        found.append(page)
        cursor = page.next
        if cursor is None:
            return found


def identities(found: list[Any]) -> list[str]:
    return [run.identity for page in found for run in page.runs]


def backwards(count: int) -> list[str]:
    return [f"profile-{number}" for number in range(count - 1, -1, -1)]


def test_all_runs_of_a_tenant_come_newest_first_without_gap_or_repetition(rehearsal):
    numbered(rehearsal, 20)
    found = pages(rehearsal, wanted(rehearsal), 7)
    assert identities(found) == backwards(20)
    assert [len(page.runs) for page in found] == [7, 7, 6]
    assert [page.looked_at for page in found] == [7, 7, 6]


def test_runs_of_many_workflows_are_merged(rehearse):
    rehearsal = rehearse()
    engine, tenant = rehearsal.engine, rehearsal.tenant
    others = [engine.tenants.add_workflow(tenant, {"name": f"W{n}"}) for n in range(40)]
    for place, workflow in enumerate([*others, *others]):
        entry = {"identityMap": {"email": [{"id": f"profile-{place}"}]}}
        engine.receive(
            trigger_call(engine, json.dumps(entry).encode(), workflow)._replace(
                headers=rehearsal.call().headers
            )
        )
    of_all = wanted(rehearsal, states=frozenset({State.PENDING}))
    assert identities(pages(rehearsal, of_all, 9)) == backwards(80)
    two = wanted(rehearsal, workflow_ids=(others[0].id, others[39].id))
    expected = [f"profile-{place}" for place in (79, 40, 39, 0)]
    assert identities(pages(rehearsal, two, 3)) == expected


def test_states_and_instants_leave_the_runs_they_name(rehearse):
    rehearsal = rehearse({"tasks": [{"name": "T", "type": "email", "failFirst": 1}]})
    start = rehearsal.tenant.clock.now()
    for _ in range(4):
        numbered(rehearsal, 1)
        rehearsal.advance(10)
    failed = wanted(rehearsal, states=FAILED)
    (run,) = pages(rehearsal, failed, 5)[0].runs
    assert (run.state, run.failed_task, run.received_at) == (State.FAILED, "T", start)
    between = wanted(rehearsal, since=start + 10 * SECOND, until=start + 30 * SECOND)
    received = [run.received_at - start for run in pages(rehearsal, between, 1)[0].runs]
    assert received == [20 * SECOND]
    assert len(identities(pages(rehearsal, between, 1))) == 2
    assert not identities(pages(rehearsal, wanted(rehearsal, until=start), 5))
    assert not identities(pages(rehearsal, wanted(rehearsal, since=start + 31 * SECOND), 5))


@pytest.mark.parametrize(
    "conditions",
    [
        {"words": ("SURVEY for 3", "profile-3")},
        {"words": ("Zoë",)},
        {"words": ("trace-3",)},
        {"trace_id": "trace-3"},
        {"task": "invite", "words": ("profile-3",)},
    ],
    ids=str,
)
def test_texts_are_looked_for_in_event_settings_and_trace_id(rehearse, conditions):
    piped = {"to": "a@b.example", "subject": "Survey for ~{aedj://number}"}
    rehearsal = rehearse(
        {
            "fields": [{"name": "number", "path": "$.number"}],
            "tasks": [{"name": "Invite", "type": "email", "settings": piped}],
        }
    )
    for number in range(6):
        name = r"Zo\u00eb" if number == 3 else "Dave"
        body = f'{{"number": {number}, "id": "profile-{number}", "name": "{name}"}}'
        rehearsal.engine.receive(rehearsal.call(body.encode(), trace=f"trace-{number}"))
    rehearsal.advance(1)
    found = [
        run for page in pages(rehearsal, wanted(rehearsal, **conditions), 5) for run in page.runs
    ]
    assert [run.trace_id for run in found] == ["trace-3"]


def test_an_error_is_found_by_its_words_and_a_task_by_its_failure(rehearse):
    tasks = [
        {"name": name, "type": "email", "failFirst": first} for name, first in (("A", 1), ("B", 0))
    ]
    rehearsal = rehearse({"tasks": tasks})
    numbered(rehearsal, 2)
    rehearsal.advance(1)
    (failed,) = pages(rehearsal, wanted(rehearsal, states=FAILED), 5)[0].runs
    words = failed.error.upper().split()
    by_error = wanted(rehearsal, errors=tuple(words))
    assert identities(pages(rehearsal, by_error, 5)) == [failed.identity]
    assert not identities(pages(rehearsal, wanted(rehearsal, errors=("nothing says this",)), 5))
    assert len(identities(pages(rehearsal, wanted(rehearsal, task="b"), 5))) == 2
    assert not identities(pages(rehearsal, wanted(rehearsal, task="b", states=FAILED), 5))
    assert identities(pages(rehearsal, wanted(rehearsal, task="a", states=FAILED), 5))


@pytest.mark.parametrize(
    "work",
    [
        lambda: Work(runs=7),
        lambda: Work(size_bytes=1),
        lambda: Work(has_time=lambda: False),
    ],
    ids=["runs", "bytes", "time"],
)
def test_a_search_says_how_far_it_looked_and_goes_on_by_its_cursor(rehearsal, work):
    numbered(rehearsal, 20)
    rehearsal.advance(1)
    numbered(rehearsal, 1)
    found = pages(rehearsal, wanted(rehearsal, words=("profile-0", "identityMap")), 5, work)
    assert len(found) > 2
    assert sum(page.looked_at for page in found) == 21
    assert identities(found) == ["profile-0", "profile-0"]
    assert found[-1].looked_back_to == found[-1].runs[-1].received_at


def test_a_page_ends_where_the_next_one_begins_whatever_was_found(rehearse):
    rehearsal = rehearse(FAILING)
    numbered(rehearsal, 30)
    rehearsal.advance(1)
    everything = wanted(rehearsal, words=("profile",))
    for limit in (1, 4, 30):
        assert identities(pages(rehearsal, everything, limit)) == backwards(30)
    failed = identities(pages(rehearsal, wanted(rehearsal, states=FAILED), 4))
    assert 0 < len(failed) < 30
    assert (
        identities(pages(rehearsal, wanted(rehearsal, states=FAILED, task="Invite"), 2)) == failed
    )


def test_a_cursor_outlives_an_age_that_moves_but_no_other_change(rehearsal):
    numbered(rehearsal, 5)
    now = rehearsal.tenant.clock.now()
    page = search(rehearsal).find(wanted(rehearsal, since=now - 1), 2)
    later = search(rehearsal).find(wanted(rehearsal, since=now), 9, page.next)
    assert [run.identity for run in later.runs] == backwards(3)
    for other in (wanted(rehearsal, states=FAILED), wanted(rehearsal, words=("x",))):
        with pytest.raises(BadCursorError):
            search(rehearsal).find(other, 2, page.next)
    with pytest.raises(BadCursorError):
        search(rehearsal).find(wanted(rehearsal), 2, page.next[:-1])


def test_the_runs_of_a_deleted_workflow_are_passed_over_in_bounded_pieces(rehearsal):
    numbered(rehearsal, 3)
    engine = rehearsal.engine
    gone = engine.tenants.add_workflow(rehearsal.tenant, {"name": "Gone"})
    headers = rehearsal.call().headers
    for _ in range(40):
        engine.receive(trigger_call(engine, b"{}", gone)._replace(headers=headers))
    engine.tenants.delete_workflow(gone.id)
    first = search(rehearsal).find(wanted(rehearsal), 4, work=Work(runs=10))
    assert (first.runs, first.next is None) == ((), False)
    assert identities(pages(rehearsal, wanted(rehearsal), 4)) == backwards(3)


def test_a_workflow_of_nobody_or_of_another_tenant_is_refused(rehearsal):
    other = rehearsal.engine.tenants.create({})
    theirs = rehearsal.engine.tenants.add_workflow(other, {"name": "Theirs"})
    for workflow_id in ("WF_000000000000000", theirs.id):
        with pytest.raises(NotFoundError):
            search(rehearsal).find(wanted(rehearsal, workflow_ids=(workflow_id,)), 5)


@pytest.mark.parametrize(
    "conditions",
    [{}, {"states": frozenset({State.PENDING, State.SUCCEEDED})}, {"words": ("profile",)}],
    ids=str,
)
def test_next_and_previous_are_the_neighbours_in_the_list(rehearsal, conditions):
    numbered(rehearsal, 3)
    rehearsal.advance(1)
    numbered(rehearsal, 2)
    which = wanted(rehearsal, **conditions)
    in_order = [run.id for run in search(rehearsal).find(which, 9).runs]
    beside = [search(rehearsal).neighbours(which, run_id) for run_id in in_order]
    assert [one.newer for one in beside] == [None, *in_order[:-1]]
    assert [one.older for one in beside] == [*in_order[1:], None]
    with pytest.raises(NotFoundError):
        search(rehearsal).neighbours(which, "RUN_1")


def test_everything_is_read_whatever_its_number(rehearsal):
    numbered(rehearsal, 205)
    which = wanted(rehearsal, words=("profile",))
    assert [run.identity for run in search(rehearsal).rows(which)] == backwards(205)
    documents = list(search(rehearsal).documents(which))
    assert len(documents) == 205
    assert documents[0] == rehearsal.engine.journal.run(documents[0]["id"])


SPAN = Span(7 << 40, 8 << 40)
WORDS = TextConditions(WantedRuns(7, words=("x",)))
BY_STATE = (
    "SEARCH runs USING COVERING INDEX runs_by_state "
    "(workflow_number=? AND state=? AND seq>? AND seq<?)"
)
BY_KEY = "SEARCH runs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"


def range_of_state(state: State, span: Span, most: int, *, newest_first: bool) -> Select[Any]:
    query = candidates.range_of_state(state, newest_first=newest_first)
    return query.params(workflow=3, first=span.first, end=span.end, most=most)


@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "oldest first"])
@pytest.mark.parametrize(
    ("question", "step"),
    [
        (candidates.runs_between, BY_KEY),
        (partial(range_of_state, State.FAILED), BY_STATE),
        (partial(range_of_state, State.PENDING), BY_STATE),
        (
            lambda span, _, **order: candidates.first_runs([3, 4], list(State), span, **order),
            BY_STATE,
        ),
        (
            lambda _, __, **order: texts_of([8, 16], WORDS, **order),
            "SEARCH requests USING INTEGER PRIMARY KEY (rowid=?)",
        ),
    ],
    ids=["all", "failed", "pending", "first of each", "texts"],
)
def test_a_search_reads_ranges_of_indexes_and_sorts_nothing(
    rehearsal, question, step, newest_first
):
    query = question(SPAN, 51, newest_first=newest_first)
    text = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with rehearsal.engine._store.connection() as connection:
        plan = [row.detail for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text)]
    assert step in plan
    assert not [line for line in plan if "TEMP B-TREE" in line or line.startswith("SCAN")]
