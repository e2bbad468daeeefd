"""The journal: what is kept, counted and paged; durability; the plans of its questions."""

import contextlib
import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.dialects import sqlite

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import (
    BadCursorError,
    IncompleteJournalError,
    NotFoundError,
    StoreFailedError,
)
from mock_qualtrics.journal import State, checkpoints, reader, store
from mock_qualtrics.journal.batch import Batch
from mock_qualtrics.journal.pruning import droppable_calls
from mock_qualtrics.journal.sieve import Sieve
from mock_qualtrics.journal.tables import call_sequence
from mock_qualtrics.rawjson import RawJson, dumps
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


@pytest.mark.parametrize("durability", ["process", "full"])
def test_everything_is_there_again_after_reopening(rehearse, tmp_path, durability):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store, durability=durability)
    before.send(b'{"n": 1}', trace="t")
    before.advance(1)
    before.send(b'{"n": 2}')
    shown = before.tenant.to_mapping("http://host")
    kept = (before.runs(), before.requests(), before.totals())
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        tenant = engine.tenants.get(before.tenant.id)
        assert tenant.to_mapping("http://host") == shown
        again = (
            engine.journal.runs_page(before.workflow.id).items,
            engine.journal.requests_page(tenant.number).items,
            engine.journal.totals(tenant.number),
        )
        assert again == kept
        assert engine.tenants.default.id == "tenant-1"
        engine.advance(tenant.id, 1)
        assert engine.journal.totals(tenant.number)["succeeded"] == 2


def test_ids_and_duplicates_go_on_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store)
    before.send(b'{"n": 1}')
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        engine.receive(before.call(b'{"n": 1}'))
        engine.receive(before.call(b'{"n": 2}'))
        totals = engine.journal.totals(before.tenant.number)
        assert (totals["accepted"], totals["duplicates"]) == (3, 1)
        rows = engine.journal.requests_page(before.tenant.number).items
        assert len({row["requestId"] for row in rows}) == 3


def test_the_minute_and_the_queue_go_on_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    queue = {"kind": "queue", "workers": 1, "serviceSeconds": 10}
    before = rehearse({"delay": queue}, {"limits": {"callsPerMinute": 3}}, store=store)
    for _ in range(2):
        before.send()
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.receive(before.call()).status == 200
        assert engine.receive(before.call()).status == 429
        engine.advance(before.tenant.id, 29.9)
        assert engine.journal.totals(before.tenant.number)["pending"] == 1
        engine.advance(before.tenant.id, 0.1)
        assert engine.journal.totals(before.tenant.number)["pending"] == 0


def test_a_task_that_is_tried_again_keeps_its_turn_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    task = {"name": "T", "type": "record", "failFirst": 1}
    before = rehearse({"retryTasks": True, "tasks": [task]}, store=store)
    before.send()
    before.advance(0.2)
    agenda = before.engine.journal.agenda
    turn = agenda.next_moment(before.tenant.lane)
    assert turn[:2] == (before.tenant.clock.now() + 60_000_000, 1)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.journal.agenda.next_moment(before.tenant.lane) == turn
        engine.advance(before.tenant.id, 60)
        (run,) = engine.journal.runs_page(before.workflow.id).items
        assert (run["status"], run["tasks"][0]["attempts"]) == ("Succeeded", 2)


def test_what_was_committed_survives_a_process_that_never_closes(rehearse, tmp_path):
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.send(b'{"n": 1}')
    with sqlite3.connect(path) as other:
        (bodies,) = other.execute("SELECT count(*) FROM requests WHERE body = ?", (b'{"n": 1}',))
    other.close()
    assert bodies == (1,)


