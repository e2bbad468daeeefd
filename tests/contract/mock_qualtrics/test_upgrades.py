"""A call that asks for another protocol is an ordinary call: its body is read (RFC 9110, 7.8)."""

import contextlib
import json
import re
import socket
import urllib.parse

import pytest

from mock_qualtrics import serve_in_thread
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60
EVENT = b'{"a":1}'
CHUNKED = (b"3\r\n" + EVENT[:3] + b"\r\n", b"4\r\n" + EVENT[3:] + b"\r\n0\r\n\r\n")
H2C = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")
WEBSOCKET = (
    "Connection: keep-alive, Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)
OTHERS = ("upgrade: TLS/1.3, HTTP/2.0", "CONNECTION: UPGRADE")
WHOAMI = "/API/v3/whoami"


@pytest.fixture(scope="module")
def server():
    with serve_in_thread() as running:
        yield running


@pytest.fixture
def tenant(server):
    made = Qualtrics(server, {"workflow": {"delay": {"kind": "fixed", "seconds": 0}}})
    yield made
    made.close()
    assert server.take_errors() == []


class Line:
    """A connection on which a test writes bytes; each read returns one whole answer."""

    def __init__(self, tenant: Qualtrics) -> None:
        parts = urllib.parse.urlsplit(tenant.url)
        self.host = f"Host: {parts.netloc}"
        self.token = f"X-API-TOKEN: {tenant.api_token}"
        self.trigger = tenant.trigger_url.removeprefix(tenant.url)
        place = (str(parts.hostname), int(parts.port or 0))
        self.connection = socket.create_connection(place, TIMEOUT_SECONDS)
        self._answers = self.connection.makefile("rb")

    def close(self) -> None:
        self._answers.close()
        self.connection.close()

    def head(self, *lines: str, method: str = "POST", path: str = "") -> bytes:
        first = f"{method} {path or self.trigger} HTTP/1.1"
        known = (self.host, self.token, "Content-Type: application/json")
        return "\r\n".join([first, *known, *lines, "", ""]).encode()

    def post(self, *lines: str, body: bytes = EVENT, path: str = "") -> bytes:
        return self.head(*lines, f"Content-Length: {len(body)}", path=path) + body

    def send(self, *parts: bytes) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            self.connection.sendall(part)

    def answer(self) -> tuple[int, bytes]:
        status = int(self._answers.readline().split()[1])
        fields = {}
        while line := self._answers.readline().strip():
            name, _, value = line.partition(b":")
            fields[name.lower()] = value.strip()
        return status, self._answers.read(int(fields.get(b"content-length", 0)))

    def end(self) -> bytes:
        """Return what still comes until the server closes the connection."""
        with contextlib.suppress(ConnectionResetError):
            return self._answers.read()
        return b""


@pytest.fixture
def line(tenant):
    made = Line(tenant)
    yield made
    made.close()


@pytest.mark.parametrize("upgrade", [H2C, WEBSOCKET, OTHERS], ids=["h2c", "websocket", "others"])
@pytest.mark.parametrize(
    "parts",
    [
        lambda it, lines: [it.post(*lines)],
        lambda it, lines: [it.post(*lines)[: -len(EVENT)], EVENT],
        lambda it, lines: [it.post(*lines)[:90], it.post(*lines)[90:-3], EVENT[-3:]],
        lambda it, lines: [it.head(*lines, "Transfer-Encoding: chunked"), *CHUNKED],
        lambda it, lines: [it.head(*lines, "Transfer-Encoding: chunked") + b"".join(CHUNKED)],
    ],
    ids=["whole", "body later", "in three parts", "chunked", "chunked and whole"],
)
def test_a_trigger_call_is_accepted_and_its_connection_goes_on(tenant, line, parts, upgrade):
    line.send(*parts(line, upgrade), line.post())
    assert [line.answer()[0], line.answer()[0]] == [202, 202]
    assert [run.event for run in tenant.wait_for_runs(succeeded=2)] == [{"a": 1}, {"a": 1}]


def test_the_headers_are_journalled_as_they_were_sent(tenant, line):
    line.send(line.post(*H2C))
    assert line.answer()[0] == 202
    (call,) = tenant.requests()
    assert call["headers"]["connection"] == "Upgrade, HTTP2-Settings"
    assert {"upgrade", "http2-settings"} <= call["headers"].keys()


def test_a_body_is_asked_for_when_the_caller_waits_for_that(tenant, line):
    call = line.post(*H2C, "Expect: 100-continue")
    line.send(call[: -len(EVENT)])
    assert line.answer() == (100, b"")
    line.send(EVENT + line.post())
    assert [line.answer()[0], line.answer()[0]] == [202, 202]


def test_calls_that_come_at_once_are_answered_in_their_order(tenant, line):
    calls = [line.post(*H2C, f"X-Trace-Id: {number}") for number in range(30)]
    calls[10] = line.head(*WEBSOCKET, method="GET", path=WHOAMI)
    calls[20] = line.post("X-Trace-Id: 20")
    line.send(b"".join(calls))
    assert [line.answer()[0] for _ in calls] == [200 if n == 10 else 202 for n in range(30)]
    kept = [call["traceId"] for call in tenant.requests() if call["traceId"]]
    assert kept == [str(number) for number in range(30) if number != 10]


def test_the_control_api_reads_the_settings(line):
    body = b'{"clock": "virtual", "startAt": "2030-01-01T00:00:00Z"}'
    line.send(line.post(*H2C, body=body, path="/__control/v1/tenants"))
    status, answer = line.answer()
    tenant = json.loads(answer)
    assert status == 201
    line.send(line.head(*H2C, method="GET", path=f"/__control/v1/tenants/{tenant['id']}"))
    assert json.loads(line.answer()[1])["clock"] == "virtual"
    line.send(line.head(*H2C, method="DELETE", path=f"/__control/v1/tenants/{tenant['id']}"))
    assert line.answer()[0] == 204


@pytest.mark.parametrize("path", [WHOAMI, "/__control/v1/health", "/"])
def test_what_is_only_read_is_answered(line, path):
    line.send(line.head(*WEBSOCKET, method="GET", path=path), line.post())
    assert line.answer()[0] in {200, 302}
    assert line.answer()[0] == 202


def test_a_connection_that_the_caller_wants_closed_is_closed_after_the_answer(line):
    line.send(line.post("Connection: Upgrade, close", "Upgrade: h2c"))
    assert line.answer()[0] == 202
    assert line.end() == b""


def test_a_body_is_never_a_call_of_its_own(tenant, line):
    inner = line.post("X-Trace-Id: smuggled")
    line.send(line.post(*H2C, body=inner)[: -len(inner)], inner, line.post())
    assert [line.answer()[0], line.answer()[0]] == [400, 202]
    assert "smuggled" not in [call["traceId"] for call in tenant.requests()]


def test_what_follows_an_upgrade_is_http_again_or_refused(line):
    line.send(line.post(*H2C), b"\x00\x00\x00\x04\x00\x00\x00\x00\x00 HTTP/2\r\n\r\n")
    assert line.answer()[0] == 202
    assert line.answer()[0] == 400
    assert line.end() == b""


@pytest.mark.parametrize("kind", ["status", "truncate", "reset-before-read", "reset-after-journal"])
def test_a_fault_meets_the_call(tenant, line, kind):
    more = {"status": 502} if kind == "status" else {}
    tenant.faults.add(kind, when={"first": 1}, **more)
    line.send(line.post(*H2C))
    received = b"502" if kind == "status" else line.end()
    assert re.search(rb"^$|502|202 Accep", received[:20])
    again = Line(tenant)
    again.send(again.post(*H2C))
    assert again.answer()[0] == 202
    again.close()


@pytest.mark.parametrize("target", ["example.com:443", "/inbound-event/v1/events/json/triggers"])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_tunnel_is_refused_and_nothing_in_it_is_a_call(tenant, line, target, earlier):
    slow = line.head("Transfer-Encoding: chunked") + b"".join(CHUNKED)
    connect = line.head(method="CONNECT", path=target)
    inner = line.post("X-Trace-Id: tunnelled")
    line.send((slow if earlier else b"") + connect + inner, inner)
    if earlier:
        assert line.answer()[0] == 202
    status, answer = line.answer()
    assert (status, line.end()) == (501, b"")
    assert "CONNECT" in json.loads(answer)["meta"]["error"]["errorMessage"]
    assert len(tenant.requests()) == earlier
