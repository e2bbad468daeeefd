"""A store with a limit of rows: what it drops, and what it says about it."""

import pytest

from mock_qualtrics.errors import (
    IncompleteJournalError,
)


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