def test_callers_at_the_same_time_share_commits_and_lose_nothing(rehearse, tmp_path):
    rehearsal = rehearse(
        tenant={"limits": {"callsPerMinute": 10_000}}, store=f"sqlite:///{tmp_path}/journal.db"
    )

    def send_many() -> None:
        for _ in range(25):
            assert rehearsal.send().status == 200

    threads = [threading.Thread(target=send_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rehearsal.totals()["accepted"] == 200
    assert len(rehearsal.engine.journal.requests_page(rehearsal.tenant.number, 500).items) == 200


def test_who_was_told_of_a_run_finds_it_in_the_journal(rehearsal):
    rehearsal.engine.stage(rehearsal.call())
    assert rehearsal.totals()["pending"] == 1
    (pending,) = rehearsal.runs()
    rehearsal.engine.stage(rehearsal.call())
    assert rehearsal.engine.wait(rehearsal.tenant.id, {"received": 2}, 0.0)
    assert [run["status"] for run in rehearsal.runs()] == ["Pending", pending["status"]]


def test_a_commit_that_fails_is_told_and_loses_nothing(rehearse, tmp_path):
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.engine._store._writer.cursor.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.send(b'{"n": 1}')
    rehearsal.engine._store._writer.cursor.execute("PRAGMA query_only = OFF")
    rehearsal.send(b'{"n": 2}')
    assert [run["event"].value()["n"] for run in rehearsal.runs()] == [2, 1]
    assert [row["status"] for row in rehearsal.requests()] == [200, 503]  # as they were answered


@pytest.fixture
def refusing(rehearse, tmp_path):
    """A rehearsal, and what makes its store refuse to write, or write again."""
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/journal.db")

    def refuse(switch: str) -> None:
        rehearsal.engine._store._writer.cursor.execute(f"PRAGMA query_only = {switch}")

    return rehearsal, refuse


def test_a_commit_that_fails_for_somebody_else_is_not_what_a_caller_was_told(refusing):
    rehearsal, refuse = refusing
    rehearsal.engine.stage(rehearsal.call(b'{"n": 1}'))
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.totals()
    with ThreadPoolExecutor() as pool:
        told = pool.submit(rehearsal.send, b'{"n": 2}').exception()
    refuse("OFF")
    rehearsal.engine.commit()
    assert isinstance(told, StoreFailedError)
    assert [row["status"] for row in rehearsal.requests()] == [503, 200]


def test_a_caller_told_503_finds_that_in_the_journal_though_another_had_stored_the_call(refusing):
    rehearsal, refuse = refusing
    for body in (b'{"n": 1}', b'{"n": 2}'):
        rehearsal.engine.stage(rehearsal.call(body))
        assert rehearsal.totals()["received"] >= 1
    rehearsal.engine.stage(rehearsal.call(b'{"n": 3}'))
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.engine.commit()
    refuse("OFF")
    rehearsal.send(b'{"n": 4}')
    assert [row["status"] for row in rehearsal.requests()] == [200, 503, 503, 503]


def test_what_callers_were_told_while_a_commit_failed_is_kept_until_their_tenant_is_forgotten():
    failed, staged_meanwhile = Batch(), Batch()
    staged_meanwhile.tell_not_written([call_sequence(7, 1)])
    failed.extend(staged_meanwhile)
    assert failed.told == [(503, call_sequence(7, 1))]
    assert failed
    failed.forget(7)
    assert not failed


def test_a_store_that_refuses_at_the_end_is_let_go_all_the_same(refusing, tmp_path):
    rehearsal, refuse = refusing
    rehearsal.engine.stage(rehearsal.call())
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.engine.close()
    Engine(Settings(store=f"sqlite:///{tmp_path}/journal.db")).close()


def test_a_commit_that_fails_half_way_leaves_nothing_of_itself(rehearse, tmp_path):
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE runs RENAME TO hidden")
        with pytest.raises(StoreFailedError, match="no such table"):
            rehearsal.send(b'{"n": 1}')
        assert other.execute("SELECT count(*) FROM requests").fetchone() == (0,)
        other.execute("ALTER TABLE hidden RENAME TO runs")
    other.close()
    rehearsal.send(b'{"n": 2}')
    assert [run["event"].value()["n"] for run in rehearsal.runs()] == [2, 1]


@pytest.mark.parametrize("store", ["mysql://x", "nonsense", "sqlite:////no/such/folder/x.db"])
def test_a_store_that_cannot_be_opened_is_named(store):
    with pytest.raises(StoreFailedError):
        Engine(Settings(store=store))


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
        reader.run_numbers(7, State.SUCCEEDED, 10**12, 51),
        "SEARCH runs USING COVERING INDEX runs_by_state (workflow_number=? AND state=? AND seq<?)",
    ),
    "the first page of them": (
        reader.run_numbers(7, State.SUCCEEDED, None, 51),
        "SEARCH runs USING COVERING INDEX runs_by_state (workflow_number=? AND state=?)",
    ),
    "a tenant's calls": (
        reader.request_rows(7, 10**12, 51),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    ),
    "rows of a page": (
        reader.run_rows([1, 2, 3]),
        "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "their calls": (
        reader.run_rows([1, 2, 3]),
        "SEARCH requests USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "what is due next": (
        reader.pending_rows(0, (5, 0, 1), 100),
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
    sieve = Sieve()
    digests = [bytes([number]) * 17 for number in range(200)]
    assert not any(sieve.holds(one) for one in digests)
    assert not any(sieve.add(one) for one in digests)
    assert all(sieve.holds(one) and sieve.add(one) for one in digests)
    full = Sieve()
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
    assert [news.kind for news in heard] == ["call", "run"]
    (notification,) = heard[1].notifications
    assert notification["kind"] == "task-failed"
    assert notification["task"] == "Invite"
    assert rehearsal.runs()[0]["notifications"] == [notification]
    assert "a subscriber failed" in caplog.text
    unsubscribe()
    rehearsal.send()
    assert len(heard) == 2


def test_what_was_committed_moves_out_of_the_log_beside_the_writer(rehearse, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY_COMMITS", 1)
    monkeypatch.setattr(store, "_CHECKPOINT_PAGES", 0)  # the writer itself never does it
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}", tenant={"limits": {"callsPerMinute": 10_000}})
    for _ in range(10_000):
        rehearsal.send()
        if rows_without_the_log(path):
            break
    assert rows_without_the_log(path)


def rows_without_the_log(path):
    alone = path.with_name("copy.db")
    alone.write_bytes(path.read_bytes())
    with contextlib.closing(sqlite3.connect(alone)) as database, contextlib.suppress(sqlite3.Error):
        return database.execute("SELECT count(*) FROM requests").fetchone()[0]
    return 0  # copied while it was written
