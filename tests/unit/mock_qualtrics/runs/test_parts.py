"""A runner with parts that are handed in: everything on one thread, under one virtual clock."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from mock_qualtrics.clock import SECOND, Countdown, VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.events.work_budget import MOST_REGEX_SECONDS, WorkBudget
from mock_qualtrics.model import Call
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.runs.step_budget import TimedBudget
from mock_qualtrics.settings import Settings

LATENCY = 3 * SECOND
Log = list[tuple[Any, ...]]


class InlineWorkers:
    """Does each job inside `submit`."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def submit(self, job: Callable[[], None]) -> None:
        self._log.append(("submit",))
        job()

    def close(self) -> None:
        self._log.append(("close",))


class SlowWebService:
    """Answers after virtual seconds, and fails when told so."""

    enabled = True

    def __init__(self, log: Log, clock: VirtualClock) -> None:
        self._log, self._clock = log, clock
        self.own_ports: set[int] = set()
        self.error: str | None = None

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes) -> str | None:
        self._log.append(("call", event, self._clock.now() // SECOND))
        self._clock.advance_to(self._clock.now() + LATENCY)
        return self.error


class Simulation:
    """One engine and its default workflow, which calls a web service one second after a call."""

    def __init__(self) -> None:
        self.log: Log = []
        self.clock = VirtualClock(0)
        self.web_service = SlowWebService(self.log, self.clock)
        budgets = Countdown(60, lambda: self.clock.now() / SECOND)
        parts = RunnerParts(
            workers=InlineWorkers(self.log),
            new_step_budget=lambda: TimedBudget(1, budgets),
            web_service=self.web_service,
        )
        self.engine = Engine(Settings(), self.clock, runner_parts=parts)
        self.tenant = self.engine.tenants.default
        (self.workflow,) = self.tenant.workflows
        self.configure(
            delay={"kind": "fixed", "seconds": 1},
            tasks=[{"name": "Call", "type": "web_service", "settings": {"url": "http://x/"}}],
        )

    def configure(self, **settings: object) -> None:
        self.engine.tenants.update_workflow(self.workflow.id, settings)
        (self.workflow,) = self.tenant.workflows

    def send(self, body: bytes) -> None:
        headers = (
            ("x-api-token", self.tenant.api_token.reveal()),
            ("content-type", "application/json"),
        )
        query = self.workflow.urls("")["triggerUrl"].partition("?")[2]
        path = "/inbound-event/v1/events/json/triggers"
        self.engine.receive(Call("POST", path, query, headers, body))

    def step(self) -> float | None:
        wait_seconds = self.engine.step()
        totals = self.engine.journal.totals(self.tenant.number)
        self.log.append(("step", wait_seconds, totals["succeeded"], totals["pending"]))
        return wait_seconds

    def run_until_idle(self) -> None:
        """Step, and move the clock to whatever is due next, until nothing waits."""
        while (wait_seconds := self.step()) is not None:
            self.clock.advance_to(self.clock.now() + round(wait_seconds * SECOND))


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    made = Simulation()
    yield made
    made.engine.close()


def test_one_thread_and_one_clock_run_everything_in_a_known_order(simulation: Simulation):
    simulation.send(b'{"n": 1}')
    simulation.send(b'{"n": 2}')
    simulation.run_until_idle()
    assert simulation.log == [
        ("step", 1.0, 0, 2),
        ("submit",),
        ("call", b'{"n": 1}', 1),
        ("step", 0.0, 1, 1),  # a budget of one run: the second is due, but waits for its step
        ("submit",),
        ("call", b'{"n": 2}', 4),  # the first call took three virtual seconds
        ("step", 0.0, 2, 0),
        ("step", None, 2, 0),
    ]


def test_a_retry_follows_its_backoff_in_virtual_time(simulation: Simulation):
    simulation.configure(retryTasks=True)
    simulation.web_service.error = "no answer"
    simulation.send(b"{}")
    while ("call", b"{}", 1) not in simulation.log:
        simulation.clock.advance_to(simulation.clock.now() + SECOND)
        simulation.step()
    simulation.web_service.error = None
    simulation.run_until_idle()
    assert [entry for entry in simulation.log if entry[0] == "call"] == [
        ("call", b"{}", 1),
        ("call", b"{}", 61),  # a minute after the first try began
    ]
    assert simulation.log[-1] == ("step", None, 1, 0)


def test_closing_the_engine_closes_the_workers_that_it_was_given(simulation: Simulation):
    simulation.engine.close()
    assert simulation.log == [("close",)]


def test_the_time_for_regular_expressions_can_be_read_from_another_clock():
    seconds_read = [0.0]
    work = WorkBudget(lambda seconds: Countdown(seconds, lambda: seconds_read[0]))
    assert work.regex_seconds() == MOST_REGEX_SECONDS
    seconds_read[0] = MOST_REGEX_SECONDS / 2
    assert work.regex_seconds() == MOST_REGEX_SECONDS / 2


def test_a_try_uses_the_work_budget_that_was_handed_in():
    made: list[WorkBudget] = []

    def new_work_budget() -> WorkBudget:
        made.append(WorkBudget())
        return made[-1]

    parts = RunnerParts(new_work_budget=new_work_budget)
    clock = VirtualClock(0)
    with Engine(Settings(), clock, runner_parts=parts) as engine:
        (workflow,) = engine.tenants.default.workflows
        delayed = {"delay": {"kind": "fixed", "seconds": 0}}
        fields = {"fields": [{"name": "n", "path": "$.n"}]}
        engine.tenants.update_workflow(workflow.id, {**delayed, **fields})
        query = workflow.urls("")["triggerUrl"].partition("?")[2]
        headers = (
            ("x-api-token", engine.tenants.default.api_token.reveal()),
            ("content-type", "application/json"),
        )
        path = "/inbound-event/v1/events/json/triggers"
        engine.receive(Call("POST", path, query, headers, b'{"n": 1}'))
        while engine.step() == 0.0:
            pass
    assert len(made) == 1
