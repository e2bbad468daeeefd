"""What one step of the engine does, and how long it may take."""

import pytest

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.runs import runner
from mock_qualtrics.settings import Settings
from support.rehearsal import step_until_idle, trigger_call


def test_step_says_how_long_nothing_is_due():
    clock = VirtualClock(0)
    with Engine(Settings(), clock) as engine:
        assert step_until_idle(engine) is None
        engine.receive(trigger_call(engine))
        assert step_until_idle(engine) == 0.2
        clock.advance_to(150_000)
        assert step_until_idle(engine) == 0.05
        clock.advance_to(200_000)
        assert step_until_idle(engine) is None
        assert engine.journal.totals(1)["succeeded"] == 1


def backlog(engine, size):
    (workflow,) = engine.tenants.default.workflows
    engine.tenants.update_workflow(workflow.id, {"delay": {"kind": "fixed", "seconds": 0}})
    for _ in range(size):
        engine.stage(trigger_call(engine))
    engine.commit()


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_step_ends_when_its_time_is_over_and_has_always_done_something(monkeypatch, clock):
    monkeypatch.setattr(runner, "LONGEST_STEP_SECONDS", 0.0)  # each run takes longer
    with Engine(Settings(clock=clock)) as engine:
        backlog(engine, 3)
        done = []
        while engine.step() == 0.0:
            done.append(engine.journal.totals(1)["succeeded"])
        assert done[:3] == [1, 2, 3]


def test_a_backlog_is_worked_off_step_by_step(monkeypatch):
    monkeypatch.setattr(runner, "LONGEST_STEP_SECONDS", 60.0)
    with Engine(Settings()) as engine:
        backlog(engine, 300)
        assert engine.step() == 0.0
        assert engine.journal.totals(1)["succeeded"] == 128
        step_until_idle(engine)
        assert engine.journal.totals(1)["pending"] == 0
