"""What a caller sees on the wire when a fault applies, on the in-process server."""

import json
import socket
import ssl
import struct
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from contracts.control_client import ControlClient, control_url_of
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.server import RunningServer, serve_in_thread
from mock_qualtrics.server.tls import certify
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve_in_thread() as running:
        yield running


@pytest.fixture
def tenant(server: RunningServer) -> Iterator[Qualtrics]:
    made = Qualtrics(server, {"workflow": {"delay": {"kind": "fixed", "seconds": 0}}})
    yield made
    made.close()
    assert server.take_errors() == []


def post(tenant: Qualtrics, body: object = None, timeout: float = TIMEOUT_SECONDS):
    headers = {"X-API-TOKEN": tenant.api_token}
    return requests.post(
        tenant.trigger_url, json=body or {"a": 1}, headers=headers, timeout=timeout
    )


def connected(tenant: Qualtrics) -> socket.socket:
    parts = urllib.parse.urlsplit(tenant.url)
    return socket.create_connection((str(parts.hostname), int(parts.port or 0)), TIMEOUT_SECONDS)


def raw_head(tenant: Qualtrics, length_bytes: int) -> bytes:
    target = tenant.trigger_url.removeprefix(tenant.url)
    lines = [
        f"POST {target} HTTP/1.1",
        "Host: mock",
        f"X-API-TOKEN: {tenant.api_token}",
        "Content-Type: application/json",
        f"Content-Length: {length_bytes}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_a_status_is_answered_in_the_envelope_and_a_retry_succeeds(tenant: Qualtrics):
    tenant.faults.add("status", when={"first": 1}, status=503, retry_after_seconds=2)
    first, second = post(tenant), post(tenant)
    assert (first.status_code, first.headers["retry-after"]) == (503, "2")
    assert first.json()["meta"]["httpStatus"] == "503 - Service Unavailable"
    assert second.status_code == 202
    assert tenant.totals()["refusedBy"] == {"fault:status": 1}
    assert tenant.totals()["duplicates"] == 0


def test_a_reset_before_read_comes_when_the_body_has_not_been_sent(tenant: Qualtrics):
    tenant.faults.add("reset-before-read", when={"first": 1})
    with connected(tenant) as caller:
        caller.sendall(raw_head(tenant, length_bytes=50))
        with pytest.raises(ConnectionResetError):
            caller.recv(1)
    (row,) = tenant.requests()
    assert (row.status, row.reason, row.run_id) == (None, "fault:reset-before-read", None)
    assert tenant.totals()["accepted"] == 0
    assert post(tenant).status_code == 202


def test_a_reset_before_read_is_one_though_the_store_refuses_its_row(
    tenant: Qualtrics, server: RunningServer, monkeypatch: pytest.MonkeyPatch
):
    def refuse() -> None:
        raise StoreFailedError("the disk is full")

    tenant.faults.add("reset-before-read", when={"first": 1})
    with monkeypatch.context() as patched, connected(tenant) as caller:
        patched.setattr(server.engine.journal, "commit", refuse)
        caller.sendall(raw_head(tenant, length_bytes=50))
        with pytest.raises(ConnectionResetError):
            caller.recv(1)
    assert tenant.totals()["refusedBy"] == {"fault:reset-before-read": 1}


def test_a_reset_before_read_that_depends_on_the_body_comes_when_it_was_read(tenant: Qualtrics):
    tenant.faults.add("reset-before-read", when={"path": "$.bad"})
    with pytest.raises(requests.ConnectionError):
        post(tenant, {"bad": 1})
    assert post(tenant, {"good": 1}).status_code == 202
    assert tenant.totals()["refusedBy"] == {"fault:reset-before-read": 1}


def test_an_early_reset_leaves_other_paths_and_other_triggers_alone(tenant: Qualtrics):
    tenant.faults.add("reset-before-read", when={"every": 1})
    strange = tenant.trigger_url[:-1] + "x"
    assert requests.post(strange, json={}, timeout=TIMEOUT_SECONDS).status_code == 404
    assert requests.post(strange.partition("?")[0], timeout=TIMEOUT_SECONDS).status_code == 404
    with ControlClient(control_url_of(tenant.url)) as control:
        assert control.health()["status"] == "ok"


def test_a_lost_answer_makes_a_duplicate_that_the_totals_count(tenant: Qualtrics):
    tenant.faults.add("reset-after-journal", when={"first": 1})
    with pytest.raises(requests.ConnectionError):
        post(tenant)
    assert post(tenant).status_code == 202
    runs = tenant.wait_for_runs(succeeded=2, timeout_seconds=TIMEOUT_SECONDS)
    assert len(runs) == 2
    assert [row.status for row in tenant.requests()] == [None, 202]
    totals = tenant.totals()
    assert (totals["accepted"], totals["duplicates"]) == (2, 1)


def test_a_hang_lasts_until_the_caller_gives_up_and_holds_up_nobody_else(tenant: Qualtrics):
    tenant.faults.add("hang", when={"path": "$.slow"})
    with pytest.raises(requests.ReadTimeout):
        post(tenant, {"slow": 1}, timeout=0.2)
    assert post(tenant).status_code == 202
    assert tenant.totals()["refusedBy"] == {"fault:hang": 1}


def test_many_hanging_calls_do_not_stall_the_others(tenant: Qualtrics):
    tenant.faults.add("hang", when={"path": "$.slow"})
    body = b'{"slow": 1}'
    callers = [connected(tenant) for _ in range(100)]
    for caller in callers:
        caller.sendall(raw_head(tenant, len(body)) + body)
    assert post(tenant).status_code == 202
    for caller in callers:
        caller.close()


@pytest.mark.parametrize("kind", ["truncate", "wrong-length"])
def test_an_answer_that_ends_early_is_an_error_of_reading_and_the_run_is_there(
    tenant: Qualtrics, kind: str
):
    tenant.faults.add(kind, when={"first": 1})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        post(tenant)
    assert len(tenant.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)) == 1
    assert tenant.requests()[0].status == 202


