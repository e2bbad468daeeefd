"""A tenant that is reset or deleted while runs of it are under way."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NotFoundError, TenantResetError
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.settings import Settings
from mock_qualtrics.web.control.problems import status_of
from support.rehearsal import trigger_call

SECONDS = 1_000
START = "2026-01-01T00:00:00Z"


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
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'mock.db'}"


@pytest.fixture
def engine(store, web_service) -> Iterator[Engine]:
    parts = RunnerParts(web_service=web_service)
    with Engine(Settings(store=store), runner_parts=parts) as made:
        yield made


@pytest.fixture
def tenant(engine) -> Any:  # noqa: ANN401
    made = engine.tenants.create({"clock": "virtual", "startAt": START})
    task = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/"}}
    delay = {"kind": "fixed", "seconds": SECONDS}
    engine.tenants.add_workflow(made, {"name": "Any", "delay": delay, "tasks": [task]})
    return made


def send(engine: Engine, tenant: Any) -> None:  # noqa: ANN401
    call = trigger_call(engine, b"{}", tenant.workflows[0])
    headers = (("x-api-token", tenant.api_token.reveal()), *call.headers[1:])
    assert engine.receive(call._replace(headers=headers)).status // 100 == 2


def reset_and_send(engine: Engine, tenant: Any, web_service: WebService) -> None:  # noqa: ANN401
    web_service.when_called = lambda: None
    engine.tenants.reset(tenant.id)
    send(engine, tenant)


def test_a_reset_ends_the_advance_and_nothing_of_it_reaches_what_comes_after(
    engine, tenant, web_service, store
):
    web_service.when_called = partial(reset_and_send, engine, tenant, web_service)
    send(engine, tenant)
    with pytest.raises(TenantResetError, match="was reset while its clock was advanced") as ended:
        engine.advance(tenant.id, 10 * SECONDS)
    assert status_of(ended.value) == 409
    totals = engine.journal.totals(tenant.number)
    assert (totals["received"], totals["pending"], totals["succeeded"]) == (1, 1, 0)
    engine.close()
    with Engine(Settings(store=store)) as again:
        again.advance(tenant.id, SECONDS - 1)
        assert again.journal.totals(tenant.number)["pending"] == 1


def test_a_reset_ends_what_a_caller_who_waits_catches_up_with(engine, tenant, web_service):
    web_service.when_called = partial(reset_and_send, engine, tenant, web_service)
    send(engine, tenant)
    before = tenant.clock
    before.advance_to(before.now() + SECONDS * 1_000_000)
    engine._runner._virtual.catch_up(tenant)
    assert tenant.clock is not before
    assert engine.journal.totals(tenant.number)["pending"] == 1


def test_a_deletion_ends_the_advance(engine, tenant, web_service):
    web_service.when_called = lambda: engine.tenants.delete(tenant.id)
    send(engine, tenant)
    with pytest.raises(NotFoundError, match=tenant.id):
        engine.advance(tenant.id, 10 * SECONDS)
