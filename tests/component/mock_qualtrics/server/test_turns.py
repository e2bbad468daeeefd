"""Calls that keep a thread for long leave the threads to other tenants' calls."""

import contextlib
import socket
import threading

import requests

from mock_qualtrics import serve_in_thread
from mock_qualtrics.server.asgi_app import ASKED_AT_ONCE

TIMEOUT_SECONDS = 60  # only a test that fails waits so long
BODY = b'{"seconds": 1}'


def test_many_advances_of_one_clock_leave_other_clocks_their_turn(monkeypatch):
    with serve_in_thread() as server, contextlib.ExitStack() as stack:
        slow, quick = (server.engine.tenants.create({"clock": "virtual"}).id for _ in range(2))
        advance, begun, may_end = server.engine.advance, threading.Event(), threading.Event()
        stack.callback(may_end.set)

        def take_long(tenant_id: str, seconds: float) -> int:
            if tenant_id == slow:
                begun.set()
                may_end.wait(TIMEOUT_SECONDS)
            return advance(tenant_id, seconds)

        monkeypatch.setattr(server.engine, "advance", take_long)
        path = "/__control/v1/tenants/{}/clock/advance"
        lines = [f"POST {path.format(slow)} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(BODY)}", "", ""]
        address = server.url.removeprefix("http://").split(":")
        for _ in range(ASKED_AT_ONCE["clock/advance"] + 1):
            connection = socket.create_connection((address[0], int(address[1])), TIMEOUT_SECONDS)
            stack.enter_context(connection).sendall("\r\n".join(lines).encode() + BODY)
        assert begun.wait(TIMEOUT_SECONDS)
        answer = requests.post(
            server.url + path.format(quick), json={"seconds": 1}, timeout=TIMEOUT_SECONDS / 2
        )
        assert answer.status_code == 200
        assert not may_end.is_set()
