"""The thread that steps the engine where no event loop does."""

import threading

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.runs import step_loops
from mock_qualtrics.runs.step_loops import IDLE_SECONDS, TOGETHER_SECONDS, ThreadSteps
from mock_qualtrics.settings import Settings
from support.rehearsal import trigger_call

PATIENCE_SECONDS = 60  # only a test that fails waits so long


class Steps:
    """An engine that is told how each step goes; the last one goes on for ever."""

    def __init__(self, *outcomes: float | Exception | None) -> None:
        self._outcomes = list(outcomes)
        self.taken = 0
        self.all_taken = threading.Event()

    def step(self) -> float | None:
        outcome = self._outcomes[min(self.taken, len(self._outcomes) - 1)]
        self.taken += 1
        if self.taken >= len(self._outcomes):
            self.all_taken.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.mark.parametrize("outcomes", [(None, None), (0.0, 0.0, 0.0), (1e9, None)])
def test_it_steps_again_soon_however_far_off_the_next_run_is(outcomes):
    steps = Steps(*outcomes)
    driving = ThreadSteps(steps)
    assert steps.all_taken.wait(PATIENCE_SECONDS)
    driving.stop()
    taken = steps.taken
    driving.stop()
    assert steps.taken == taken


@pytest.mark.parametrize(
    ("until_due", "wait_seconds"),
    [(None, IDLE_SECONDS), (1e9, IDLE_SECONDS), (1e-4, TOGETHER_SECONDS), (0.0, 0.0)],
)
def test_runs_that_are_due_soon_wait_for_one_step_and_those_that_are_due_for_none(
    until_due, wait_seconds
):
    assert step_loops.step(Steps(until_due), pytest.fail) == wait_seconds


@pytest.mark.parametrize("milliseconds", [10, 15, 20, 21, 29, 30, 31, 59])
def test_a_run_of_which_is_known_before_is_executed_when_it_is_due(milliseconds):
    left = milliseconds / 1_000
    while left > 1e-9:
        left -= step_loops.step(Steps(left), pytest.fail)
    assert left == pytest.approx(0)


def test_a_step_that_fails_is_logged_and_does_not_end_all_execution(monkeypatch, caplog):
    monkeypatch.setattr(step_loops, "AFTER_ERROR_SECONDS", 0.001)
    steps = Steps(StoreFailedError("the disk is full"), ValueError("odd"), None)
    driving = ThreadSteps(steps)
    assert steps.all_taken.wait(PATIENCE_SECONDS)
    driving.stop()
    assert caplog.text.count("runs could not be executed") == 2
    assert "the disk is full" in caplog.text


def test_a_scheduler_runs_what_is_due_and_wait_hears_of_it():
    engine = Engine(Settings())
    scheduler = ThreadSteps(engine)
    engine.receive(trigger_call(engine))
    totals = engine.wait(engine.tenants.default.id, {"succeeded": 1}, PATIENCE_SECONDS)
    assert totals["succeeded"] == 1
    assert engine.wait(engine.tenants.default.id, {"succeeded": 2}, 0.01) is None
    scheduler.stop()
    scheduler.stop()
    engine.close()
    engine.close()


def test_a_scheduler_ends_with_its_engine():
    engine = Engine(Settings())
    store = engine._store
    scheduler = ThreadSteps(engine)
    del engine
    scheduler._thread.join(PATIENCE_SECONDS)
    assert not scheduler._thread.is_alive()
    store.close()
