"""The trigger endpoint, driven by hand: what the network does to it; calls share a commit."""

import asyncio
import json
from typing import Any

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.server.trigger_endpoint import TriggerEndpoint
from mock_qualtrics.settings import Limits, Settings


class CountingEngine(Engine):
    """The engine, counting its commits; told to, it cannot write."""

    commits = 0
    broken = False
    unreadable = False

    def stage(self, call, target=None):
        if self.unreadable:
            raise StoreFailedError("the connection is lost")
        return super().stage(call, target)

    def commit(self):
        self.commits += 1
        if self.broken:
            raise StoreFailedError("the disk is full")
        return super().commit()


@pytest.fixture
def engine():
    with CountingEngine(Settings(limits=Limits(payload_bytes=1_000))) as made:
        yield made
        made.broken = False


@pytest.fixture
def door(engine):
    return TriggerEndpoint(engine)


def scope_of(engine):
    tenant = engine.tenants.default
    (workflow,) = tenant.workflows
    query = workflow.urls("")["triggerUrl"].partition("?")[2]
    headers = [
        (b"x-api-token", tenant.api_token.reveal().encode()),
        (b"content-type", b"application/json"),
    ]
    scope = {"type": "http", "method": "POST", "path": TRIGGER_PATH}
    return {**scope, "query_string": query.encode(), "headers": headers}


def part(body, more):
    return {"type": "http.request", "body": body, "more_body": more}


GONE = {"type": "http.disconnect"}


async def call(door, scope, *messages: dict[str, Any]):
    waiting, sent = list(messages), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message) -> None:
        sent.append(message)

    await door(scope, receive, send)
    return sent


def test_a_body_in_parts_is_one_body(engine, door):
    parts = [part(b'{"a"', True), part(b"", True), part(b": 1}", False)]
    start, body = asyncio.run(call(door, scope_of(engine), *parts))
    assert start["status"] == 202
    assert json.loads(body["body"])["meta"]["httpStatus"] == "202 - Accepted"
    assert dict(start["headers"])[b"content-length"] == b"%d" % len(body["body"])


def test_reading_stops_one_byte_over_the_limit(engine, door):
    endless = [part(b" " * 600, True) for _ in range(2)]
    start, _ = asyncio.run(call(door, scope_of(engine), *endless))
    assert start["status"] == 413


@pytest.mark.parametrize("messages", [[GONE], [part(b'{"a"', True), GONE]])
def test_a_caller_who_hangs_up_before_the_body_is_whole_starts_nothing(engine, door, messages):
    assert asyncio.run(call(door, scope_of(engine), *messages)) == []
    assert engine.journal.totals(engine.tenants.default.number)["received"] == 0


def test_calls_of_one_turn_of_the_loop_share_a_commit(engine, door):
    async def together() -> list[Any]:
        calls = [call(door, scope_of(engine), part(b"{}", False)) for _ in range(10)]
        return await asyncio.gather(*calls)

    answers = asyncio.run(together())
    assert {sent[0]["status"] for sent in answers} == {202}
    assert engine.commits == 1


def test_a_caller_who_hangs_up_takes_no_other_caller_along(engine, door):
    async def one_leaves() -> Any:  # noqa: ANN401  what ASGI sends
        leaving = asyncio.create_task(call(door, scope_of(engine), part(b"{}", False)))
        staying = asyncio.create_task(call(door, scope_of(engine), part(b"{}", False)))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert asyncio.run(one_leaves())[0]["status"] == 202


def test_what_could_not_be_written_is_not_answered_as_accepted(engine, door, caplog):
    engine.broken = True
    start, body = asyncio.run(call(door, scope_of(engine), part(b"{}", False)))
    assert start["status"] == 503
    assert json.loads(body["body"])["meta"]["httpStatus"] == "503 - Service Unavailable"
    assert "the disk is full" in caplog.text


def test_what_cannot_be_looked_up_is_answered_503_too(engine, door):
    engine.unreadable = True
    start, _ = asyncio.run(call(door, scope_of(engine), part(b"{}", False)))
    assert start["status"] == 503
