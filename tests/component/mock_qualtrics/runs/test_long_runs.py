"""Runs whose paths may compute for long hold up nobody else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import ClockMustBeAdvancedError
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.settings import Settings
from support.rehearsal import trigger_call

AT_ONCE = {"kind": "fixed", "seconds": 0}
LONG: dict[str, Any] = {
    "delay": AT_ONCE,
    "fields": [{"name": "x", "path": "$..[?search(@, 'a')]"}],
}
ENDLESS = {"delay": AT_ONCE, "fields": [{"name": "x", "path": "$[?search(@,'a*a*a*[bc]')]"}]}
EVENT = json.dumps({"text": "a" * 20_000}).encode()


class Later:
    """Keeps jobs until it is told to do them."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def submit(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)

    def do_all(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()

    def close(self) -> None:
        pass


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def engine(later):
    with Engine(Settings(), VirtualClock(0), runner_parts=RunnerParts(workers=later)) as made:
        yield made


def workflow_with(engine: Engine, tenant: Any, settings: dict[str, Any]) -> Any:  # noqa: ANN401
    return engine.tenants.add_workflow(tenant, {"name": "Any", **settings})


def send(engine: Engine, workflow: Any, times: int = 1) -> None:  # noqa: ANN401
    tenant = engine.tenants.by_number(workflow.tenant_number)
    call = trigger_call(engine, EVENT, workflow)
    headers = (("x-api-token", tenant.api_token.reveal()), *call.headers[1:])
    for _ in range(times):
        assert engine.receive(call._replace(headers=headers)).status // 100 == 2


def test_a_run_that_may_compute_for_long_is_left_to_a_worker_and_the_others_go_on(engine, later):
    slow, fast = engine.tenants.create({}), engine.tenants.create({})
    send(engine, workflow_with(engine, slow, LONG))
    quick = {"delay": AT_ONCE, "fields": [{"name": "x", "path": "$.a.*.b[0]"}]}
    send(engine, workflow_with(engine, fast, quick))
    engine.step()
    assert engine.journal.totals(fast.number)["succeeded"] == 1
    assert engine.journal.totals(slow.number)["pending"] == 1
    later.do_all()
    engine.step()
    assert engine.journal.totals(slow.number)["succeeded"] == 1


def test_of_two_tenants_with_such_runs_each_has_its_turn(engine, later):
    many, few = engine.tenants.create({}), engine.tenants.create({})
    send(engine, workflow_with(engine, many, LONG), times=3)
    send(engine, workflow_with(engine, few, LONG))
    engine.step()
    for _ in range(2):
        later.jobs.pop(0)()
    assert [engine.journal.totals(it.number)["succeeded"] for it in (many, few)] == [1, 1]


def test_a_run_that_took_its_time_ends_failed_and_says_why(rehearse):
    it = rehearse(ENDLESS)
    it.send(EVENT)
    assert it.engine.wait(it.tenant.id, {"failed": 1}, 60)
    (run,) = it.runs()
    assert "its regular expressions take longer than 0.25 s on this event" in run["error"]


def test_on_a_virtual_clock_such_a_run_needs_no_advance_and_nobody_who_waits(engine, later):
    tenant = engine.tenants.create({"clock": "virtual"})
    send(engine, workflow_with(engine, tenant, LONG), times=2)
    engine.step()
    assert engine.journal.totals(tenant.number)["pending"] == 2
    later.do_all()
    engine.step()
    assert engine.journal.totals(tenant.number)["succeeded"] == 2
    with pytest.raises(ClockMustBeAdvancedError):
        engine.wait(tenant.id, {"succeeded": 3}, 60)


def test_a_caller_that_waits_on_a_virtual_clock_need_not_wait_for_a_worker(engine, later):
    tenant = engine.tenants.create({"clock": "virtual"})
    send(engine, workflow_with(engine, tenant, LONG))
    assert engine.wait(tenant.id, {"succeeded": 1}, 60)
    later.do_all()  # finds nothing left to do
    assert engine.journal.totals(tenant.number)["succeeded"] == 1
