"""A caller who leaves while the answer is made."""

import asyncio
from types import SimpleNamespace

import pytest

from mock_qualtrics.server.asgi_types import CONNECTION_KEY, CYCLE_KEY
from mock_qualtrics.server.connection import ConnectionProtocol
from mock_qualtrics.server.error_log import ErrorLog


def connection(*, is_closing: bool) -> ConnectionProtocol:
    made = ConnectionProtocol.__new__(ConnectionProtocol)
    made.transport = SimpleNamespace(is_closing=lambda: is_closing)
    made.cycle = None  # of a later call, perhaps
    return made


async def answer(_scope, _receive, send):
    await send({"type": "http.response.start"})


@pytest.mark.parametrize("is_closing", [False, True])
def test_an_answer_to_a_caller_who_has_just_left_is_no_error_of_the_server(is_closing):
    cycle, sent = SimpleNamespace(disconnected=False), []
    scope = {CONNECTION_KEY: connection(is_closing=is_closing), CYCLE_KEY: cycle}

    async def send(message) -> None:  # as uvicorn's: nothing is written once it knows
        if not cycle.disconnected:
            sent.append(message["type"])

    log = ErrorLog()
    asyncio.run(log.guard(answer)(scope, None, send))
    assert sent == ([] if is_closing else ["http.response.start"])
    assert log.take() == []
