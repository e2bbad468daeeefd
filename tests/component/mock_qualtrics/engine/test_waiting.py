"""Waiting for counts of a tenant."""

import threading

import pytest

from mock_qualtrics import create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import (
    ClockMustBeAdvancedError,
    InvalidSettingsError,
    ServerStoppedError,
)
from mock_qualtrics.settings import Settings

PATIENCE_SECONDS = 60  # only a test that fails waits so long


def test_waiting_ends_when_the_tenant_is_deleted():
    with Engine(Settings()) as engine:
        tenant = engine.tenants.create({})
        heard = []
        waiter = threading.Thread(
            target=lambda: heard.append(engine.wait(tenant.id, {"received": 1}, 60))
        )
        waiter.start()
        while not engine.journal._changed._threads._waiters:
            assert waiter.is_alive()
        engine.tenants.delete(tenant.id)
        waiter.join(PATIENCE_SECONDS)
        assert not waiter.is_alive()
        assert heard == [None]


def test_closing_the_engine_ends_waiting():
    heard = []

    def wait(engine: Engine) -> None:
        with pytest.raises(ServerStoppedError) as stopped:
            engine.wait(engine.tenants.default.id, {"received": 1}, 600)
        heard.append(str(stopped.value))

    with Engine(Settings()) as engine:
        waiter = threading.Thread(target=wait, args=[engine])
        waiter.start()
        while not engine.journal._changed._threads._waiters:
            assert waiter.is_alive()
    waiter.join(PATIENCE_SECONDS)
    assert heard == ["The server stops: it ended this call before it was done"]


def test_once_the_server_stops_the_flask_route_waits_no_longer_and_says_so():
    with Engine(Settings()) as engine:
        engine.journal.end_waits()
        client = create_app(engine=engine).test_client()
        path = f"/__control/v1/tenants/{engine.tenants.default.id}/wait"
        answer = client.get(f"{path}?received=1&timeoutSeconds=300")
        assert (answer.status_code, "The server stops" in answer.json["error"]) == (503, True)
        assert client.get(f"{path}?received=0").status_code == 200  # it has not to wait


def test_an_advance_ends_before_its_next_run_once_the_server_stops(rehearsal):
    rehearsal.send()
    rehearsal.engine.journal.end_waits()
    with pytest.raises(ServerStoppedError):
        rehearsal.advance(1)
    assert rehearsal.totals()["pending"] == 1


def test_waiting_on_a_virtual_clock_asks_to_advance_it_first(rehearsal):
    rehearsal.send()
    due = r"at 2026-01-01T00:00:00\.000000Z .* due at 2026-01-01T00:00:00\.200000Z"
    with pytest.raises(ClockMustBeAdvancedError, match=due):
        rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1}, 60)
    rehearsal.advance(1)
    with pytest.raises(ClockMustBeAdvancedError, match="no run waits"):
        rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 2}, 60)
    totals = rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1, "received": 1}, 60)
    assert totals == rehearsal.totals()


def test_what_is_due_at_once_on_a_virtual_clock_needs_no_advance(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 0}})
    rehearsal.send()
    assert rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1}, 60)


def test_a_run_due_after_the_last_year_is_shown_and_waited_for_as_any_other(rehearse):
    rehearsal = rehearse(
        {"delay": {"kind": "fixed", "seconds": 90}}, {"startAt": "9999-12-31T23:59:59Z"}
    )
    rehearsal.send()
    assert [run["status"] for run in rehearsal.runs()] == ["Pending"]
    with pytest.raises(ClockMustBeAdvancedError, match="due at 9999-12-31T23:59:59"):
        rehearsal.engine.wait(rehearsal.tenant.id, {"succeeded": 1}, 0)


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), -1, 10**400])
def test_a_step_that_no_clock_takes_is_one_error(rehearsal, seconds):
    with pytest.raises(InvalidSettingsError, match=r"seconds: found .*, expected a number from 0"):
        rehearsal.advance(seconds)