@pytest.mark.parametrize(("status", "phrase"), [(102, b"Processing"), (103, b"Early Hints")])
def test_an_interim_answer_comes_before_the_answer(tenant: Qualtrics, status: int, phrase: bytes):
    tenant.faults.add("interim", when={"every": 1}, status=status)
    assert answers_to(tenant, b"1.1").startswith(
        b"HTTP/1.1 %d %b\r\n\r\nHTTP/1.1 202 Accepted\r\n" % (status, phrase)
    )
    assert tenant.totals()["accepted"] == 1


def test_a_caller_that_speaks_an_older_http_gets_no_interim_answer(tenant: Qualtrics):
    tenant.faults.add("interim", when={"every": 1})
    assert answers_to(tenant, b"1.0").startswith(b"HTTP/1.1 202 Accepted\r\n")


def answers_to(tenant: Qualtrics, version: bytes) -> bytes:
    """Return all that a call in this version of HTTP gets."""
    head = raw_head(tenant, 2).replace(b"HTTP/1.1", b"HTTP/" + version)
    with connected(tenant) as caller:
        caller.sendall(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) + b"{}")
        return b"".join(iter(lambda: caller.recv(65536), b""))


def test_a_redirect_leads_a_caller_that_follows_to_another_place(tenant: Qualtrics):
    there = f"{tenant.url}/elsewhere"
    tenant.faults.add("redirect", when={"first": 1}, location=there)
    answer = post(tenant)
    assert [earlier.status_code for earlier in answer.history] == [307]
    assert answer.url == there
    assert tenant.totals()["refusedBy"] == {"fault:redirect": 1}


def test_an_empty_success_is_a_success(tenant: Qualtrics):
    tenant.faults.add("empty", when={"first": 1})
    answer = post(tenant)
    assert (answer.status_code, answer.content) == (202, b"")
    assert "content-type" not in answer.headers
    assert answer.headers["content-length"] == "0"
    assert tenant.totals()["accepted"] == 1


def test_a_wrong_length_sends_the_whole_body_and_a_truncated_one_does_not(tenant: Qualtrics):
    seen = {}
    for kind in ("truncate", "wrong-length"):
        tenant.faults.clear()
        tenant.faults.add(kind, when={"every": 1})
        with connected(tenant) as caller:
            caller.sendall(raw_head(tenant, 2) + b"{}")
            answer = b"".join(iter(lambda: caller.recv(65536), b""))
        seen[kind] = answer.partition(b"\r\n\r\n")[2]
    assert json.loads(seen["wrong-length"])["meta"]["httpStatus"] == "202 - Accepted"
    with pytest.raises(json.JSONDecodeError):
        json.loads(seen["truncate"])


