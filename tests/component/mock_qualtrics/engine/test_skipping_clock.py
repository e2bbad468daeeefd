"""A tenant whose clock skips: it goes with real time, and jumps for those who wait."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from mock_qualtrics.clock import DAY, SECOND, RealClock, VirtualClock, format_instant, parse_instant
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import (
    ClockEndsError,
    NotFoundError,
    ServerStoppedError,
    TenantResetError,
)
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.settings import Settings
from support.rehearsal import Rehearsal, step_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 60  # only a test that fails waits so long
START = parse_instant("2026-01-01T00:00:00Z")
MINUTES = {"delay": {"kind": "fixed", "seconds": 600}}
STUBBORN = {
    "delay": {"kind": "uniform", "lowSeconds": 0, "highSeconds": 1},
    "retryTasks": True,
    "tasks": [
        {"name": "Invite", "type": "email", "settings": {}, "failFirst": 4},
        {"name": "Note", "type": "record", "settings": {}, "failProbability": 0.5},
    ],
}


class WebService:
    """Does something when it is called, and succeeds."""

    enabled = True

    def __init__(self) -> None:
        self.own_ports: set[int] = set()
        self.when_called: Callable[[], None] = lambda: None

    def call(self, *_: object) -> None:
        self.when_called()


@pytest.fixture
def web_service():
    return WebService()


@pytest.fixture
def make(web_service):
    """Make a tenant on an engine whose real time stands still, so that only jumps move clocks."""
    engines = []

    def made(
        workflow: dict[str, Any] = MINUTES,
        clock: str = "skipping",
        store: str = "memory",
        real: int = START,
        **tenant: object,
    ) -> Rehearsal:
        settings = Settings(store=store)
        parts = RunnerParts(web_service=web_service)
        engine = Engine(settings, VirtualClock(real), runner_parts=parts)
        engines.append(engine)
        created = engine.tenants.create({"clock": clock, **tenant})
        added = engine.tenants.add_workflow(created, {"name": "Survey", **workflow})
        return Rehearsal(engine, created, added)

    yield made
    for engine in engines:
        engine.close()


def reopened(before: Rehearsal, store: str, real: int = START) -> Rehearsal:
    engine = Engine(Settings(store=store), VirtualClock(real))
    tenant = engine.tenants.get(before.tenant.id)
    return Rehearsal(engine, tenant, tenant.workflows[0])


def wait(rehearsal: Rehearsal, timeout_seconds: float = PATIENCE_SECONDS, **wanted: int):
    return rehearsal.engine.wait(rehearsal.tenant.id, wanted, timeout_seconds)


def now(rehearsal: Rehearsal) -> str:
    return format_instant(rehearsal.tenant.clock.now())


def test_a_run_is_pending_until_it_is_awaited_and_then_starts_when_it_was_due(make):
    skipping = make()
    skipping.send()
    assert step_until_idle(skipping.engine) == 600
    assert [run["status"] for run in skipping.runs()] == ["Pending"]
    assert wait(skipping, succeeded=1) == skipping.totals()
    (run,) = skipping.runs()
    assert (run["receivedOn"], run["startedOn"]) == (
        "2026-01-01T00:00:00.000000Z",
        "2026-01-01T00:10:00.000000Z",
    )
    assert now(skipping) == run["startedOn"]


def test_a_run_is_pending_until_it_is_due_in_real_time(make):
    skipping = make()
    skipping.send()
    skipping.engine.clock.advance_to(START + 599 * SECOND)
    assert step_until_idle(skipping.engine) == 1
    assert skipping.totals()["pending"] == 1
    skipping.engine.clock.advance_to(START + 600 * SECOND)
    assert step_until_idle(skipping.engine) is None
    assert skipping.totals()["succeeded"] == 1
    assert now(skipping) == "2026-01-01T00:10:00.000000Z"


@pytest.mark.parametrize(
    "wanted", [{"pending": 2}, {"pending": 2, "succeeded": 1}, {"received": 2}, {"blocked": 1}]
)
def test_waiting_for_pending_runs_or_for_calls_never_jumps(make, wanted):
    skipping = make()
    skipping.send()
    assert wait(skipping, 0, **wanted) is None
    assert skipping.totals()["pending"] == 1
    assert now(skipping) == "2026-01-01T00:00:00.000000Z"


def test_what_is_reached_already_costs_no_jump(make):
    skipping = make()
    skipping.send()
    assert wait(skipping, succeeded=1)
    skipping.send()
    assert wait(skipping, succeeded=1)["pending"] == 1
    assert wait(skipping, received=2, succeeded=1)["pending"] == 1


def test_a_wait_jumps_no_further_than_it_has_to_but_leaves_nothing_that_is_due(make):
    skipping = make()
    for _ in range(2):
        skipping.send()
    skipping.engine.clock.advance_to(START + SECOND)
    skipping.send()
    assert wait(skipping, succeeded=1)["succeeded"] == 2
    assert now(skipping) == "2026-01-01T00:10:00.000000Z"


def test_the_same_happens_as_on_a_virtual_clock_that_is_advanced(make):
    outcomes = []
    for clock in ("skipping", "virtual"):
        rehearsal = make(STUBBORN, clock, seed=7)
        for n in range(5):
            rehearsal.send(b'{"n": %d}' % n)
        if clock == "virtual":
            rehearsal.advance(86_400)
        else:
            assert wait(rehearsal, succeeded=5)
        outcomes.append(rehearsal.runs())
    assert outcomes[0] == outcomes[1]
    assert {run["status"] for run in outcomes[0]} == {"Succeeded"}
    assert max(task["attempts"] for run in outcomes[0] for task in run["tasks"]) > 2


def test_retries_are_jumped_to_until_the_run_gives_up_after_a_day(make):
    task = {"name": "Invite", "type": "email", "settings": {}, "failProbability": 1}
    skipping = make({"retryTasks": True, "tasks": [task]})
    skipping.send()
    assert wait(skipping, failed=1)
    (run,) = skipping.runs()
    assert (run["startedOn"][:10], run["finishedOn"][:10]) == ("2026-01-01", "2026-01-02")


def test_a_wait_with_nothing_due_waits_really_for_calls_that_come_in(make):
    skipping, heard = make(), []
    waiters = [
        threading.Thread(target=lambda n=n: heard.append(wait(skipping, succeeded=n)))
        for n in (1, 2, 3, 3)
    ]
    for waiter in waiters:
        waiter.start()
    for _ in range(3):
        skipping.send()
    for waiter in waiters:
        waiter.join(PATIENCE_SECONDS)
    assert len(heard) == len(waiters)
    assert skipping.totals()["succeeded"] == 3


def test_the_timeout_of_a_wait_is_real(make):
    skipping = make()
    skipping.send()
    assert wait(skipping, 0.01, succeeded=2) is None
    assert skipping.totals()["succeeded"] == 1  # it had jumped


def test_jumps_are_committed_now_and_then_and_go_on(make, monkeypatch):
    monkeypatch.setattr("mock_qualtrics.runs.clocks.skipping.JUMP_SECONDS", -1)
    skipping = make()
    skipping.send()
    assert wait(skipping, 0, succeeded=1) is None
    monkeypatch.undo()
    assert wait(skipping, 0, succeeded=1)


def waiting(skipping: Rehearsal, heard: list[object]) -> threading.Thread:
    """Return a thread that waits for a run, once it does."""

    def hear() -> None:
        try:
            heard.append(wait(skipping, succeeded=1))
        except ServerStoppedError:
            heard.append("stopped")

    waiter = threading.Thread(target=hear)
    waiter.start()
    while not skipping.engine.journal._changed._threads._waiters:
        assert waiter.is_alive()
    return waiter


def test_waiting_ends_when_the_tenant_is_deleted(make):
    skipping, heard = make(), []
    waiter = waiting(skipping, heard)
    skipping.engine.tenants.delete(skipping.tenant.id)
    waiter.join(PATIENCE_SECONDS)
    assert heard == [None]


def test_waiting_ends_when_the_server_stops(make):
    skipping, heard = make(), []
    waiter = waiting(skipping, heard)
    skipping.engine.journal.end_waits()
    waiter.join(PATIENCE_SECONDS)
    assert heard == ["stopped"]


def test_while_a_web_service_is_called_the_clock_waits_for_it_really(make, web_service):
    task = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}
    skipping = make({**MINUTES, "tasks": [task]})
    calling, answering = threading.Event(), threading.Event()
    web_service.when_called = lambda: (calling.set(), answering.wait(PATIENCE_SECONDS))
    skipping.send()
    skipping.engine.clock.advance_to(START + SECOND)
    skipping.send()
    assert wait(skipping, 0, succeeded=2) is None
    assert calling.wait(PATIENCE_SECONDS)
    assert wait(skipping, 0, succeeded=2) is None  # the call is under way: no jump
    assert now(skipping) == "2026-01-01T00:10:00.000000Z"
    answering.set()
    assert wait(skipping, succeeded=2)
    assert [run["startedOn"] for run in skipping.runs()] == [
        "2026-01-01T00:10:01.000000Z",
        "2026-01-01T00:10:00.000000Z",
    ]


def test_an_advance_goes_by_every_due_moment_and_waits_for_web_services(make, web_service):
    task = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}
    skipping = make({**MINUTES, "tasks": [task]})
    calls = []
    web_service.when_called = lambda: calls.append(now(skipping))
    for second in range(3):
        skipping.engine.clock.advance_to(START + second * SECOND)
        skipping.send()
    assert skipping.advance(600) == START + 602 * SECOND
    assert calls == [f"2026-01-01T00:10:0{n}.000000Z" for n in range(3)]
    assert skipping.totals()["succeeded"] == 3


def test_an_advance_ends_at_a_stop_a_reset_a_deletion_and_the_last_instant(make, web_service):
    task = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}
    skipping = make({**MINUTES, "tasks": [task]})
    tenants, tenant = skipping.engine.tenants, skipping.tenant
    web_service.when_called = lambda: tenants.reset(tenant.id)
    skipping.send()
    with pytest.raises(TenantResetError):
        skipping.advance(600)
    with pytest.raises(ClockEndsError):
        make(real=parse_instant("9999-01-01T00:00:00Z")).advance(366 * 86_400)
    web_service.when_called = lambda: tenants.delete(tenant.id)
    skipping.send()
    with pytest.raises(NotFoundError):
        skipping.advance(600)
    stopped = make()
    stopped.engine.journal.end_waits()
    with pytest.raises(ServerStoppedError):
        stopped.advance(1)


def test_a_reset_sets_the_clock_back_to_real_time_while_somebody_waits(make, web_service):
    task = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}
    skipping = make({**MINUTES, "tasks": [task]})
    is_reset = threading.Event()

    def reset() -> None:
        skipping.engine.tenants.reset(skipping.tenant.id)
        is_reset.set()

    web_service.when_called = reset
    skipping.send()
    assert wait(skipping, 0.01, succeeded=1) is None
    assert is_reset.wait(PATIENCE_SECONDS)  # on a busy machine the wait ends before the call
    assert now(skipping) == "2026-01-01T00:00:00.000000Z"
    web_service.when_called = lambda: None
    skipping.send()
    assert wait(skipping, succeeded=1)["received"] == 1


def test_window_daily_limit_and_faults_follow_the_clock(make):
    limits = {"callsPerMinute": 1, "runsPerDay": 1}
    skipping = make({"delay": {"kind": "fixed", "seconds": 86_400}}, limits=limits)
    between = {"between": ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"]}
    skipping.tenant.faults.add({"kind": "run-failed", "when": between})
    assert [skipping.send().status, skipping.send().status] == [202, 429]
    assert wait(skipping, succeeded=1)
    assert skipping.send().status == 202
    assert wait(skipping, failed=1)
    assert now(skipping) == "2026-01-03T00:00:00.000000Z"
    assert skipping.totals()["blocked"] == 0


def test_seconds_since_a_fault_was_added_follow_the_clock_and_survive_a_restart(make, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    skipping = make(store=store)
    skipping.advance(100)
    outage = {"kind": "status", "status": 503, "when": {"between": [10, 60]}}
    skipping.tenant.faults.add(outage)
    assert skipping.send().status == 202
    skipping.advance(10)
    assert skipping.send().status == 503
    skipping.engine.close()
    again = reopened(skipping, store)
    with again.engine:
        assert again.send().status == 503
        again.advance(50)
        assert again.send().status == 202
        again.engine.tenants.reset(again.tenant.id)
        again.tenant.faults.add(outage)
        again.advance(10)
        assert again.send().status == 503


def test_retention_follows_the_clock(make):
    skipping = make({"delay": {"kind": "fixed", "seconds": 20 * 86_400}})
    for _ in range(3):
        skipping.send()
        assert wait(skipping, succeeded=skipping.totals()["received"])
    assert len(skipping.runs()) == 3  # a wait deletes nothing that it was for
    assert wait(skipping, succeeded=3)
    assert len(skipping.runs()) == 2  # 30 days
    skipping.advance(40 * 86_400)
    assert skipping.runs() == skipping.requests() == ()
    assert skipping.totals()["succeeded"] == 3


def test_the_offset_survives_a_restart_and_a_kill_and_moves_no_other_clock(make, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = make(store=store)
    before.send()
    wait(before, succeeded=1)
    before.engine.clock.advance_to(START + SECOND)
    before.send()  # its row holds the later instant
    copied = tmp_path / "killed.db"
    for suffix in ("", "-wal"):  # what a kill leaves behind
        copied.with_name(copied.name + suffix).write_bytes(
            (tmp_path / f"journal.db{suffix}").read_bytes()
        )
    with reopened(before, f"sqlite:///{copied}", START + 60 * SECOND).engine as engine:
        tenant = engine.tenants.get(before.tenant.id)
        assert format_instant(tenant.clock.now()) == "2026-01-01T00:11:00.000000Z"
        assert engine.tenants.default.clock.now() == START + 60 * SECOND
        assert engine.wait(tenant.id, {"succeeded": 2}, PATIENCE_SECONDS)
    with reopened(before, f"sqlite:///{copied}", START - DAY).engine as engine:
        tenant = engine.tenants.get(before.tenant.id)
        assert format_instant(tenant.clock.now()) == "2026-01-01T00:20:01.000000Z"


def test_what_tenants_skip_sets_no_real_clock_ahead_after_a_restart(make, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = make(store=store)
    before.advance(1_000 * 86_400)
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        tenant = engine.tenants.get(before.tenant.id)
        assert engine.clock.now() <= RealClock().now()
        assert tenant.clock.now() >= RealClock().now() + 999 * DAY
