"""Both transports against a real server: the same outcomes, whatever it answers."""

import base64
import json
import ssl

import pytest
import trustme

from sender.clock import RealClock
from sender.errors import ConfigurationError
from sender.outbox.records import StoredMessage
from sender.transport.answers import ANSWER_LIMIT_BYTES, read_answer, same_origin_redirect
from sender.transport.base import Endpoint, Transport
from sender.transport.factory import TRANSPORTS, transport_named
from sender.transport.outcomes import Answered, Impossible, Lost, NotConnected, hopeless_reason

BODY = b'{"identityMap":{"Email":[{"id":"Email-2Sf6C"}]}}'


@pytest.fixture(params=TRANSPORTS)
def make(request):
    made = []

    def make(endpoint: Endpoint, workers: int = 2) -> Transport:
        made.append(transport_named(request.param, endpoint, RealClock(), workers))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def posted(transport, count=1, body=BODY):
    """Post messages one after the other and return how they ended."""
    outcomes = []
    for seq in range(1, count + 1):
        transport.submit(StoredMessage(seq, f"trace-{seq}", body))
        ended = []
        while not ended:
            ended = transport.completed(5)
        outcomes += [completed.outcome for completed in ended]
    return outcomes


def test_a_message_goes_out_with_credential_type_and_trace_id(server, endpoint, make, kit):
    assert posted(make(endpoint)) == [Answered(200)]
    (seen,) = server.seen
    credential = base64.b64encode(f"{kit.username}:{kit.token}".encode()).decode()
    assert seen.body == BODY
    assert seen.path.endswith("urlTokenId=00000000-0000-4000-8000-00000000beef")
    assert seen.headers["authorization"] == f"Basic {credential}"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-trace-id"] == "trace-1"
    assert seen.headers["content-length"] == str(len(BODY))
    assert "expect" not in seen.headers


def test_connections_are_reused(server, endpoint, make):
    posted(make(endpoint, workers=1), count=5)
    assert len(server.seen) == 5
    assert len({seen.port for seen in server.seen}) == 1


def test_a_large_message_arrives_whole(server, endpoint, make):
    body = b'"' + b"x" * 300_000 + b'"'
    assert posted(make(endpoint), body=body) == [Answered(200)]
    assert server.seen[0].body == body


def test_many_messages_are_under_way_at_once_and_all_end(server, endpoint, make):
    transport = make(endpoint, workers=4)
    for seq in range(transport.slots):
        transport.submit(StoredMessage(seq, f"trace-{seq}", BODY))
    ended = []
    while len(ended) < transport.slots:
        ended += transport.completed(5)
    assert {completed.message.seq for completed in ended} == set(range(transport.slots))
    assert all(completed.outcome == Answered(200) for completed in ended)
    assert all(completed.seconds > 0 for completed in ended)


def test_a_refusal_carries_the_envelopes_error(server, endpoint, make, kit):
    server.always(kit.refusal(400, "ATP_2", headers={"Retry-After": "7"}))
    assert posted(make(endpoint)) == [Answered(400, "7", "ATP_2", "refused with 400")]


def test_a_refusal_that_is_no_json_is_known_by_its_status(server, endpoint, make, kit):
    server.always(kit.answer(502, body=b"<html>bad gateway</html>"))
    assert posted(make(endpoint)) == [Answered(502)]


def test_an_answer_without_end_is_read_no_further_than_wanted(server, endpoint, make, kit):
    server.always(kit.answer(500, body=b"x" * (ANSWER_LIMIT_BYTES * 4)))
    assert posted(make(endpoint), count=2) == [Answered(500), Answered(500)]


@pytest.mark.parametrize("status", [200, 500])
def test_a_truncated_answer_is_known_by_its_status(server, endpoint, make, kit, status):
    server.always(kit.answer(status, body=b'{"me', claims_bytes=100))
    assert posted(make(endpoint)) == [Answered(status)]


