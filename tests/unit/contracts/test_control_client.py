"""The control API's client: what it asks, and what it makes of an answer. Nothing is sent."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import LocationParseError

from contracts import exact_json
from contracts.control_client import ControlClient, control_url_of
from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlNotReadyError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.secret import Secret

URL = "http://127.0.0.1:8084/__control/v1"
ELSEWHERE = "http://qualtrics.example/__control/v1"
TOKEN = "PLACEHOLDER-CONTROL-TOKEN"
TENANT = {"id": "tenant-1", "workflows": []}
TOTALS = {"received": 3, "succeeded": 2, "complete": True}


class Answers(BaseAdapter):
    """Stands in for the network: gives the next answer, or raises it, and keeps what was asked."""

    def __init__(self, *answers: object) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[requests.PreparedRequest] = []
        self.options: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # noqa: ANN401  its base's
        self.asked.append(request)
        self.options.append(options)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        made = requests.Response()
        made.status_code = status
        made.request, made.url = request, request.url
        made._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return made

    def close(self) -> None:
        """Nothing to close."""

    def client(self, url: str = URL, token: Any = None, **more: Any) -> ControlClient:  # noqa: ANN401  as the client's
        session = requests.Session()
        session.mount("http://", self)
        return ControlClient(url, token, session=session, **more)

    def lines(self) -> list[str]:
        return [f"{one.method} {one.url.removeprefix(URL)}" for one in self.asked]

    def bodies(self) -> list[object]:
        return [json.loads(one.body) for one in self.asked if one.body]


CALLS: list[tuple[Callable[[ControlClient], object], str, object, object]] = [
    (lambda c: c.health(), "GET /health", {"status": "ok"}, {"status": "ok"}),
    (lambda c: c.create_tenant(), "POST /tenants", TENANT, TENANT),
    (lambda c: c.tenants(), "GET /tenants", {"tenants": [TENANT]}, [TENANT]),
    (lambda c: c.tenant("t"), "GET /tenants/t", TENANT, TENANT),
    (lambda c: c.delete_tenant("t"), "DELETE /tenants/t", (204, b""), None),
    (lambda c: c.reset("t"), "POST /tenants/t/reset", TENANT, TENANT),
    (lambda c: c.workflow("w"), "GET /workflows/w", {"id": "w"}, {"id": "w"}),
    (lambda c: c.delete_workflow("w"), "DELETE /workflows/w", (204, b""), None),
    (lambda c: c.run("r"), "GET /runs/r", {"id": "r"}, {"id": "r"}),
    (lambda c: c.totals("t"), "GET /tenants/t/totals", TOTALS, TOTALS),
    (lambda c: c.faults("t"), "GET /tenants/t/faults", {"faults": [{"id": "f"}]}, [{"id": "f"}]),
    (lambda c: c.remove_fault("t", "f"), "DELETE /tenants/t/faults/f", (204, b""), None),
    (lambda c: c.clear_faults("t"), "DELETE /tenants/t/faults", (204, b""), None),
    (
        lambda c: c.request("q"),
        "GET /requests/q",
        {"requestId": "q", "url": "http://m/"},
        {"requestId": "q", "url": "http://m/"},
    ),
    (lambda c: c.run("../a b"), "GET /runs/..%2Fa%20b", {"id": "r"}, {"id": "r"}),
]


@pytest.mark.parametrize(
    ("call", "line", "answer", "returned"), CALLS, ids=[line for _, line, _, _ in CALLS]
)
def test_a_method_makes_one_call_and_returns_its_document(call, line, answer, returned):
    network = Answers(answer)
    assert call(network.client()) == returned
    assert network.lines() == [line]


def test_what_is_handed_in_is_sent_as_json():
    network = Answers(
        TENANT, TENANT, {"id": "w"}, {"id": "w"}, {"id": "f"}, {"now": "2026-01-01"}, {"pending": 0}
    )
    control = network.client()
    control.create_tenant({"clock": "virtual"})
    control.change_tenant("t", {"limits": {"runsPerDay": 3}})
    control.add_workflow("t", {"name": "Survey"})
    control.update_workflow("w", {"enabled": False})
    control.add_fault("t", {"kind": "hang", "when": {"first": 1}})
    assert control.advance_clock("t", 1.5) == "2026-01-01"
    assert control.advance_until_idle("t") == {"pending": 0}
    assert network.lines() == [
        "POST /tenants",
        "PATCH /tenants/t",
        "POST /tenants/t/workflows",
        "PATCH /workflows/w",
        "POST /tenants/t/faults",
        "POST /tenants/t/clock/advance",
        "POST /tenants/t/clock/advance",
    ]
    assert network.bodies() == [
        {"clock": "virtual"},
        {"limits": {"runsPerDay": 3}},
        {"name": "Survey"},
        {"enabled": False},
        {"kind": "hang", "when": {"first": 1}},
        {"seconds": 1.5},
        {"until": "idle"},
    ]


LISTS = [
    (lambda c, **q: c.runs("w", **q), lambda c: c.all_runs("w", page_rows=2), "runs"),
    (lambda c, **q: c.requests("t", **q), lambda c: c.all_requests("t", page_rows=2), "requests"),
    (lambda c, **q: c.unattributed(**q), lambda c: c.all_unattributed(page_rows=2), "requests"),
]


@pytest.mark.parametrize(("page", "all_rows", "part"), LISTS)
def test_a_list_is_read_by_the_page_or_to_its_end(page, all_rows, part):
    first, last = {part: [{"id": 3}, {"id": 2}], "next": "c"}, {part: [{"id": 1}], "next": None}
    network = Answers(first, first, last)
    control = network.client()
    found = page(control, limit=2)
    assert (found.items, found.next) == (({"id": 3}, {"id": 2}), "c")
    assert [row["id"] for row in all_rows(control)] == [3, 2, 1]
    queries = [parse_qs(urlsplit(one.url).query) for one in network.asked]
    assert queries == [{"limit": ["2"]}, {"limit": ["2"]}, {"limit": ["2"], "cursor": ["c"]}]


def test_a_page_is_not_asked_for_before_its_rows_are_wanted():
    network = Answers({"runs": [{"id": 1}], "next": "c"})
    assert next(network.client().all_runs("w")) == {"id": 1}
    assert len(network.asked) == 1


def test_a_list_of_runs_is_narrowed_by_view_and_status():
    network = Answers({"runs": [], "next": None}, {"runs": [], "next": None})
    control = network.client()
    control.runs("w", view="started", status="failed", cursor="c")
    assert list(control.all_runs("w", view="started", status="failed")) == []
    queries = [parse_qs(urlsplit(one.url).query) for one in network.asked]
    narrowed = {"view": ["started"], "status": ["failed"]}
    assert queries == [narrowed | {"cursor": ["c"]}, narrowed | {"limit": ["500"]}]


def test_lists_of_calls_and_runs_are_narrowed_by_filters():
    calls, runs = {"requests": [], "next": None}, {"runs": [], "next": None}
    network = Answers(calls, calls, runs, runs)
    control = network.client()
    control.requests("t", reason="not-json", status=400, identity="dave@example.com", limit=5)
    assert list(control.all_requests("t", trace_id="t-1")) == []
    control.runs("w", trace_id="t-1", limit=5)
    assert list(control.all_runs("w", trace_id="t-1")) == []
    queries = [parse_qs(urlsplit(one.url).query) for one in network.asked]
    filters = {"reason": ["not-json"], "status": ["400"], "identity": ["dave@example.com"]}
    traced = {"traceId": ["t-1"]}
    assert queries == [
        filters | {"limit": ["5"]},
        traced | {"limit": ["500"]},
        traced | {"limit": ["5"]},
        traced | {"limit": ["500"]},
    ]


def test_a_wait_has_its_own_time_on_top_of_the_answers():
    network = Answers(TOTALS)
    control = network.client(timeout_seconds=7.0)
    assert control.wait("t", succeeded=2, timeout_seconds=0.5) == TOTALS
    assert network.lines() == ["GET /tenants/t/wait?succeeded=2&timeoutSeconds=0.500000"]
    assert network.options[0]["timeout"] == 7.5


def test_a_wait_that_is_not_met_tells_the_totals():
    with pytest.raises(ControlNotReadyError, match="'succeeded': 2") as raised:
        Answers((408, TOTALS)).client().wait("t", succeeded=3)
    assert raised.value.totals == TOTALS


def test_a_refusal_has_status_title_and_violations():
    problem = {"error": "The body is not as expected", "violations": ["$.name: wrong", "$.a: no"]}
    with pytest.raises(ControlRefusedError) as raised:
        Answers((400, problem)).client().add_workflow("t", {})
    found = raised.value
    assert (found.status, found.title) == (400, "The body is not as expected")
    assert found.violations == ("$.name: wrong", "$.a: no")
    assert str(found).endswith("answered 400: The body is not as expected; $.name: wrong; $.a: no")


@pytest.mark.parametrize("body", [b"<h1>", b"[]", b"{}", b"", b"[" * 100_000])
def test_a_refusal_by_something_else_has_its_status_alone(body):
    with pytest.raises(ControlRefusedError, match=r"answered 502$") as raised:
        Answers((502, body)).client().tenants()
    assert (raised.value.title, raised.value.violations) == ("", ())


@pytest.mark.parametrize(
    ("body", "missing", "detail"),
    [
        (b"<h1>", None, "Expecting value"),
        (b"[]", "tenants", "an answer without 'tenants'"),
        (b"{}", "tenants", "an answer without 'tenants'"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b'{"tenants": ' + b"9" * 5_000 + b"}", "tenants", "an answer without a list 'tenants'"),
        (b'{"tenants": 5}', "tenants", "an answer without a list 'tenants'"),
    ],
)
def test_an_answer_that_no_mock_gives_is_an_error(body, missing, detail):
    with pytest.raises(ControlAnswerError, match=detail) as raised:
        Answers(body).client().tenants()
    assert raised.value.missing == missing
    assert detail in raised.value.detail


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.InvalidProxyURL("x"), NoAnswer.UNUSABLE_PROXY),
        (requests.exceptions.SSLError("x"), NoAnswer.UNTRUSTED_CERTIFICATE),
        (requests.ConnectTimeout("x"), NoAnswer.CONNECT_TIMEOUT),
        (requests.ReadTimeout("x"), NoAnswer.READ_TIMEOUT),
        (requests.ConnectionError("x"), NoAnswer.NO_CONNECTION),
        (requests.TooManyRedirects("x"), NoAnswer.OTHER),
        (OSError("x"), NoAnswer.OTHER),  # REQUESTS_CA_BUNDLE names no file
    ],
)
def test_no_answer_has_a_reason_and_what_the_library_says(error, reason):
    with pytest.raises(ControlUnreachableError, match=f"{URL}: no answer: x") as raised:
        Answers(error).client().health()
    assert (raised.value.reason, raised.value.detail) == (reason, "x")
    assert isinstance(raised.value, ControlError)


@pytest.mark.parametrize("token", [TOKEN, Secret(TOKEN)])
def test_the_control_token_is_shown_and_nothing_takes_its_place(tmp_path, monkeypatch, token):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password PLACEHOLDER\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for url in (URL, ELSEWHERE, ELSEWHERE.replace("//", "//someone:PLACEHOLDER@")):
        network = Answers({"status": "ok"})
        control = network.client(url, token)
        control.health()
        assert network.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in repr(control)


@pytest.mark.parametrize("token", ["é", "a\tb"])
def test_a_token_that_a_header_can_carry_is_sent_as_serve_takes_it(token):
    network = Answers({"status": "ok"})
    network.client(URL, token).health()
    assert network.asked[0].headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("token", ["ä€", "two\nlines", " T9", "\ufeffmark"])
def test_a_token_that_no_header_can_carry_is_refused_and_not_told(token):
    with pytest.raises(ControlTokenError) as raised:
        ControlClient(URL, token)
    assert token not in str(raised.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.9.10"])
def test_on_loopback_neither_proxy_nor_netrc_is_used_and_a_ca_bundle_is(
    host, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password PLACEHOLDER\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/trusted/ca.pem")
    monkeypatch.delenv("no_proxy", raising=False)
    network = Answers({"status": "ok"})
    network.client(f"http://{host}:8084/__control/v1").health()
    assert not network.options[0]["proxies"]
    assert network.options[0]["verify"] == "/trusted/ca.pem"
    assert "Authorization" not in network.asked[0].headers


@pytest.mark.parametrize("url", [ELSEWHERE, "http://127.example/__control/v1"])
def test_elsewhere_the_environment_is_heeded(url, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    network = Answers({"status": "ok"})
    network.client(url).health()
    assert network.options[0]["proxies"]["http"] == "http://127.0.0.1:9"


@pytest.mark.parametrize("url", [URL, ELSEWHERE])
def test_a_ca_file_goes_before_the_environments(url, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/another/ca.pem")
    network = Answers({"status": "ok"})
    network.client(url, ca_file="/the/mocks/ca.pem").health()
    assert network.options[0]["verify"] == "/the/mocks/ca.pem"


def test_a_client_closes_its_session(monkeypatch):
    closed = []
    monkeypatch.setattr(Answers, "close", lambda _: closed.append(True))
    with Answers({"status": "ok"}).client() as control:
        control.health()
    assert closed


@pytest.mark.parametrize(
    "url",
    [
        "http://h:1",
        "http://h:1/",
        "http://h:1/__control/v1",
        "http://h:1/__control/v1/",
        "http://h:1/runs/RUN_1?view=started",
        "http://h:1/calls?tenant=none",
        "http://h:1/inbound-event/v1/events/json/triggers?urlTokenId=x",
    ],
)
def test_the_control_apis_address_follows_from_the_mocks(url):
    assert control_url_of(url) == "http://h:1/__control/v1"


def test_an_event_s_number_that_python_cannot_hold_is_its_text():
    run = b'{"id": "r", "event": {"n": ' + b"9" * 5_000 + b', "m": 1e999}}'
    event = Answers(run).client().run("r")["event"]
    assert event == {"n": "9" * 5_000, "m": "1e999"}
    assert exact_json.dumps(event).encode() in run


@pytest.mark.parametrize("body", [b"[" * 9_000, b"\xff", b"{"])
def test_an_answer_that_cannot_be_read_is_one_error(body):
    with pytest.raises(ControlAnswerError):
        Answers(body).client().health()
    with pytest.raises(ControlRefusedError, match="answered 500"):
        Answers((500, body)).client().health()


@pytest.mark.parametrize(
    "fault", [LocationParseError("h" * 300), UnicodeError("label too long"), RecursionError()]
)
def test_a_call_that_cannot_be_made_is_one_error_whatever_is_raised(fault):
    with pytest.raises(ControlUnreachableError) as caught:
        Answers(fault).client().health()
    assert caught.value.reason is NoAnswer.OTHER
