"""A store with a limit of rows and of bytes: what it drops, and what it says about it."""

import pytest
from sqlalchemy import event

from mock_qualtrics.errors import IncompleteJournalError
from mock_qualtrics.journal.retention import Pruner


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


def test_a_bounded_store_drops_from_the_tenant_that_fills_it(rehearse):
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


AT_ONCE = {"delay": {"kind": "fixed", "seconds": 0}}
BODY = b'{"text": "' + b"x" * 50_000 + b'"}'


def used_bytes(rehearsal):
    return rehearsal.engine._store.used_bytes()


def test_a_store_bounded_in_bytes_stays_within_them_and_says_so_once(rehearse, caplog):
    rehearsal = rehearse(AT_ONCE, memory_bytes=2_000_000)
    for _ in range(80):
        rehearsal.send(BODY)
        rehearsal.advance(0)
        assert used_bytes(rehearsal) <= 2_000_000 + 2 * len(BODY)
    totals = rehearsal.totals()
    assert (totals["accepted"], totals["succeeded"], totals["complete"]) == (80, 80, False)
    assert 20 < len(rehearsal.requests()) <= 40
    assert rehearsal.requests()[0]["runId"] == rehearsal.runs()[0]["id"]
    (line,) = [line for line in caplog.messages if "store in memory" in line]
    assert "2,000,000 bytes" in line


def test_what_a_run_adds_to_its_call_counts_too(rehearse):
    fields = [{"name": "text", "path": "$.text"}]
    task = {"name": "t", "type": "record", "settings": {"a": "~{aedj://text}" * 5}}
    rehearsal = rehearse({**AT_ONCE, "fields": fields, "tasks": [task]}, memory_bytes=2_000_000)
    for _ in range(40):
        rehearsal.send(BODY)
        rehearsal.advance(0)
    rehearsal.send(b"{}")
    assert used_bytes(rehearsal) <= 2_000_000
    assert rehearsal.totals()["complete"] is False


def test_bytes_are_dropped_from_the_tenant_that_takes_them(rehearse):
    rehearsal = rehearse(AT_ONCE, memory_bytes=2_000_000)
    quiet = rehearsal.engine.tenants.create({"clock": "virtual"})
    workflow = rehearsal.engine.tenants.add_workflow(quiet, {"name": "Quiet"})
    query = workflow.urls("")["triggerUrl"].partition("?")[2]
    headers = (("x-api-token", quiet.api_token.reveal()), ("content-type", "application/json"))
    for _ in range(60):  # more calls than the other tenant has, but fewer bytes
        rehearsal.send(query=query, headers=headers)
    for _ in range(50):
        rehearsal.send(BODY)
        rehearsal.advance(0)
    assert rehearsal.engine.journal.totals(quiet.number)["complete"] is True
    assert rehearsal.totals()["complete"] is False


def test_many_small_tenants_are_not_weighed_one_by_one(rehearse):
    rehearsal = rehearse(AT_ONCE, memory_bytes=2_000_000)
    tenants = rehearsal.engine.tenants
    calls = []
    for _ in range(30):
        tenant = tenants.create({"clock": "virtual"})
        workflow = tenants.add_workflow(tenant, {"name": "Small", **AT_ONCE})
        query = workflow.urls("")["triggerUrl"].partition("?")[2]
        headers = (("x-api-token", tenant.api_token.reveal()), ("content-type", "application/json"))
        calls.append((tenant.id, {"query": query, "headers": headers}))
    asked = []
    engine = rehearsal.engine._store.engine
    event.listen(engine, "before_cursor_execute", lambda *_: asked.append(1))
    for tenant_id, key in calls * 4:
        rehearsal.send(BODY, **key)
        rehearsal.engine.advance(tenant_id, 0)
    assert 1_700_000 < used_bytes(rehearsal) <= 2_200_000  # a piece was dropped, and no more
    assert len(asked) < 12 * len(calls) * 4  # of every tenant for each piece: 25 for each call


def test_what_still_waits_is_kept_and_makes_the_others_give_way(rehearse, monkeypatch, caplog):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 60}}, memory_bytes=2_000_000)
    asked = []
    drop = Pruner.drop_oldest
    monkeypatch.setattr(Pruner, "drop_oldest", lambda *args: asked.append(1) or drop(*args))
    for _ in range(80):
        rehearsal.send(BODY)
    assert rehearsal.totals()["complete"] is True
    assert len(asked) < 30  # not again for each call: nothing could be dropped
    (line,) = [line for line in caplog.messages if "store in memory" in line]
    assert "every call in it has a run that still waits: these are kept" in line
    rehearsal.advance(60)
    rehearsal.send(BODY)
    totals = rehearsal.totals()
    assert (totals["succeeded"], totals["complete"]) == (80, False)
    assert used_bytes(rehearsal) <= 2_200_000
