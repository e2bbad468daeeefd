"""The fast path of a trigger call and the slow one: the same bytes come back, the same is kept."""

import asyncio
import contextlib
import gc
import json
import re
import socket
import struct
import threading
import weakref
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.server import RunningServer, fast_path
from mock_qualtrics.server.asgi_app import AsgiApp
from mock_qualtrics.server.connection import LONGEST_HEAD_BYTES
from mock_qualtrics.server.fast_path import FastPathProtocol
from mock_qualtrics.server.group_commit import GroupCommit
from mock_qualtrics.settings import Answers
from mock_qualtrics.tenants.registry import TenantRegistry

TIMEOUT_SECONDS = 60
EVENT = b'{"person": {"name": {"firstName": "Dave"}}}'
UPGRADE = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")


def answers_from(connection: socket.socket, answers: int = 1) -> bytes:
    """Return what comes back, up to so many whole answers or the end of the connection."""
    found = b""
    while len(re.findall(rb'"httpStatus":"[^"]*"[^}]*}+', found)) < answers:
        chunk = connection.recv(65_536)  # an answer may come in two parts: head, then body
        if not chunk:
            break
        found += chunk
    return found


class Caller:
    """Writes calls byte by byte, as no HTTP library would let one do."""

    def __init__(self, server: RunningServer) -> None:
        tenant = server.engine.tenants.default
        workflow = tenant.to_mapping(server.url)["workflows"][0]
        self.address = urlsplit(server.url)
        self.target = workflow["triggerUrl"].removeprefix(server.url)
        self.legacy_target = workflow["legacyTriggerUrl"].removeprefix(server.url)
        self.token = tenant.api_token.reveal()

    def head(self, *lines: str, method="POST", target="", version="1.1", length=43) -> bytes:
        rows = [f"{method} {target or self.target} HTTP/{version}", "Host: 127.0.0.1", *lines]
        if length is not None:
            rows.append(f"Content-Length: {length}")
        return "\r\n".join([*rows, "", ""]).encode()

    def good(self, *lines: str, **changes: object) -> bytes:
        known = (f"X-API-TOKEN: {self.token}", "Content-Type: application/json")
        return self.head(*known, *lines, **changes)

    def talk(self, *parts: bytes, answers: int = 1, hang_up: bool = False) -> bytes:
        """Return all that comes back, up to so many answers or the end of the connection."""
        place = (str(self.address.hostname), int(self.address.port or 0))
        with socket.create_connection(place, TIMEOUT_SECONDS) as connection:
            for part in parts:
                connection.sendall(part)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            found = answers_from(connection, answers)
        if hang_up:  # seen in time for the answer's head, or after it
            found = found.replace(b"connection: close\r\n", b"")
        return re.sub(rb"date: [^\r]*", b"date: then", found)


CALLS = {
    "accepted": lambda it: it.talk(it.good(), EVENT),
    "the older form of the url": lambda it: it.talk(it.good(target=it.legacy_target), EVENT),
    "in many parts": lambda it: it.talk(it.good()[:30], it.good()[30:], EVENT[:7], EVENT[7:]),
    "no more to come": lambda it: it.talk(it.good(), EVENT, answers=9, hang_up=True),
    "told to close": lambda it: it.talk(it.good("Connection: close"), EVENT, answers=9),
    "two at once": lambda it: it.talk((it.good() + EVENT) * 2, answers=2),
    "one of each way at once": lambda it: it.talk(
        it.good()
        + EVENT
        + it.good("Transfer-Encoding: chunked", length=None)
        + b"2\r\n{}\r\n0\r\n\r\n",
        answers=2,
    ),
    "the other way round": lambda it: it.talk(
        it.good("Transfer-Encoding: chunked", length=None)
        + b"2\r\n{}\r\n0\r\n\r\n"
        + it.good()
        + EVENT,
        answers=2,
    ),
    "HTTP/1.0": lambda it: it.talk(it.good(version="1.0"), EVENT, answers=9),
    "an expectation": lambda it: it.talk(it.good("Expect: 100-continue"), EVENT),
    "an upgrade": lambda it: it.talk(it.good(*UPGRADE), EVENT),
    "an upgrade with the body at once": lambda it: it.talk(it.good(*UPGRADE) + EVENT),
    "two upgrades at once": lambda it: it.talk((it.good(*UPGRADE) + EVENT) * 2, answers=2),
    "empty": lambda it: it.talk(it.good(length=0)),
    "no json": lambda it: it.talk(it.good(), EVENT[:-1] + b"!"),
    "not a number": lambda it: it.talk(it.good(length=10), b'{"a": NaN}'),
    "no credential": lambda it: it.talk(it.head("Content-Type: application/json"), EVENT),
    "a wrong credential": lambda it: it.talk(
        it.head("X-API-TOKEN: PLACEHOLDER", "Content-Type: application/json"), EVENT
    ),
    "no media type": lambda it: it.talk(it.head(f"X-API-TOKEN: {it.token}"), EVENT),
    "compressed, it says": lambda it: it.talk(it.good("Content-Encoding: gzip"), EVENT),
    "a workflow that nobody made": lambda it: it.talk(it.good(target=f"{it.target}0"), EVENT),
    "another method": lambda it: it.talk(it.good(method="GET", length=None)),
    "no HTTP after it": lambda it: it.talk(it.good() + EVENT + b"GARBAGE\r\n\r\n", answers=9),
    "more than it said": lambda it: it.talk(it.good() + EVENT + b"{}", answers=9),
    "a trace id": lambda it: it.talk(it.good("X-Trace-Id: t\xe9"), EVENT),
}


