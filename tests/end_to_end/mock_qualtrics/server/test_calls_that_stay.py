"""Calls that wait and requests that never become whole hold up nobody, and no stop."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator

import pytest
import requests

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.server import RunningServer, connection
from support import start_mock

TIMEOUT_SECONDS = 60
OF_EACH_KIND = 20  # together far more than the server has threads
TOO_LARGE = 413
OWN, FOREIGN = "localhost", "evil.example"
LATE = "The request did not arrive as a whole in time."

IN_THREAD = """
import socket, threading, urllib.parse
from mock_qualtrics import serve_in_thread
server = serve_in_thread()
tenant = server.engine.tenants.default
asked = threading.Event()
def wait():
    asked.set()
    server.engine.wait(tenant.id, {"received": 1}, 600)
threading.Thread(target=wait).start()
asked.wait()
address = urllib.parse.urlsplit(server.url)
connections = [socket.create_connection((address.hostname, address.port)) for _ in range(70)]
for connection in connections:
    path = f"/__control/v1/tenants/{tenant.id}/wait?received=1&timeoutSeconds=300"
    connection.sendall(f"GET {path} HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n".encode())
server.close()
"""


@pytest.fixture(scope="module")
def guarded() -> Iterator[RunningServer]:
    """A server that asks for a control token."""
    with serve_in_thread(Settings(control_token="wonderful")) as server:
        yield server


@pytest.fixture(scope="module")
def hurried() -> Iterator[RunningServer]:
    """A server that gives a request hardly any time to arrive."""
    with pytest.MonkeyPatch.context() as patched, serve_in_thread() as server:
        patched.setattr(connection, "LONGEST_REQUEST_SECONDS", 0.05)
        yield server
    assert server.take_errors() == []


def head(request: str, *lines: str, host: str = OWN) -> bytes:
    return "\r\n".join([f"{request} HTTP/1.1", f"Host: {host}", *lines, "", ""]).encode()


def half_of(request: str, host: str = OWN) -> bytes:
    return head(request, "Content-Length: 100", host=host) + b'{"a": '


def connected(url: str) -> socket.socket:
    address = urllib.parse.urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 0), TIMEOUT_SECONDS)


def everything(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            received += chunk
    return received


@contextlib.contextmanager
def held_open(url: str, *requests_sent: bytes) -> Iterator[list[socket.socket]]:
    """Send each request on as many connections as a kind has, and keep them open."""
    with contextlib.ExitStack() as stack:
        connections = []
        for sent in requests_sent * OF_EACH_KIND:
            connections.append(stack.enter_context(connected(url)))
            connections[-1].sendall(sent)
        yield connections


def test_health_and_page_answer_beside_many_that_stay_and_a_stop_ends_them_all():
    with start_mock() as server:
        wait = f"/__control/v1/tenants/{server.tenant_id}/wait"
        waiting = head(f"GET {wait}?received=1&timeoutSeconds=300")
        staying = (
            half_of("POST /__control/v1/tenants"),
            half_of("POST /login"),
            half_of("POST /nowhere", FOREIGN),
            half_of("GET /API/v3/whoami"),
            half_of("POST /inbound-event/v1/events/json/triggers"),
            b"GET /runs HTTP/1.1\r\nHost: ",
        )
        with held_open(server.url, waiting) as waiters, held_open(server.url, *staying):
            for path in ("/__control/v1/health", "/runs"):
                answer = server.session.get(server.url + path, timeout=TIMEOUT_SECONDS)
                assert answer.status_code == 200
            assert server.totals()["received"] == 0
            server.process.send_signal(signal.SIGTERM)
            heard = [everything(waiter) for waiter in waiters]
            assert server.process.wait(TIMEOUT_SECONDS) == 0
        assert {answer.partition(b"\r\n")[0] for answer in heard} == {
            b"HTTP/1.1 503 Service Unavailable"
        }
        assert "The server stops" in json.loads(heard[0].partition(b"\r\n\r\n")[2])["error"]


def test_the_interpreter_ends_after_close_though_calls_waited():
    command = [sys.executable, "-c", IN_THREAD]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    assert "ServerStoppedError: The server stops" in ended.stderr


def test_a_caller_that_hung_up_is_waited_for_no_longer():
    with serve_in_thread() as server:
        tenant = server.engine.tenants.default
        path = f"/__control/v1/tenants/{tenant.id}/wait?received=1&timeoutSeconds=300"
        waiters = server._asgi_app._waiting._waiters
        with held_open(server.url, head(f"GET {path}")) as connections:
            for _ in iter(lambda: len(waiters.get(tenant.number, ())), len(connections)):
                assert requests.get(f"{server.control_url}/health", timeout=60).ok
        for _ in iter(lambda: len(waiters), 0):
            assert requests.get(f"{server.control_url}/health", timeout=60).ok
        assert server.take_errors() == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (half_of("POST /__control/v1/tenants", FOREIGN), 403),
        (half_of("POST /__control/v1/tenants"), 401),
        (half_of("POST /login", FOREIGN), 403),
        (half_of("DELETE /__control/v1/nowhere"), 404),
        (head("POST /__control/v1/tenants", "Content-Length: 100000000"), TOO_LARGE),
    ],
)
def test_who_is_refused_by_the_head_need_not_send_a_body(
    sent: bytes, status: int, guarded: RunningServer
):
    if status == TOO_LARGE:
        sent = sent.replace(b"Host", b"Authorization: Bearer wonderful\r\nHost")
    with connected(guarded.url) as it:
        it.sendall(sent)
        assert it.recv(65_536).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /runs HTTP/1.1\r\nHost: ",
        half_of("POST /__control/v1/tenants"),
        half_of("POST /nowhere"),
        half_of("POST /inbound-event/v1/events/json/triggers?urlTokenId=1"),
    ],
    ids=["head", "control", "unknown path", "trigger"],
)
def test_a_request_that_does_not_become_whole_in_time_is_refused(
    sent: bytes, hurried: RunningServer
):
    with connected(hurried.url) as it:
        it.sendall(head("GET /__control/v1/health") + sent)
        first, second = everything(it).split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 OK")
    assert second.startswith(b"408 Request Timeout")
    assert json.loads(second.partition(b"\r\n\r\n")[2])["meta"]["error"]["errorMessage"] == LATE


def test_a_body_that_never_comes_after_its_answer_ends_the_connection(hurried: RunningServer):
    with connected(hurried.url) as it:
        it.sendall(half_of("POST /__control/v1/tenants", FOREIGN))
        answers = everything(it)
    assert answers.startswith(b"HTTP/1.1 403 ")
    assert answers.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("sent", "then"),
    [
        (head("GET /__control/v1/health"), b"\r\n"),
        (head("POST /__control/v1/tenants", "Content-Length: 3", host=FOREIGN), b"{}\n"),
        (head("POST /inbound-event/v1/events/json/triggers", "Content-Length: 2") + b"{}", b"\r\n"),
    ],
    ids=["blank line", "body after its refusal", "blank line after a trigger call"],
)
def test_a_connection_on_which_no_request_comes_any_more_is_closed(
    sent: bytes, then: bytes, hurried: RunningServer
):
    with connected(hurried.url) as it, contextlib.suppress(ConnectionError):
        it.sendall(sent)
        assert it.recv(65_536)
        it.sendall(then)
        assert everything(it) == b""


def test_a_refusal_that_waits_for_an_answer_is_not_made_another(hurried: RunningServer):
    path = f"/__control/v1/tenants/{hurried.engine.tenants.default.id}/wait"
    with connected(hurried.url) as it:
        it.sendall(head(f"GET {path}?received=1&timeoutSeconds=0.3") + head("CONNECT other:1"))
        second = everything(it).split(b"HTTP/1.1 ")[2]
    assert second.startswith(b"501 ")


def test_a_connection_on_which_nothing_comes_is_closed(hurried: RunningServer):
    with connected(hurried.url) as it:
        assert everything(it) == b""


def test_the_deadline_is_for_what_the_caller_sends_and_not_for_the_answer(hurried: RunningServer):
    path = f"/__control/v1/tenants/{hurried.engine.tenants.default.id}/wait"
    with connected(hurried.url) as it:
        # The second call is read once the first one is answered, which is not its caller's fault.
        first_call = head(f"GET {path}?received=1&timeoutSeconds=0.3")
        it.sendall(first_call + half_of("POST /__control/v1/tenants"))
        first, second = everything(it).split(b"HTTP/1.1 ")[1:]
    assert json.loads(first.partition(b"\r\n\r\n")[2])["received"] == 0
    assert second.startswith(b"408 Request Timeout")