@pytest.mark.parametrize("interim", [(103,), (102, 103, 100), (100,)])
def test_an_interim_answer_is_not_the_answer_nor_the_next_call_s(
    server, endpoint, make, kit, interim
):
    server.answers(*(kit.answer(status, interim=interim) for status in (200, 400, 200, 500)))
    outcomes = posted(make(endpoint, workers=1), count=4)
    assert [outcome.status for outcome in outcomes] == [200, 400, 200, 500]


@pytest.mark.parametrize("begins", [b"HTTP/1.1 ", b"HTTP/1.1 103 Early Hints\r\nLink: "])
def test_an_answer_that_dribbles_is_lost_when_its_time_is_over(server, make, kit, begins):
    server.always(kit.answer(raw=begins, dribbles=True))
    assert isinstance(_first_sent(make(kit.endpoint(server.url, 0.3))), Lost)


def test_an_answer_whose_headers_dribble_ends_when_its_time_is_over(server, make, kit):
    server.always(kit.answer(raw=b"HTTP/1.1 200 OK\r\nX: ", dribbles=True))
    ended = _first_sent(make(kit.endpoint(server.url, 0.3)))
    assert ended in (Answered(200), Lost("no answer in time"))  # libcurl knows the status by then


def test_a_body_that_dribbles_is_read_no_longer_than_allowed(server, make, kit):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    server.always(kit.answer(raw=head, dribbles=True))
    transport = make(kit.endpoint(server.url, 0.3))
    assert _first_sent(transport) == Answered(200)


@pytest.mark.parametrize(
    "raw", [b"hello\n", b"HTTP/1.1 000 Odd\r\n\r\n", b"HTTP/1.1 101 No\r\n\r\n"]
)
def test_an_answer_that_is_none_is_lost_for_the_call_went_out(server, endpoint, make, kit, raw):
    server.always(kit.answer(raw=raw))
    assert isinstance(posted(make(endpoint))[0], Lost)


def test_a_call_without_an_answer_in_time_is_lost(server, make, kit):
    server.always(kit.answer(hangs=True))
    transport = make(kit.endpoint(server.url, 0.1))
    assert _first_sent(transport) == Lost("no answer in time")


def _first_sent(transport: Transport) -> object:
    """Post until one call goes out: the machine may be too slow to connect in so short a time."""
    outcomes = (posted(transport)[0] for _ in range(50))
    return next(one for one in outcomes if not isinstance(one, NotConnected))


def test_a_reset_connection_is_a_lost_answer(server, endpoint, make, kit):
    server.always(kit.answer(resets=True))
    (outcome,) = posted(make(endpoint))
    assert isinstance(outcome, Lost)


def test_no_call_is_repeated_behind_our_back_when_a_kept_connection_breaks(
    server, endpoint, make, kit
):
    server.answers(kit.answer(), kit.answer(), kit.answer(resets=True), kit.answer())
    outcomes = posted(make(endpoint, workers=1), count=4)
    assert [type(outcome) for outcome in outcomes] == [Answered, Answered, Lost, Answered]
    assert [seen.headers["x-trace-id"] for seen in server.seen] == [
        f"trace-{seq}" for seq in range(1, 5)
    ]


def test_a_refused_connection_was_certainly_not_executed(make, closed_port, kit):
    url = f"http://127.0.0.1:{closed_port}/inbound-event/v1/events/json/triggers?urlTokenId=x"
    (outcome,) = posted(make(kit.endpoint(url)))
    assert isinstance(outcome, NotConnected)
    assert "urlTokenId" not in outcome.reason


def test_a_redirect_elsewhere_is_not_followed(server, endpoint, make, kit):
    away = "http://localhost:9/inbound-event/v1/events/json/triggers?urlTokenId=secret"
    server.always(kit.answer(307, headers={"Location": away}))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == 307
    assert outcome.location.startswith("http://localhost:9/")
    assert "secret" not in outcome.location
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_server_is_followed_with_message_and_credential(
    server, endpoint, make, kit, status
):
    server.answers(kit.answer(status, headers={"Location": "/moved"}, body=b""))
    assert posted(make(endpoint)) == [Answered(200)]
    first, second = server.seen
    assert (second.path, second.body) == ("/moved", first.body)
    assert second.headers["authorization"] == first.headers["authorization"]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_drops_the_message_is_not_followed(server, endpoint, make, kit, status):
    server.always(kit.answer(status, headers={"Location": "/moved"}, body=b""))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == status
    assert len(server.seen) == 1