@pytest.fixture(params=["short", "long"])
def way(request, monkeypatch):
    if request.param == "long":
        monkeypatch.setattr(fast_path, "_is_small", lambda headers: False)
    return request.param


def answered_and_kept(call):
    settings = Settings(clock="virtual", seed=5)
    with serve_in_thread(settings) as server:
        answer = call(Caller(server))
        journal, tenant = server.engine.journal, server.engine.tenants.default
        kept = [*journal.requests_page(tenant.number).items, *journal.requests_page(None).items]
        return answer, [{**row, "receivedAt": None} for row in kept], server.take_errors()


def answers_and_rows() -> dict[str, tuple[bytes, list[Any], list[Exception]]]:
    """Make each call on one server; return what came back, what was kept, and the errors."""
    found = {}
    with serve_in_thread(Settings(clock="virtual", seed=5)) as server:
        journal, tenant = server.engine.journal, server.engine.tenants.default
        strange = 0
        for name, call in CALLS.items():
            answer = call(Caller(server))
            unattributed = journal.requests_page(None, 500).items
            kept = [*journal.requests_page(tenant.number).items]
            kept += unattributed[: len(unattributed) - strange]
            strange = len(unattributed)
            rows = [{**row, "receivedAt": None} for row in kept]
            found[name] = (answer, rows, server.take_errors())
            server.engine.tenants.reset(tenant.id)
    return found


@pytest.fixture(scope="module")
def both_ways():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fast_path, "_is_small", lambda headers: False)
        long = answers_and_rows()
    return answers_and_rows(), long


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_answered_and_journalled_alike_on_either_way(name, both_ways):
    short, long = (way[name] for way in both_ways)
    assert long == short
    assert short[1]
    assert not short[2]


@pytest.fixture
def taken(monkeypatch):
    """The calls that took the fast path."""
    found = []
    take = fast_path.FastPath.take
    monkeypatch.setattr(
        fast_path.FastPath, "take", lambda self, *call: (found.append(call), take(self, *call))[1]
    )
    return found


@pytest.mark.parametrize("name", ["accepted", "an upgrade"])
def test_an_ordinary_call_takes_the_fast_path(name, taken):
    answered_and_kept(CALLS[name])
    assert len(taken) == 1


def test_a_caller_that_does_not_read_answers_gets_the_slow_path_which_waits(taken, monkeypatch):
    begin = FastPathProtocol.on_message_begin

    def begin_unread(self) -> None:
        begin(self)
        self.pause_writing()
        asyncio.get_running_loop().call_soon(self.resume_writing)

    monkeypatch.setattr(FastPathProtocol, "on_message_begin", begin_unread)
    answer, (row,), _ = answered_and_kept(CALLS["accepted"])
    assert b" 202 " in answer
    assert (row["status"], taken) == (202, [])


def test_who_hangs_up_his_half_before_the_commit_gets_his_answer_all_the_same(taken, monkeypatch):
    hung_up = threading.Event()
    end, commit = FastPathProtocol.eof_received, GroupCommit.now

    def commit_after_it(self) -> None:
        if hung_up.is_set():
            commit(self)
        else:
            asyncio.get_running_loop().call_soon(commit_after_it, self)

    monkeypatch.setattr(GroupCommit, "now", commit_after_it)
    monkeypatch.setattr(
        FastPathProtocol, "eof_received", lambda self: (hung_up.set(), end(self))[1]
    )
    answer, (row,), _ = answered_and_kept(CALLS["no more to come"])
    assert b" 202 " in answer
    assert (row["status"], len(taken)) == (202, 1)


