"""What the journal keeps through restarts, kills and callers at the same time."""

import contextlib
import sqlite3
import threading

import pytest

from mock_qualtrics.clock import SECOND, RealClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings
from mock_qualtrics.store import checkpoints, database
from support.rehearsal import trigger_call


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


def test_a_window_of_another_length_goes_on_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    limits = {"limits": {"callsPerMinute": 1, "windowSeconds": 90}}
    before = rehearse({}, limits, store=store)
    assert before.send().status == 202
    before.advance(89)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.tenants.get(before.tenant.id).limits.window_seconds == 90
        assert engine.receive(before.call()).status == 429
        engine.advance(before.tenant.id, 1)
        assert engine.receive(before.call()).status == 202


def test_where_refused_calls_count_only_those_of_a_trigger_do_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    strict = {"limits": {"callsPerMinute": 2}, "assumptions": {"countRefusedCalls": True}}
    before = rehearse(tenant=strict, store=store)
    before.send(b"no json")
    before.send(path="/elsewhere")
    before.send(method="GET", path="/API/v3/whoami")
    before.engine.run_now(before.workflow.id, b"{}")
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        answers = [engine.receive(before.call()).status for _ in range(2)]
    assert answers == [202, 429]


def test_the_minute_and_the_queue_go_on_after_reopening(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    queue = {"kind": "queue", "workers": 1, "serviceSeconds": 10}
    before = rehearse({"delay": queue}, {"limits": {"callsPerMinute": 3}}, store=store)
    for _ in range(2):
        before.send()
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.receive(before.call()).status == 202
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
    run_queue = before.engine.journal.run_queue
    turn = run_queue.next_moment(before.tenant.clock_number)
    assert turn[:2] == (before.tenant.clock.now() + 60_000_000, 1)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert engine.journal.run_queue.next_moment(before.tenant.clock_number) == turn
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
            assert rehearsal.send().status == 202

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


def test_what_was_committed_moves_out_of_the_log_beside_the_writer(rehearse, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY_COMMITS", 1)
    monkeypatch.setattr(database, "_CHECKPOINT_PAGES", 0)  # the writer itself never does it
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}", tenant={"limits": {"callsPerMinute": 10_000}})

    def is_moved_after_a_call() -> bool:
        rehearsal.send()
        return rows_without_the_log(path) > 0

    assert any(is_moved_after_a_call() for _ in range(10_000))  # any: a copy may be torn


def rows_without_the_log(path):
    alone = path.with_name("copy.db")
    alone.write_bytes(path.read_bytes())
    with contextlib.closing(sqlite3.connect(alone)) as database, contextlib.suppress(sqlite3.Error):
        return database.execute("SELECT count(*) FROM requests").fetchone()[0]
    return 0  # copied while it was written


@pytest.mark.parametrize("hours", [5, 10 * 366 * 24])
def test_a_real_clock_that_was_set_back_delays_nothing(tmp_path, hours):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    ahead = RealClock(RealClock().now() + hours * 3600 * SECOND)
    with Engine(settings, ahead) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.update_workflow(workflow.id, {"delay": {"kind": "fixed", "seconds": 3000}})
        engine.receive(trigger_call(engine))
    with Engine(settings) as engine:
        assert 0 < engine.step() <= 3000
        assert engine.journal.totals(1)["pending"] == 1


def test_calls_that_name_no_tenant_go_on_being_numbered_after_reopening(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    nobodys = Call("POST", "/no/such/path", "", (), b"{}")
    for _ in range(3):
        with Engine(settings) as engine:
            assert engine.receive(nobodys).status == 404
            rows = engine.journal.requests_page(None).items
    assert len({row["requestId"] for row in rows}) == 3