def test_redirects_that_go_round_in_circles_end(server, endpoint, make, kit):
    server.always(kit.answer(307, headers={"Location": "/again"}, body=b""))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == 307
    assert len(server.seen) == 3


def test_a_netrc_does_not_replace_the_credential(
    server, endpoint, make, kit, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    posted(make(endpoint))
    assert server.seen[0].headers["authorization"] == endpoint.authorization()


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_from_the_environment_is_used(server, make, kit, monkeypatch, variable):
    proxy = server.url.split("/inbound")[0]
    monkeypatch.setenv(variable, proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = "http://qualtrics.example/inbound-event/v1/events/json/triggers?urlTokenId=x"
    assert posted(make(kit.endpoint(url))) == [Answered(200)]
    assert server.seen[0].path == url


@pytest.mark.parametrize("lost_after", [0, 1])
def test_an_answer_that_is_lost_behind_a_proxy_is_lost_and_not_a_missing_connection(
    server, make, kit, monkeypatch, lost_after
):
    monkeypatch.setenv("http_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    server.answers(*[kit.answer()] * lost_after, kit.answer(resets=True))
    transport = make(kit.endpoint("http://qualtrics.example/?urlTokenId=x"), workers=1)
    outcomes = [posted(transport)[0] for _ in range(lost_after + 1)]
    assert isinstance(outcomes[-1], Lost)


def test_a_proxy_that_is_not_there_is_a_missing_connection(make, kit, monkeypatch, closed_port):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert isinstance(posted(make(kit.endpoint("http://qualtrics.example/?x")))[0], NotConnected)


def test_a_proxy_that_makes_no_tunnel_is_a_missing_connection(server, make, kit, monkeypatch):
    server.always(kit.answer(503))
    monkeypatch.setenv("https_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    assert isinstance(posted(make(kit.endpoint("https://qualtrics.example/?x")))[0], NotConnected)


def test_a_proxy_s_address_that_cannot_be_used_is_said_without_it(make, kit, monkeypatch):
    monkeypatch.setenv("http_proxy", "socks9://user:PLACEHOLDER@127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    (outcome,) = posted(make(kit.endpoint("http://qualtrics.example/?x")))
    assert isinstance(outcome, Impossible | NotConnected)  # libcurl takes it for a plain proxy
    assert "PLACEHOLDER" not in str(outcome)


def test_a_proxy_that_wants_a_credential_makes_every_call_impossible(
    server, make, kit, monkeypatch
):
    server.always(kit.answer(407))
    monkeypatch.setenv("https_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    (outcome,) = posted(make(kit.endpoint("https://qualtrics.example/?x")))
    assert outcome == Impossible(hopeless_reason(Answered(407)))


@pytest.fixture
def authority(server, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.wrap_tls(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_tls_is_verified_against_the_bundle_in_the_environment(
    server, authority, make, kit, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    endpoint = kit.endpoint(server.url)
    assert posted(make(endpoint), count=2) == [Answered(200)] * 2


def test_a_certificate_that_nobody_vouches_for_makes_every_call_impossible(
    server, authority, make, kit, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    (outcome,) = posted(make(kit.endpoint(server.url)))
    assert isinstance(outcome, Impossible)
    assert "REQUESTS_CA_BUNDLE" in outcome.reason
    assert server.seen == []


def test_a_bundle_that_is_not_there_makes_every_call_impossible(
    server, authority, make, kit, monkeypatch, tmp_path
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    (outcome,) = posted(make(kit.endpoint(server.url)))
    assert isinstance(outcome, Impossible)


def test_waiting_ends_in_time_when_nothing_happens(server, endpoint, make, kit):
    server.always(kit.answer(hangs=True))
    transport = make(endpoint)
    transport.submit(StoredMessage(1, "trace-1", BODY))
    assert transport.completed(0) == []
    server.ended.set()


def test_closing_with_calls_under_way_ends(server, kit, make):
    server.always(kit.answer(hangs=True))
    transport = make(kit.endpoint(server.url, 0.2))
    transport.submit(StoredMessage(1, "trace-1", BODY))


def test_an_unknown_transport_is_named_with_those_there_are(endpoint):
    with pytest.raises(ConfigurationError, match="expected one of requests, fast"):
        transport_named("carrier-pigeon", endpoint, RealClock())


def test_an_endpoint_shows_neither_credential_nor_token_id(endpoint, kit):
    shown = repr(endpoint)
    assert kit.token not in shown
    assert "dave" not in shown
    assert "beef" not in shown


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'{"meta": 1}', b'{"meta": {"error": null}}', b"[" * 100_000, b"\xff"],
)
def test_whatever_comes_back_is_read(body):
    assert read_answer(500, {}, body) == Answered(500)


def test_secrets_that_a_destination_echoes_are_hidden():
    body = b'{"meta": {"error": {"errorCode": 5, "errorMessage": "no dave@example.com here"}}}'
    assert read_answer(400, {}, body) == Answered(400, None, None, "no *** here")


@pytest.mark.parametrize(
    "echo",
    [
        "Zebedee",
        "zebedee",
        "ECID-2Sf6C",
        "ecid-2sf6c",
        "{'firstName': 'Zebedee'}",
        "Sant%27%20Angelo",
        "Sant&#x27; Angelo",
        "Sant'+Angelo",
        r"Zo\u00eb \"Z\"",
        "dave%40example.com#brand",
        "dave%40example.org",
        "00000000-0000-4000-8000-00000000beef",
        "PLACEHOLDER-TOKEN",
        "ZGF2ZUBleGFtcGxlLmNvbSNicmFuZDpQTEFDRUhPTERFUi1UT0tFTg==",
    ],
)
def test_what_was_sent_in_the_very_call_is_hidden_in_every_form(server, make, kit, echo):
    sent = {
        "firstName": "Zebedee",
        "city": "Sant' Angelo",
        "nick": 'Zoë "Z"',
        "ids": ["ECID-2Sf6C"],
    }
    error = {"errorCode": f"E_{echo}", "errorMessage": f"no {echo} here"}
    server.always(kit.answer(400, body=json.dumps({"meta": {"error": error}}).encode()))
    transport = make(kit.endpoint(server.url, token="PLACEHOLDER-TOKEN"))
    (outcome,) = posted(transport, body=json.dumps(sent).encode())
    assert outcome.error_code is None
    assert outcome.description.startswith("no ")
    assert "***" in outcome.description
    for part in ("Zebedee", "2Sf6C", "Angelo", "00eb", "dave", "beef", "PLACEHOLDER", "ZGF2"):
        assert part.lower() not in outcome.description.lower()


@pytest.mark.parametrize("code", ["", "A B", "<b>", "E\u001b", "E" * 65, "é", 5])
def test_an_error_code_is_a_short_plain_word_or_none(code):
    body = json.dumps({"meta": {"error": {"errorCode": code}}}).encode()
    assert read_answer(400, {}, body) == Answered(400)


def test_a_destinations_words_cannot_command_a_terminal_and_are_short():
    body = json.dumps({"meta": {"error": {"errorMessage": "\u001b\u009b" + "x" * 60_000}}}).encode()
    assert read_answer(400, {}, body).description == "\ufffd\ufffd" + "x" * 198


@pytest.mark.parametrize(
    "location", [None, "", "http://[", "https://127.0.0.1/x", "http://127.0.0.1:1/x", "//other/x"]
)
def test_only_the_same_origin_is_followed(location):
    assert same_origin_redirect("http://127.0.0.1/a", 307, location) is None