@pytest.mark.parametrize(("length", "is_short"), [(65_536, True), (65_537, False)])
def test_a_long_body_takes_the_slow_path(length, is_short, taken):
    body = b'{"a": "' + b"x" * (length - 9) + b'"}'
    answer, (row,), _ = answered_and_kept(lambda it: it.talk(it.good(length=length), body))
    assert b" 202 " in answer
    assert (row["bodyBytes"], len(taken)) == (length, is_short)


def test_a_head_that_does_not_end_is_refused():
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        with socket.create_connection((it.address.hostname, it.address.port)) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.sendall(it.good() + EVENT + b"POST / HTTP/1.1\r\nA: ")
            assert b" 202 " in answers_from(connection)  # so that the head has begun
            connection.sendall(b"a" * (LONGEST_HEAD_BYTES + 1))
            refusal = answers_from(connection)
        assert refusal.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
        assert b"connection: close" in refusal
        assert b"longer than 65,536 bytes" in refusal
        assert b" 202 " in it.talk(it.good("X-Long: " + "a" * 60_000), EVENT)
        assert not server.take_errors()


def test_a_head_that_begins_in_a_packet_full_of_calls_is_not_taken_for_a_long_one():
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        calls = 1 + LONGEST_HEAD_BYTES // len(it.good() + EVENT)
        next_call = it.good() + EVENT
        found = it.talk(
            (it.good() + EVENT) * calls + next_call[:30], next_call[30:], answers=calls + 1
        )
        assert found.count(b"HTTP/1.1 202 ") == calls + 1


def test_heads_that_come_in_parts_are_counted_each_for_itself(way):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        head = it.good("X-Long: " + "a" * 40_000)
        with socket.create_connection((it.address.hostname, it.address.port)) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            for _ in range(4):
                connection.sendall(head[:1_000])
                assert b" 202 " in it.talk(it.good(), EVENT)  # that part was read meanwhile
                connection.sendall(head[1_000:] + EVENT)
                assert b" 202 " in answers_from(connection)


def test_a_body_is_no_part_of_the_head(way):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        body = b'{"a": "%s"}' % (b"x" * 90_000)
        for _ in range(2):
            assert b" 202 " in it.talk(it.good(length=len(body)), body[:10], body[10:])


def test_a_trailer_is_no_header(way):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        media_type, token = "Content-Type: application/json", f"X-API-TOKEN: {it.token}\r\n"
        head = it.head(media_type, "Transfer-Encoding: chunked", length=None)
        assert b"none provided" in it.talk(head + b"2\r\n{}\r\n0\r\n" + token.encode() + b"\r\n")
        assert b" 202 " in it.talk(it.good(), EVENT)


def test_what_cannot_be_journalled_is_answered_503(way, monkeypatch):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)

        def refuse() -> None:
            raise StoreFailedError("the disk is full")

        commit = server.engine.commit
        monkeypatch.setattr(server.engine, "commit", refuse)
        assert b" 503 " in it.talk(it.good("Connection: close"), EVENT, answers=9)
        monkeypatch.setattr(server.engine, "commit", commit)
        assert b" 202 " in it.talk(it.good(), EVENT)
        assert server.engine.journal.totals(server.engine.tenants.default.number)["accepted"] == 2


def test_an_error_inside_is_answered_500_and_noted(way, monkeypatch):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)

        def fail(*_: object) -> None:
            raise ZeroDivisionError("on purpose")

        monkeypatch.setattr(server.engine, "stage", fail)
        found = it.talk(it.good(), EVENT, answers=9)
        assert found.startswith(b"HTTP/1.1 500 ")
        error = json.loads(found.partition(b"\r\n\r\n")[2])["meta"]["error"]
        assert error["errorMessage"] == "Internal Server Error"
        assert error["instanceId"]  # Q-ENV-3
        assert [str(error) for error in server.take_errors()] == ["on purpose"]


def test_an_error_inside_the_control_api_is_answered_in_its_own_form(monkeypatch):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)

        async def fail(*_: object) -> None:
            raise ZeroDivisionError("on purpose")

        monkeypatch.setattr(AsgiApp, "_answer", fail)
        found = it.talk(b"GET /__control/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n", answers=9)
        assert found.startswith(b"HTTP/1.1 500 ")
        assert json.loads(found.partition(b"\r\n\r\n")[2]) == {"error": "Internal Server Error"}
        assert [str(error) for error in server.take_errors()] == ["on purpose"]


def test_a_fault_that_comes_up_while_a_call_is_on_its_way_strikes_it(monkeypatch):
    open_at_first = iter([True])
    is_open = fast_path.is_open
    monkeypatch.setattr(
        fast_path, "is_open", lambda target: next(open_at_first, None) or is_open(target)
    )
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        tenant = server.engine.tenants.default
        tenant.faults.add({"kind": "status", "status": 502, "when": {"first": 1}})
        assert b" 502 " in it.talk(it.good(), EVENT)


