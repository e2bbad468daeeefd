"""What nobody sends on purpose: nothing of it is answered 500, loses a run, or harms another."""

import contextlib
import json
import socket
import threading
import urllib.parse

import pytest

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.events import strict_json
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60
DEEP_EVENT = b'{"a":' * 400 + b"1" + b"}" * 400
AT_ONCE = {"kind": "fixed", "seconds": 0}
TOO_LONG = 10.0 * 366 * 86_400 + 1


@pytest.fixture(scope="module")
def server():
    with serve_in_thread() as running:
        yield running


@pytest.fixture
def tenant(server):
    made = Qualtrics(server, {"workflow": {"delay": AT_ONCE}})
    yield made
    made.close()
    assert server.take_errors() == []


def connected(tenant):
    parts = urllib.parse.urlsplit(tenant.url)
    return socket.create_connection((parts.hostname, parts.port), TIMEOUT_SECONDS)


def call(tenant, body=b'{"a":1}', extra=""):
    target = tenant.trigger_url.removeprefix(tenant.url)
    lines = [
        f"POST {target} HTTP/1.1",
        "Host: mock",
        f"X-API-TOKEN: {tenant.api_token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, *([extra] if extra else []), "", ""]).encode() + body


def everything(connection):
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            received += chunk
    return received


@pytest.mark.parametrize("calls", [1, 3])
def test_a_caller_that_sends_no_more_but_listens_gets_its_answers(tenant, calls):
    with connected(tenant) as connection:
        connection.sendall(call(tenant) * calls)
        connection.shutdown(socket.SHUT_WR)
        answers = everything(connection)
    assert answers.count(b"HTTP/1.1 202 Accepted") == calls
    assert tenant.totals()["accepted"] == calls


def test_half_a_body_and_no_more_is_no_call(tenant):
    with connected(tenant) as connection:
        connection.sendall(call(tenant)[:-3])
        connection.shutdown(socket.SHUT_WR)
        assert everything(connection) == b""
    assert tenant.totals()["received"] == 0


def test_a_hang_ends_when_a_caller_sends_no_more(tenant):
    tenant.faults.add("hang", when={"first": 1})
    with connected(tenant) as connection:
        connection.sendall(call(tenant))
        connection.shutdown(socket.SHUT_WR)
        assert everything(connection) == b""


@pytest.mark.parametrize(
    "sent",
    [
        b"FOO / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-Name: a\0b\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_what_is_no_http_is_refused_in_the_envelope(tenant, sent):
    with connected(tenant) as connection:
        connection.sendall(sent)
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["meta"]["httpStatus"] == "400 - Bad Request"


@pytest.mark.parametrize(
    "delay",
    [
        {"kind": "fixed", "seconds": 1e308},
        {"kind": "fixed", "seconds": 10**400},
        {"kind": "uniform", "lowSeconds": 0, "highSeconds": TOO_LONG},
        {"kind": "lognormal", "medianSeconds": 1, "p95Seconds": TOO_LONG},
        {"kind": "queue", "workers": 10**9, "serviceSeconds": 1},
        {"kind": "measured", "seconds": [1, TOO_LONG]},
    ],
)
def test_a_delay_beyond_all_clocks_is_refused_when_the_workflow_is_made(rehearse, delay):
    it = rehearse()
    settings = {"name": "Late", "delay": delay}
    answer = it.control("POST", f"/tenants/{it.id}/workflows", 400, json=settings)
    assert "delay" in str(answer["violations"])


def test_a_lognormal_delay_without_bounds_is_bounded(rehearse):
    delay = {"kind": "lognormal", "medianSeconds": 5e-324, "p95Seconds": TOO_LONG - 1}
    it = rehearse(delay=delay)
    assert [it.post().status_code for _ in range(20)] == [202] * 20
    it.advance(TOO_LONG - 1)
    assert it.totals()["succeeded"] == 20


@pytest.mark.parametrize("path", [f"$[{'9' * 1_500}]", f"$[{'9' * 5_000}]", "$" + "[" * 50_000])
def test_a_path_of_thousands_of_characters_is_none(rehearse, path):
    it = rehearse()
    settings = {"name": "Odd", "fields": [{"name": "a", "path": path}]}
    it.control("POST", f"/tenants/{it.id}/workflows", 400, json=settings)


@pytest.mark.parametrize("where", ["settings", "operand"])
def test_settings_that_are_nested_too_deeply_are_refused(mock, where):
    deep = "[" * 480 + "]" * 480
    given = {
        "settings": f'"tasks": [{{"name": "T", "type": "record", "settings": {{"x": {deep}}}}}]',
        "operand": f'"conditions": {{"all": [{{"path": "$.a", "equals": {deep}}}]}}',
    }
    body = f'{{"name": "W", {given[where]}}}'
    headers = {"Content-Type": "application/json"}
    path = f"/tenants/{mock.id}/workflows"
    answer = mock.control("POST", path, 400, data=body, headers=headers)
    assert "nesting deeper than 100 levels" in answer["violations"][0]


@pytest.mark.parametrize("path", ["$..x", "$[?@..x]", "$..*..*"])
@pytest.mark.parametrize("where", ["fields", "conditions"])
def test_an_event_too_deep_for_a_path_fails_its_run_and_says_so(rehearse, path, where):
    settings = {
        "fields": [{"name": "x", "path": path}],
        "conditions": {"any": [{"path": path, "exists": True}]},
    }
    it = rehearse(delay=AT_ONCE, **{where: settings[where]})
    assert it.post(data=DEEP_EVENT).status_code == 202
    it.advance(1)
    (run,) = it.runs()
    assert (run["status"], it.totals()["pending"]) == ("Failed", 0)
    assert "nested too deeply" in run["error"]


@pytest.mark.parametrize("number", ["1e999", "-1E+400", "9" * 5_000])
def test_a_number_that_python_cannot_hold_is_handed_on_as_json(rehearse, number):
    settings = {"name": "x", "type": "record", "settings": {"x": "~{aedj://x}"}}
    fields = [{"name": "x", "path": "$.x"}]
    it = rehearse(delay=AT_ONCE, fields=fields, tasks=[settings])
    assert it.post(data=b'{"x":%s}' % number.encode()).status_code == 202
    it.advance(1)
    text = it.session.get(f"{it.control_url}/workflows/{it.workflow['id']}/runs", timeout=20).text
    (run,) = strict_json.read(text.encode()).value["runs"]
    assert (run["status"], run["event"]["x"]) == ("Succeeded", number)
    assert run["tasks"][0]["settings"]["x"] == number


def test_a_fault_whose_path_cannot_read_the_body_does_not_apply(rehearse):
    it = rehearse()
    fault = {"kind": "status", "status": 503, "when": {"path": "$..x"}}
    it.control("POST", f"/tenants/{it.id}/faults", 201, json=fault)
    assert it.post(data=DEEP_EVENT).status_code == 202
    assert it.totals()["received"] == 1


def test_a_clock_does_not_go_beyond_the_last_instant(rehearse):
    it = rehearse(tenant={"startAt": "9999-12-31T23:59:00Z"})
    path = f"/tenants/{it.id}/clock/advance"
    it.control("POST", path, 409, json={"seconds": 60})
    assert it.advance(59) == "9999-12-31T23:59:59.000000Z"


def test_a_wait_for_a_tenant_that_is_deleted_meanwhile_is_answered_404(rehearse):
    it = rehearse(tenant={"clock": "real"})
    found = []

    def wait() -> None:
        url = f"{it.control_url}/tenants/{it.id}/wait?succeeded=1&timeoutSeconds={TIMEOUT_SECONDS}"
        found.append(it.session.get(url, timeout=2 * TIMEOUT_SECONDS).status_code)

    waiting = threading.Thread(target=wait)
    waiting.start()
    it.session.delete(f"{it.control_url}/tenants/{it.id}", timeout=TIMEOUT_SECONDS)
    waiting.join()
    assert found == [404]


def test_a_tenant_number_of_thousands_of_digits_is_nobodys(rehearse):
    rehearse().control("GET", f"/tenants/tenant-{'9' * 5_000}", 404)


def test_a_second_server_on_one_file_is_refused_until_the_first_has_ended(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path / 'mock.db'}")
    with serve_in_thread(settings), pytest.raises(StoreFailedError, match="another server"):
        serve_in_thread(settings)
    with serve_in_thread(settings) as again:
        assert again.engine.tenants.default.id == "tenant-1"
