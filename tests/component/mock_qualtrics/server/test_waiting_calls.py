"""Calls that wait for counts on an event loop."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NotFoundError, ServerStoppedError
from mock_qualtrics.model import Answer, Call, Pause
from mock_qualtrics.server.web_calls import waiting_calls
from mock_qualtrics.server.web_calls.waiting_calls import CallerGoneError, WaitingCalls
from mock_qualtrics.settings import Settings
from support.rehearsal import Rehearsal

PATIENCE_SECONDS = 60  # only a test that fails waits so long
NOT_YET, REACHED = Answer(408, b""), Answer(200, b"")


@pytest.fixture
def engine():
    with Engine(Settings()) as made:
        yield made


async def until(condition: Callable[[], object]) -> None:
    """Return once the condition holds; the loop has its turns meanwhile."""
    for _ in iter(lambda: bool(condition()), True):
        await asyncio.sleep(0)


class Route:
    """Answers as the route does, and tells when it was asked."""

    def __init__(
        self, engine: Engine, timeout_seconds: float = PATIENCE_SECONDS, **wanted: int
    ) -> None:
        self.engine = engine
        self.tenant = engine.tenants.default
        self.wanted = wanted
        self.timeout_seconds = timeout_seconds
        self.asked = 0
        self.after_asking = lambda: None

    async def __call__(self, pause: Pause) -> Answer:
        self.asked += 1
        reached = self.engine.wait(self.tenant.id, self.wanted, 0.0)
        if reached is None:
            pause.tenant_number, pause.wanted = self.tenant.number, self.wanted
            pause.timeout_seconds = self.timeout_seconds
        self.after_asking()
        return REACHED if reached else NOT_YET


def call(engine):
    """Make a call as any other thread would, and commit it."""
    (workflow,) = engine.tenants.default.workflows
    query = workflow.urls("")["triggerUrl"].partition("?")[2]
    path = "/inbound-event/v1/events/json/triggers"
    thread = threading.Thread(target=engine.receive, args=[Call("POST", path, query, (), b"{}")])
    thread.start()
    thread.join()


def hear(engine, route, *, lost=None, meanwhile=None):
    """Return what the caller of the route is answered."""

    async def heard() -> Answer:
        waiting = WaitingCalls(engine)
        stays = asyncio.Event()
        answer = asyncio.ensure_future(waiting.answer(route, lost or stays.wait))
        await until(lambda: waiting._waiters or answer.done())
        if meanwhile is not None:
            await meanwhile()
        try:
            return await asyncio.wait_for(answer, PATIENCE_SECONDS)
        finally:
            assert not waiting._waiters
            waiting.close()

    return asyncio.run(heard())


def test_a_call_that_waits_is_answered_once_another_thread_commits_what_it_waits_for(engine):
    route = Route(engine, received=2)

    async def two_calls() -> None:
        call(engine)
        await asyncio.sleep(0)
        call(engine)

    assert hear(engine, route, meanwhile=two_calls) == REACHED
    assert route.asked == 2


def test_many_calls_that_wait_take_no_thread(engine):
    async def all_heard() -> int:
        waiting = WaitingCalls(engine)
        stays = asyncio.Event()
        routes = [Route(engine, received=1) for _ in range(200)]
        answers = [asyncio.ensure_future(waiting.answer(route, stays.wait)) for route in routes]
        await until(lambda: sum(map(len, waiting._waiters.values())) == len(routes))
        threads = threading.active_count()
        call(engine)
        assert set(await asyncio.gather(*answers)) == {REACHED}
        waiting.close()
        return threads

    before = threading.active_count()
    assert asyncio.run(all_heard()) == before


def test_a_call_that_begins_to_wait_does_not_look_at_all_others(engine, monkeypatch):
    looks, settled = [], engine.journal.settled
    monkeypatch.setattr(engine.journal, "settled", lambda *of: looks.append(of) or settled(*of))
    calls = 100

    async def all_wait() -> None:
        waiting = WaitingCalls(engine)
        stays = asyncio.Event()
        routes = [Route(engine, received=1) for _ in range(calls)]
        answers = [asyncio.ensure_future(waiting.answer(route, stays.wait)) for route in routes]
        await until(lambda: sum(map(len, waiting._waiters.values())) == calls)
        before = len(looks)
        call(engine)
        await asyncio.gather(*answers)
        waiting.close()
        assert before < 10 * calls

    asyncio.run(all_wait())


def test_what_is_reached_between_asking_and_waiting_is_not_missed(engine):
    route = Route(engine, received=1)
    route.after_asking = lambda: call(engine) if route.asked == 1 else None
    assert hear(engine, route) == REACHED
    assert route.asked == 2


def test_after_its_time_a_call_is_answered_with_what_there_is(engine):
    assert hear(engine, Route(engine, received=1, timeout_seconds=0.01)) == NOT_YET
    asked_once = Route(engine, received=1, timeout_seconds=0.0)
    assert hear(engine, asked_once) == NOT_YET
    assert asked_once.asked == 1


def test_a_caller_that_hangs_up_is_waited_for_no_longer(engine):
    hung_up = asyncio.Event()

    async def hang_up() -> None:
        hung_up.set()

    with pytest.raises(CallerGoneError):
        hear(engine, Route(engine, received=1), lost=hung_up.wait, meanwhile=hang_up)


def test_a_server_that_stops_ends_all_waiting_and_lets_none_begin(engine):
    async def stop() -> None:
        engine.journal.end_waits()

    for _ in range(2):
        with pytest.raises(ServerStoppedError, match="The server stops"):
            hear(engine, Route(engine, received=1), meanwhile=stop)


def test_a_call_waits_on_when_its_tenant_was_reset_and_asks_again_when_it_is_gone(engine):
    route = Route(engine, received=1)
    tenant = route.tenant = engine.tenants.create({})

    async def reset_and_delete() -> None:
        engine.tenants.reset(tenant.id)
        await asyncio.sleep(0)
        engine.tenants.delete(tenant.id)

    with pytest.raises(NotFoundError, match=tenant.id):
        hear(engine, route, meanwhile=reset_and_delete)


@pytest.fixture
def skipping(engine):
    tenant = engine.tenants.create({"clock": "skipping"})
    delay = {"kind": "fixed", "seconds": 86_400}
    return tenant, engine.tenants.add_workflow(tenant, {"name": "Survey", "delay": delay})


def test_one_of_many_calls_that_wait_makes_a_skipping_clock_jump(engine, skipping):
    tenant, workflow = skipping
    connector = Rehearsal(engine, tenant, workflow)
    wanted = [{"received": 4}, {"succeeded": 1}, {"succeeded": 4}, {"pending": 5}]

    async def all_heard() -> list[Route]:
        waiting = WaitingCalls(engine)
        stays = asyncio.Event()
        routes = [Route(engine, **counts) for counts in wanted for _ in range(25)]
        for route in routes:
            route.tenant = tenant
        answers = [asyncio.ensure_future(waiting.answer(route, stays.wait)) for route in routes]
        await until(lambda: sum(map(len, waiting._waiters.values())) == len(routes))
        for _ in range(4):
            await asyncio.to_thread(connector.send)
        assert set(await asyncio.gather(*answers[:75])) == {REACHED}
        assert not any(answer.done() for answer in answers[75:])
        engine.journal.end_waits()
        await asyncio.gather(*answers, return_exceptions=True)
        waiting.close()
        return routes

    routes = asyncio.run(all_heard())
    assert connector.totals()["succeeded"] == 4
    assert sum(route.asked for route in routes) < 4 * len(routes)


def test_when_the_one_that_was_to_jump_hangs_up_another_one_jumps(engine, skipping, monkeypatch):
    tenant, workflow = skipping
    connector, wake, woken = Rehearsal(engine, tenant, workflow), waiting_calls._Waiter.wake, []

    async def heard() -> list[object]:
        waiting = WaitingCalls(engine)
        ends = {seconds: asyncio.Event() for seconds in (60, 61)}
        routes = [Route(engine, seconds, succeeded=1) for seconds in ends]

        def hang_up_and_wake(waiter: waiting_calls._Waiter) -> None:
            if not woken:
                woken.append(waiter)
                ends[waiter.pause.timeout_seconds].set()
            wake(waiter)

        monkeypatch.setattr(waiting_calls._Waiter, "wake", hang_up_and_wake)
        for route in routes:
            route.tenant = tenant
        both = zip(routes, ends.values(), strict=True)
        answers = [asyncio.ensure_future(waiting.answer(route, end.wait)) for route, end in both]
        await until(lambda: sum(map(len, waiting._waiters.values())) == len(answers))
        await asyncio.to_thread(connector.send)
        answered = await asyncio.gather(*answers, return_exceptions=True)
        waiting.close()
        return sorted(answered, key=lambda answer: answer == REACHED)

    lost, reached = asyncio.run(heard())
    assert (type(lost), reached) == (CallerGoneError, REACHED)
