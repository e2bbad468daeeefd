"""The inner parts of uvicorn that the mock's connections build on, named one by one.

uvicorn documents none of them. When this fails after an upgrade, compare the new
``uvicorn/protocols/http/httptools_impl.py`` with ``mock_qualtrics/server/connection.py`` and
``mock_qualtrics/server/fast_path.py``, which override and call them. Then raise the upper bound in
``pyproject.toml``.
"""

import asyncio
import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mock_qualtrics.server.connection import ConnectionProtocol
from mock_qualtrics.server.fast_path import FastPathProtocol

ROOT = Path(__file__).parents[4]
LOOK = "uvicorn changed: look at mock_qualtrics/server/connection.py and fast_path.py"
OVERRIDDEN = {
    "connection_lost": ["exc"],
    "connection_made": ["transport"],
    "data_received": ["data"],
    "eof_received": [],
    "on_body": ["body"],
    "on_headers_complete": [],
    "on_message_begin": [],
    "on_message_complete": [],
    "on_response_complete": [],
    "send_400_response": ["msg"],
    "shutdown": [],
}
CALLED = {"_unset_keepalive_if_required": []}
CONNECTION_ATTRIBUTES = {
    "cycle",
    "flow",
    "headers",
    "loop",
    "parser",
    "pipeline",
    "scheme",
    "scope",
    "server_state",
    "timeout_keep_alive_task",
    "transport",
}
CYCLE_ATTRIBUTES = {
    "disconnected",
    "keep_alive",
    "more_body",
    "response_complete",
    "response_started",
}


class Transport(asyncio.Transport):
    """Keeps what is written; says that it is closing once closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:  # noqa: ANN401  its base's
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def echo(scope, receive, send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def connected(loop: asyncio.AbstractEventLoop) -> tuple[HttpToolsProtocol, Transport]:
    config = uvicorn.Config(echo, ws="none", lifespan="off", interface="asgi3", log_config=None)
    protocol = HttpToolsProtocol(config, ServerState(), {}, loop)
    transport = Transport()
    protocol.connection_made(transport)
    return protocol, transport


@pytest.mark.parametrize(("method", "parameters"), {**OVERRIDDEN, **CALLED}.items())
def test_a_connection_has_the_methods_that_are_overridden_or_called(method, parameters):
    found = getattr(HttpToolsProtocol, method, None)
    assert found is not None, f"HttpToolsProtocol.{method} is gone; {LOOK}"
    names = list(inspect.signature(found).parameters)[1:]
    assert names == parameters, f"HttpToolsProtocol.{method} takes {names}; {LOOK}"


def test_what_the_mock_s_connections_override_is_all_named_here():
    callbacks = {
        name
        for kind in (ConnectionProtocol, FastPathProtocol)
        for name, value in vars(kind).items()
        if inspect.isfunction(value) and hasattr(HttpToolsProtocol, name) and name != "__init__"
    }
    assert callbacks == set(OVERRIDDEN), "name it in OVERRIDDEN, with what uvicorn gives it"


def test_a_connection_and_its_cycle_have_the_attributes_that_are_used():
    async def ask() -> None:
        protocol, transport = connected(asyncio.get_running_loop())
        assert protocol.cycle is None, f"before the first call there is a cycle; {LOOK}"
        missing = {name for name in CONNECTION_ATTRIBUTES if not hasattr(protocol, name)}
        assert not missing, f"HttpToolsProtocol has no {sorted(missing)}; {LOOK}"
        assert protocol.scheme == "http", LOOK
        assert not protocol.pipeline, LOOK
        assert protocol.flow.write_paused is False, LOOK
        assert protocol.flow.read_paused is False, LOOK
        assert protocol.server_state.default_headers == [], LOOK
        protocol.data_received(b"POST /x?y=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{")
        assert protocol.url == b"/x?y=1", LOOK
        assert protocol.headers == [(b"host", b"h"), (b"content-length", b"2")], LOOK
        assert protocol.scope["type"] == "http", LOOK
        assert protocol.parser.get_method() == b"POST", LOOK
        assert protocol.parser.get_http_version() == "1.1", LOOK
        assert protocol.parser.should_keep_alive() is True, LOOK
        cycle = protocol.cycle
        assert isinstance(cycle, RequestResponseCycle), LOOK
        missing = {name for name in CYCLE_ATTRIBUTES if not hasattr(cycle, name)}
        assert not missing, f"RequestResponseCycle has no {sorted(missing)}; {LOOK}"
        assert (cycle.more_body, cycle.response_complete) == (True, False), LOOK
        protocol.data_received(b"}")
        assert cycle.more_body is False, LOOK
        await asyncio.gather(*protocol.tasks)
        assert cycle.response_complete is True, LOOK
        assert transport.written.endswith(b"{}\r\n0\r\n\r\n"), LOOK
        assert protocol.timeout_keep_alive_task is not None, LOOK
        protocol.connection_lost(OSError())
        protocol._unset_keepalive_if_required()
        assert protocol.timeout_keep_alive_task is None, LOOK

    asyncio.run(ask())


def test_a_disconnected_cycle_sends_nothing_more():
    async def ask() -> None:
        protocol, transport = connected(asyncio.get_running_loop())
        protocol.data_received(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        protocol.cycle.disconnected = True
        await asyncio.gather(*protocol.tasks)
        assert transport.written == b"", f"an aborted connection would be answered; {LOOK}"
        protocol.connection_lost(None)

    asyncio.run(ask())


def test_no_more_calls_are_kept_alive_once_the_cycle_says_so():
    async def ask() -> None:
        protocol, transport = connected(asyncio.get_running_loop())
        protocol.data_received(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        protocol.cycle.keep_alive = False
        await asyncio.gather(*protocol.tasks)
        assert transport.closed, LOOK

    asyncio.run(ask())


def test_bytes_that_are_no_http_reach_the_method_that_answers_400(monkeypatch):
    messages: list[str] = []
    monkeypatch.setattr(HttpToolsProtocol, "send_400_response", lambda _, msg: messages.append(msg))

    async def ask() -> None:
        protocol, _ = connected(asyncio.get_running_loop())
        protocol.logger.disabled = True
        try:
            protocol.data_received(b"\x00\x01\r\n\r\n")
        finally:
            protocol.logger.disabled = False

    asyncio.run(ask())
    assert len(messages) == 1, LOOK


def test_status_lines_are_bytes_by_status():
    assert httptools_impl.STATUS_LINE[200] == b"HTTP/1.1 200 OK\r\n", LOOK
    assert httptools_impl.STATUS_LINE[599].startswith(b"HTTP/1.1 599"), LOOK


def test_the_dependency_is_bounded_to_the_versions_that_these_tests_know():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (requirement,) = [line for line in project["dependencies"] if line.startswith("uvicorn")]
    assert requirement == "uvicorn>=0.47,<0.55"
    found = re.match(r"0\.(\d+)", version("uvicorn"))
    assert found, LOOK
    assert 34 <= int(found[1]) < 55, LOOK


def test_a_server_has_what_its_subclass_overrides_and_uses():
    server = uvicorn.Server(uvicorn.Config(echo))
    for method in ("startup", "shutdown"):
        assert list(inspect.signature(getattr(server, method)).parameters) == ["sockets"], LOOK
    assert callable(server.capture_signals), LOOK
    assert server._captured_signals == [], "look at mock_qualtrics/server/server.py"
    assert server.server_state.connections == set(), LOOK
