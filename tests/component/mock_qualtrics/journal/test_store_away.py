"""A store that is away for a while: what was due is done once it is back, once, and no restart."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.batch import LARGEST_HELD_BYTES
from mock_qualtrics.journal.pending_run import Outcome
from mock_qualtrics.runs import execution
from mock_qualtrics.runs.attempt import Attempt
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.settings import Settings
from support.rehearsal import step_until_idle, trigger_call

LARGE = b'{"n": "%s"}' % (b"x" * LARGEST_HELD_BYTES)
RECORD = {"tasks": [{"name": "T", "type": "record"}]}
CALLING = {"tasks": [{"name": "T", "type": "web_service", "settings": {"url": "http://a.example"}}]}


class WebService:
    """A web service without a socket; it remembers the attempts."""

    enabled = True

    def __init__(self) -> None:
        self.own_ports: set[int] = set()
        self.attempts: list[str] = []

    def call(self, attempt_id: str, *_: object) -> None:
        self.attempts.append(attempt_id)


class AtOnce:
    """Does jobs inside ``submit``."""

    def submit(self, job: Callable[[], None]) -> None:
        job()

    def close(self) -> None:
        pass


@pytest.fixture
def web_service():
    return WebService()


@pytest.fixture
def engine(tmp_path, web_service):
    parts = RunnerParts(workers=AtOnce(), web_service=web_service)
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    with Engine(settings, VirtualClock(0), runner_parts=parts) as made:
        made.step()  # from now on its queue is in memory
        yield made


@contextmanager
def away(engine: Engine):
    """Let the store fail whatever reads or writes calls and runs."""
    path = engine.settings.store.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for table in ("requests", "runs"):
            other.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield
        for table in ("requests", "runs"):
            other.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


def workflow_of(engine: Engine, settings: dict[str, object]) -> str:
    (workflow,) = engine.tenants.default.workflows
    engine.tenants.update_workflow(workflow.id, settings)
    return workflow.id


def statuses(engine: Engine, workflow_id: str) -> list[str]:
    """Return what is stored, without a commit."""
    return [run["status"] for run in engine.journal.runs_page(workflow_id).items]


@pytest.mark.parametrize("settings", [RECORD, CALLING])
def test_runs_of_large_events_that_were_due_are_done_when_it_is_back(engine, settings, web_service):
    workflow = workflow_of(engine, settings)
    for _ in range(3):
        engine.receive(trigger_call(engine, LARGE))
    engine.clock.advance_to(1_000_000)
    with away(engine):
        for _ in range(6):
            with suppress(StoreFailedError):
                engine.step()
    assert statuses(engine, workflow) == ["Pending"] * 3
    for _ in range(2):  # the first may report the failure of a call
        with suppress(StoreFailedError):
            engine.step()
    assert statuses(engine, workflow) == ["Succeeded"] * 3
    totals = engine.journal.totals(1)
    assert (totals["received"], totals["succeeded"], totals["pending"]) == (3, 3, 0)
    assert len(web_service.attempts) == len(set(web_service.attempts)) == 3 * (settings is CALLING)


@pytest.mark.parametrize("settings", [RECORD, CALLING])
def test_outcomes_that_were_not_stored_are_stored_though_nothing_else_is_due(engine, settings):
    workflow = workflow_of(engine, settings)
    engine.receive(trigger_call(engine))
    engine.clock.advance_to(1_000_000)
    with away(engine):
        for _ in range(3):  # the failure of a call is reported by the next step
            with suppress(StoreFailedError):
                engine.step()
    assert statuses(engine, workflow) == ["Pending"]
    for _ in range(2):
        with suppress(StoreFailedError):
            engine.step()
    assert statuses(engine, workflow) == ["Succeeded"]
    assert step_until_idle(engine) is None


def test_the_loop_that_steps_waits_a_moment_after_each_failure_of_a_call(engine):
    workflow_of(engine, CALLING)
    engine.receive(trigger_call(engine, LARGE))
    engine.clock.advance_to(1_000_000)
    with away(engine):
        for _ in range(3):
            assert engine.step() == pytest.approx(0, abs=1e-6)  # it is still due
            with pytest.raises(StoreFailedError, match="no such table"):
                engine.step()
    assert step_until_idle(engine) is None


def test_a_run_of_a_tenant_that_was_reset_meanwhile_is_not_put_back(engine):
    workflow_of(engine, RECORD)
    engine.receive(trigger_call(engine, LARGE))
    counters = engine.journal.counters(1)
    run = engine.journal.run_queue.pop_due(0, 1_000_000)
    engine.tenants.reset("tenant-1")
    engine.journal.put_back(run, counters)
    assert engine.journal.run_queue.next_moment(0) is None


def test_a_virtual_clock_s_runs_are_done_when_it_is_back(rehearse, tmp_path):
    rehearsal = rehearse(RECORD, store=f"sqlite:///{tmp_path}/journal.db")
    rehearsal.advance(1)  # from now on its queue is in memory
    rehearsal.send(LARGE)
    rehearsal.send(LARGE)
    with away(rehearsal.engine):
        for _ in range(3):
            with pytest.raises(StoreFailedError):
                rehearsal.advance(1)
    rehearsal.advance(1)
    assert [run["status"] for run in rehearsal.runs()] == ["Succeeded"] * 2
    assert rehearsal.totals()["succeeded"] == 2


def test_a_run_that_breaks_ends_failed_and_the_others_go_on(engine, monkeypatch, caplog):
    workflow = workflow_of(engine, RECORD)
    execute = execution.execute

    def broken(attempt: Attempt) -> Outcome:
        if attempt.body == b'{"n": 2}':
            raise RuntimeError("a bug")
        return execute(attempt)

    monkeypatch.setattr(execution, "execute", broken)
    for number in (1, 2, 3):
        engine.receive(trigger_call(engine, b'{"n": %d}' % number))
    engine.clock.advance_to(1_000_000)
    engine.step()
    assert statuses(engine, workflow) == ["Succeeded", "Failed", "Succeeded"]
    assert engine.journal.totals(1)["failed"] == 1
    (failed,) = engine.journal.runs_page(workflow, status="Failed").items
    assert failed["error"] == "an error inside the mock: RuntimeError"
    assert "a bug" in caplog.text


@pytest.fixture
def refusing(rehearse, tmp_path):
    """A rehearsal, and a block in which its store refuses to write."""
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/journal.db")
    cursor = rehearsal.engine._store._writer.cursor

    @contextmanager
    def refused() -> Iterator[None]:
        cursor.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreFailedError, match="readonly"):
            yield
        cursor.execute("PRAGMA query_only = OFF")

    return rehearsal, refused


FAULT = {"kind": "run-failed", "when": {"first": 3}}


@pytest.mark.parametrize(
    "change",
    [
        lambda engine, tenant, _: engine.tenants.reset(tenant.id),
        lambda engine, tenant, _: engine.tenants.delete(tenant.id),
        lambda engine, _, __: engine.tenants.create({}),
        lambda engine, tenant, _: engine.tenants.add_workflow(tenant, {"name": "w"}),
        lambda engine, _, flow: engine.tenants.update_workflow(flow.id, {"name": "w"}),
        lambda engine, _, flow: engine.tenants.delete_workflow(flow.id),
        lambda _, tenant, __: tenant.faults.add(FAULT),
        lambda _, tenant, __: tenant.faults.remove("fault-1"),
        lambda _, tenant, __: tenant.faults.clear(),
    ],
)
def test_a_change_that_cannot_be_stored_changes_nothing(refusing, change):
    rehearsal, refused = refusing
    engine = rehearsal.engine
    rehearsal.tenant.faults.add(FAULT)
    rehearsal.send()

    def shown() -> object:
        tenants = [tenant.to_mapping("") for tenant in engine.tenants.all()]
        faults = [fault.to_mapping() for fault in rehearsal.tenant.faults.all()]
        return tenants, faults, rehearsal.totals(), rehearsal.requests(), rehearsal.runs()

    before = shown()
    with refused():
        change(engine, rehearsal.tenant, rehearsal.workflow)
    assert shown() == before
    assert rehearsal.send().status == before[3][0]["status"]
    assert rehearsal.totals()["received"] == 2
