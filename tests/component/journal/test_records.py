"""The journal: what is kept, counted and paged; its bounds; the plans of its questions."""

import json

import pytest
from sqlalchemy.dialects import sqlite

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import (
    BadCursorError,
    IncompleteJournalError,
    NotFoundError,
)
from mock_qualtrics.events.raw_json import RawJson, dumps
from mock_qualtrics.journal import State, queries
from mock_qualtrics.journal.duplicates import BloomFilter
from mock_qualtrics.journal.retention import droppable_calls
from mock_qualtrics.settings import Settings


def test_every_call_is_kept_refused_ones_too(rehearsal):
    rehearsal.send(b'{"a": 1}', trace="t-1")
    rehearsal.send(b"no json")
    refused, accepted = rehearsal.requests()
    assert (accepted["status"], accepted["traceId"], accepted["reason"]) == (200, "t-1", None)
    assert (refused["status"], refused["reason"], refused["runId"]) == (400, "not-json", None)
    assert refused["bodyBytes"] == len(b"no json")
    assert rehearsal.engine.journal.run(accepted["runId"])["event"] == RawJson('{"a": 1}')


def test_a_credential_is_never_journalled(rehearsal):
    wrong = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
    headers = (("x-api-token", wrong), ("x-other", wrong), ("content-type", "application/json"))
    rehearsal.send(headers=headers)
    rehearsal.send(path=f"/{wrong}", headers=headers)
    kept = [*rehearsal.requests(), *rehearsal.engine.journal.requests_page(None).items]
    assert len(kept) == 2
    assert wrong not in json.dumps(kept)
    assert kept[0]["headers"]["x-api-token"] == "***"


def test_calls_that_name_no_tenant_are_kept_apart(rehearsal):
    rehearsal.send(query="urlTokenId=other", headers=(("content-type", "application/json"),))
    (row,) = rehearsal.engine.journal.requests_page(None).items
    assert (row["status"], row["reason"]) == (404, "unknown-trigger")
    assert rehearsal.totals()["received"] == 0


def test_what_no_store_takes_is_replaced(rehearsal):
    rehearsal.send(trace="t\0\udc80")
    rehearsal.send(path="/a\0b", headers=())
    assert rehearsal.requests()[0]["traceId"] == "t\ufffd?"
    assert rehearsal.engine.journal.requests_page(None).items[0]["path"] == "/a\ufffdb"


def test_a_repeated_header_is_shown_joined(rehearsal):
    call = rehearsal.call()
    rehearsal.engine.receive(
        rehearsal.call(headers=(*call.headers, ("accept", "a/b"), ("accept", "c/d")))
    )
    assert rehearsal.requests()[0]["headers"]["accept"] == "a/b, c/d"


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


def test_duplicates_are_counted_by_trace_id_or_else_by_body(rehearsal):
    rehearsal.send(b'{"n": 1}', trace="one")
    rehearsal.send(b'{"n": 2}', trace="one")
    rehearsal.send(b'{"n": 1}', trace="two")
    rehearsal.send(b'{"n": 1}')
    rehearsal.send(b'{"n": 1}')
    assert rehearsal.totals()["duplicates"] == 2


def test_numbers_of_any_size_come_back_as_they_came(rehearsal):
    digits = "9" * 5000
    body = f'{{"n": {digits}, "x": 1.10, "x": 1e400}}'
    rehearsal.send(body.encode())
    (run,) = rehearsal.runs()
    assert f'"event":{body}' in dumps({"runs": [run]})
    assert run["notes"] == ["the body gives a key more than once: the last one counts"]


def test_raw_json_is_spliced_even_beside_texts_that_look_like_its_mark():
    value = {"a": "raw", "b": RawJson("[1.0]"), "c": ["raw-", RawJson('"raw"')]}
    assert dumps(value) == '{"a":"raw","b":[1.0],"c":["raw-","raw"]}'
    with pytest.raises(TypeError, match="object"):
        dumps({"a": object()})


