"""Calls that keep a thread for long leave the threads to other tenants' calls."""

import contextlib
import socket
import threading

import pytest
import requests

from mock_qualtrics import serve_in_thread
from mock_qualtrics.server.web_calls.flask_bridge import THREADS

TIMEOUT_SECONDS = 60  # only a test that fails waits so long
BODY = b'{"seconds": 1}'


PATHS = ("/__control/v1/tenants/{}/clock/advance", "/controls/{}/clock/advance")


@pytest.mark.parametrize("path", PATHS)
def test_many_advances_of_one_clock_leave_other_clocks_their_turn(monkeypatch, path):
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
        media_type, body = _asked(server.url, path)
        lines = [f"POST {path.format(slow)} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"Content-Type: {media_type}", f"Content-Length: {len(body)}", "", ""]
        address = server.url.removeprefix("http://").split(":")
        for _ in range(THREADS + 1):
            connection = socket.create_connection((address[0], int(address[1])), TIMEOUT_SECONDS)
            stack.enter_context(connection).sendall("\r\n".join(lines).encode() + body)
        assert begun.wait(TIMEOUT_SECONDS)
        answer = requests.post(
            server.url + path.format(quick),
            data=body,
            headers={"Content-Type": media_type},
            timeout=TIMEOUT_SECONDS / 2,
        )
        assert answer.status_code == 200
        assert not may_end.is_set()


def _asked(url: str, path: str) -> tuple[str, bytes]:
    """Return media type and body of an advance: of the control API, or of the page's form."""
    if path.startswith("/__control"):
        return "application/json", BODY
    shown = requests.get(f"{url}/controls", timeout=TIMEOUT_SECONDS).text
    token = shown.partition('name="form-token" value="')[2].partition('"')[0]
    return "application/x-www-form-urlencoded", f"form-token={token}&by=1".encode()
