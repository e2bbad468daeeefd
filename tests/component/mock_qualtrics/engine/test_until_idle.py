"""A clock that is moved until nothing waits: by way of every due moment, and not for ever."""

import pytest

from mock_qualtrics.clock import DAY, SECOND
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NotVirtualError
from mock_qualtrics.runs.clocks import reach
from mock_qualtrics.settings import Settings

STUBBORN = {
    "tasks": [{"name": "Invite", "type": "email", "settings": {"to": "d"}, "failFirst": 3}],
    "retryTasks": True,
    "delay": {"kind": "fixed", "seconds": 600},
}


def until_idle(rehearsal):
    return rehearsal.engine.advance_until_idle(rehearsal.tenant.id)


def test_a_virtual_clock_stays_where_the_last_run_ended(rehearse):
    rehearsal = rehearse(STUBBORN)
    began = rehearsal.tenant.clock.now()
    rehearsal.send()
    rehearsal.send(b'{"second": 1}')
    ended = until_idle(rehearsal)
    assert (ended.succeeded, ended.failed, ended.pending) == (2, 0, 0)
    assert ended.now == rehearsal.tenant.clock.now()
    assert ended.now - began == (600 + 60 + 120) * SECOND  # the call's delay, and two retries
    assert until_idle(rehearsal) == ended._replace(succeeded=0)


def test_a_skipping_clock_jumps_to_what_is_due_and_no_further(rehearse):
    rehearsal = rehearse(STUBBORN, {"clock": "skipping"})
    began = rehearsal.tenant.clock.now()
    rehearsal.send()
    ended = until_idle(rehearsal)
    assert (ended.succeeded, ended.failed, ended.pending) == (1, 0, 0)
    assert 660 * SECOND <= ended.now - began < DAY


def test_what_is_due_after_a_month_goes_on_waiting(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 31 * 86_400}})
    rehearsal.send()
    before = rehearsal.tenant.clock.now()
    assert until_idle(rehearsal) == (before, 0, 0, 1)
    rehearsal.advance(2 * 86_400)
    assert until_idle(rehearsal).succeeded == 1


def test_it_ends_after_a_number_of_tries(rehearse, monkeypatch):
    monkeypatch.setattr(reach, "MOST_TRIES", 2)
    rehearsal = rehearse()
    for _ in range(3):
        rehearsal.send()
    assert until_idle(rehearsal)[1:] == (2, 0, 1)
    assert until_idle(rehearsal)[1:] == (1, 0, 0)


def test_a_real_clock_goes_by_itself():
    with Engine(Settings()) as engine, pytest.raises(NotVirtualError):
        engine.advance_until_idle(engine.tenants.default.id)