def test_a_dribbled_answer_comes_whole_in_more_than_one_piece(
    tenant: Qualtrics, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mock_qualtrics.server.fault_actions.DRIBBLE_SECONDS", 0.01)
    tenant.faults.add("dribble", when={"first": 1})
    with connected(tenant) as caller:
        caller.sendall(raw_head(tenant, 2) + b"{}")
        pieces = []
        while not b"".join(pieces).endswith(b"}}"):
            pieces.append(caller.recv(65536))
    assert len(pieces) > 3  # without a dribble one or two; a busy reader finds several at once
    assert json.loads(b"".join(pieces).partition(b"\r\n\r\n")[2])["meta"]["requestId"]


def test_a_dribble_ends_when_the_caller_hangs_up(tenant: Qualtrics):
    tenant.faults.add("dribble", when={"first": 1})
    with connected(tenant) as caller:
        caller.sendall(raw_head(tenant, 2) + b"{}")
        caller.recv(1)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert post(tenant).status_code == 202


def test_a_page_that_is_no_json_comes_under_the_status_of_the_answer(tenant: Qualtrics):
    tenant.faults.add("not-json", when={"first": 1})
    answer = post(tenant)
    assert (answer.status_code, answer.headers["content-type"]) == (202, "text/html; charset=utf-8")
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(tenant.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)) == 1


def test_latency_keeps_the_answer_back_and_nothing_else(tenant: Qualtrics):
    tenant.faults.add("latency", when={"path": "$.slow"}, seconds=30)
    with pytest.raises(requests.ReadTimeout):
        post(tenant, {"slow": 1}, timeout=0.2)
    assert len(tenant.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)) == 1


def test_a_run_can_be_made_to_fail_or_to_happen_twice(tenant: Qualtrics):
    tenant.faults.add("run-failed", when={"path": "$.fail"})
    tenant.faults.add("run-twice", when={"path": "$.twice"})
    post(tenant, {"fail": 1})
    post(tenant, {"twice": 1})
    (failed,) = tenant.wait_for_runs(failed=1, timeout_seconds=TIMEOUT_SECONDS)
    assert "run-failed" in failed.error
    assert len(tenant.wait_for_runs(succeeded=2, timeout_seconds=TIMEOUT_SECONDS)) == 2
    totals = tenant.totals()
    assert (totals["accepted"], totals["extraRuns"], totals["duplicates"]) == (2, 1, 0)


def test_a_lowered_limit_refuses_what_the_tenant_s_own_would_admit(tenant: Qualtrics):
    tenant.faults.add("lower-limit", when={"every": 1}, calls_per_minute=2)
    assert [post(tenant).status_code for _ in range(4)] == [202, 202, 429, 429]
    tenant.faults.clear()
    assert post(tenant).status_code == 202


def test_the_same_attempts_fail_however_many_threads_send(server: RunningServer):
    def refused(threads: int) -> set[int]:
        made = Qualtrics(server, {"seed": 5})
        made.faults.add("status", when={"probability": 0.3}, status=500)
        hit: set[int] = set()

        def send(numbers: range) -> None:
            hit.update(n for n in numbers if post(made, {"n": n}).status_code == 500)

        workers = [
            threading.Thread(target=send, args=(range(start, 60, threads),))
            for start in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        made.close()
        return hit

    alone = refused(1)
    assert 5 < len(alone) < 40
    assert refused(8) == alone


def test_a_server_that_stops_drops_those_who_still_wait_without_an_error():
    with serve_in_thread() as running:
        made = Qualtrics(running, {})
        made.faults.add("hang", when={"path": "$.hang"})
        made.faults.add("latency", when={"path": "$.late"}, seconds=60)
        made.faults.add("dribble", when={"path": "$.drop"})
        callers = []
        for body in (b'{"hang":1}', b'{"late":1}', b'{"drop":1}'):
            caller = connected(made)
            caller.sendall(raw_head(made, len(body)) + body)
            callers.append(caller)
        assert running.engine.wait(made.id, {"received": 3}, TIMEOUT_SECONDS)
    assert running.take_errors() == []
    for caller in callers:
        with caller:
            try:
                received = b"".join(iter(lambda: caller.recv(65536), b""))  # noqa: B023  read at once
            except ConnectionResetError:
                received = b""
        assert b" 500 " not in received


def test_a_certificate_made_on_the_spot_is_trusted_by_its_authority_and_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ca_file = tmp_path / "ca.pem"
    tls = certify(ca_file, ("mock.example",))
    with serve_in_thread(tls=tls) as running:
        made = Qualtrics(running, {})
        made.faults.add("reset-after-journal", when={"path": "$.lost"})
        assert running.url.startswith("https://127.0.0.1:")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
        assert post(made).status_code == 202
        with pytest.raises(requests.ConnectionError):
            post(made, {"lost": 1})
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(running.url, timeout=TIMEOUT_SECONDS)
    assert b"PRIVATE KEY" not in ca_file.read_bytes()
    ssl.create_default_context(cafile=str(ca_file))


def test_the_in_process_server_breaks_connections_without_being_told_that_it_may(tenant: Qualtrics):
    fault = {"kind": "hang", "when": {"first": 1}}
    with ControlClient(control_url_of(tenant.url)) as control:
        assert control.add_fault(tenant.id, fault)["kind"] == "hang"