def test_a_bounded_store_says_what_it_dropped_and_does_not_vouch_for_it(rehearse):
    rehearsal = rehearse(
        {"delay": {"kind": "fixed", "seconds": 0}},
        {"limits": {"callsPerMinute": 10_000}},
        memory_rows=100,
    )
    for _ in range(200):
        rehearsal.send(b'{"same": 1}')
        rehearsal.advance(0.001)
    totals = rehearsal.totals()
    assert (totals["accepted"], totals["succeeded"], totals["complete"]) == (200, 200, False)
    assert totals["dropped"]["from"] == "2026-01-01T00:00:00.000000Z"
    assert len(rehearsal.requests()) <= 50
    assert rehearsal.requests()[0]["runId"] == rehearsal.runs()[0]["id"]
    with pytest.raises(IncompleteJournalError, match="2026-01-01T00:00:00"):
        rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1}, 0)


def test_a_bounded_store_drops_from_whoever_fills_it(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 0}}, memory_rows=60)
    quiet = rehearsal.engine.tenants.create({"clock": "virtual"})
    workflow = rehearsal.engine.tenants.add_workflow(quiet, {"name": "Quiet"})
    query = workflow.urls("")["triggerUrl"].partition("?")[2]
    headers = (("x-api-token", quiet.api_token.reveal()), ("content-type", "application/json"))
    rehearsal.send(query=query, headers=headers)
    for _ in range(100):
        rehearsal.send()
        rehearsal.advance(0)
    assert rehearsal.engine.journal.totals(quiet.number)["complete"] is True
    assert rehearsal.totals()["complete"] is False


def test_a_bounded_store_keeps_what_still_waits(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 60}}, memory_rows=20)
    for _ in range(50):
        rehearsal.send()
    rehearsal.advance(60)
    assert rehearsal.totals()["succeeded"] == 50


PLANS = {
    "a workflow's runs": (
        queries.run_numbers(7, State.SUCCEEDED, 10**12, 51),
        "SEARCH runs USING COVERING INDEX runs_by_state (workflow_number=? AND state=? AND seq<?)",
    ),
    "the first page of them": (
        queries.run_numbers(7, State.SUCCEEDED, None, 51),
        "SEARCH runs USING COVERING INDEX runs_by_state (workflow_number=? AND state=?)",
    ),
    "a tenant's calls": (
        queries.request_rows(7, 10**12, 51),
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


def test_a_sieve_never_denies_what_it_holds():
    sieve = BloomFilter()
    digests = [bytes([number]) * 17 for number in range(200)]
    assert not any(sieve.holds(one) for one in digests)
    assert not any(sieve.add(one) for one in digests)
    assert all(sieve.holds(one) and sieve.add(one) for one in digests)
    full = BloomFilter()
    full.fill()
    assert full.holds(b"0123456789abcdef")


def test_a_journal_with_very_many_digests_asks_the_store_for_each(rehearse, tmp_path, monkeypatch):
    monkeypatch.setattr("mock_qualtrics.journal.journal.MOST_LOADED_DIGESTS", 1)
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store)
    for number in range(3):
        before.send(b'{"n": %d}' % number)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        for number in range(6):
            engine.receive(before.call(b'{"n": %d}' % number))
        assert engine.journal.totals(before.tenant.number)["duplicates"] == 3


def test_subscribers_hear_of_what_is_durable_and_of_failures_Q_WF_5(rehearse, caplog):  # noqa: N802
    rehearsal = rehearse({"tasks": [{"name": "Invite", "type": "email", "failFirst": 1}]})
    heard = []

    def fail(_news: object) -> None:
        raise ValueError("a subscriber's own trouble")

    rehearsal.engine.journal.subscribe(fail)
    unsubscribe = rehearsal.engine.journal.subscribe(heard.append)
    rehearsal.send()
    rehearsal.advance(1)
    assert [journal_changes.kind for journal_changes in heard] == ["call", "run"]
    (notification,) = heard[1].notifications
    assert notification["kind"] == "task-failed"
    assert notification["task"] == "Invite"
    assert rehearsal.runs()[0]["notifications"] == [notification]
    assert "a subscriber failed" in caplog.text
    unsubscribe()
    rehearsal.send()
    assert len(heard) == 2