def test_who_left_before_the_answer_disturbs_nobody(way):
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        with socket.create_connection((it.address.hostname, it.address.port)) as connection:
            connection.sendall(it.good() + EVENT)
        assert server.engine.wait(server.engine.tenants.default.id, {"received": 1}, 20.0)
        assert b" 202 " in it.talk(it.good(), EVENT)
        assert not server.take_errors()


def test_nothing_is_kept_of_a_connection_that_broke(way, monkeypatch):
    made, lost = [], threading.Event()
    begin, end = FastPathProtocol.connection_made, FastPathProtocol.connection_lost
    monkeypatch.setattr(
        FastPathProtocol,
        "connection_made",
        lambda self, transport: (made.append(weakref.ref(self)), begin(self, transport)),
    )
    monkeypatch.setattr(
        FastPathProtocol, "connection_lost", lambda self, error: (end(self, error), lost.set())
    )
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        with socket.create_connection((it.address.hostname, it.address.port)) as connection:
            connection.sendall(it.good() + EVENT)
            assert b" 202 " in answers_from(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert lost.wait(TIMEOUT_SECONDS)
        it.talk(it.good(), EVENT)  # the loop has turned meanwhile
        gc.collect()
        assert made[0]() is None


@pytest.mark.parametrize("status", [204, 205])
def test_an_answer_without_content_has_none(way, status):
    settings = Settings(answers=Answers(accepted_status=status))
    with serve_in_thread(settings) as server:
        it = Caller(server)
        found = it.talk(it.good("Connection: close"), EVENT, answers=9)
    assert found.startswith(b"HTTP/1.1 %d " % status)
    assert found.endswith(b"\r\n\r\n")
    assert (b"content-length: 0" in found) == (status == 205)
    assert b"chunked" not in found


def test_a_call_whose_body_is_on_its_way_when_the_server_stops_is_answered(way, monkeypatch):
    monkeypatch.setattr("mock_qualtrics.server.server._GRACE_SECONDS", TIMEOUT_SECONDS)
    with serve_in_thread(Settings()) as server:
        it = Caller(server)
        with socket.create_connection((it.address.hostname, it.address.port)) as connection:
            connection.sendall(it.good())
            assert b" 202 " in it.talk(it.good(), EVENT)  # the head was read meanwhile
            stopping = threading.Thread(target=server.close)
            stopping.start()
            while server_listens(it):
                pass
            connection.sendall(EVENT)
            assert b" 202 " in answers_from(connection)
            stopping.join()


def test_a_call_whose_body_never_comes_does_not_outlive_the_server(way):
    server = serve_in_thread(Settings())
    it = Caller(server)
    place = (it.address.hostname, it.address.port)
    with socket.create_connection(place, TIMEOUT_SECONDS) as connection:
        connection.sendall(it.good())
        assert b" 202 " in it.talk(it.good(), EVENT)  # the head was read meanwhile
        stopping = threading.Thread(target=server.close, daemon=True)
        stopping.start()
        stopping.join(TIMEOUT_SECONDS)
        assert not stopping.is_alive()
        assert connection.recv(65_536) == b""
    assert not server.take_errors()


def server_listens(it):
    with (
        contextlib.suppress(OSError),
        socket.create_connection((it.address.hostname, it.address.port)),
    ):
        return True
    return False


@pytest.mark.parametrize(
    "delete",
    [
        lambda tenants, tenant, _: tenants.delete(tenant.id),
        lambda tenants, _, workflow: tenants.delete_workflow(workflow.id),
    ],
    ids=["tenant", "workflow"],
)
def test_what_is_deleted_after_a_call_was_looked_up_is_gone_for_it(delete, monkeypatch):
    with serve_in_thread(Settings()) as server:
        tenants, it = server.engine.tenants, Caller(server)
        tenant = tenants.create({})
        workflow = tenants.add_workflow(tenant, {"name": "Survey"})
        tenant.faults.add({"kind": "reset-before-read", "when": {"every": 1}})
        resolve, deletions = TenantRegistry.resolve, [delete]

        def resolve_then_delete(self: TenantRegistry, query: str) -> object:
            target = resolve(self, query)
            if deletions:
                deletions.pop()(tenants, tenant, workflow)
            return target

        monkeypatch.setattr(TenantRegistry, "resolve", resolve_then_delete)
        call = it.good(target=workflow.urls("")["triggerUrl"]).replace(it.token.encode(), b"wrong")
        assert it.talk(call, EVENT).startswith(b"HTTP/1.1 404 ")
        assert not server.take_errors()
        rows = server.engine.journal.requests_page(None).items
        assert [row["reason"] for row in rows] == ["unknown-trigger"]
