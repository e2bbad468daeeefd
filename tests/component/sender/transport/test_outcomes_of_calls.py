"""Both transports against a real server: the same outcomes, whatever it answers."""

import base64
import json

import pytest

from sender.outbox.records import StoredMessage
from sender.transport.answers import ANSWER_LIMIT_BYTES
from sender.transport.base import Transport
from sender.transport.outcomes import Answered, Lost, NotConnected

BODY = b'{"identityMap":{"Email":[{"id":"Email-2Sf6C"}]}}'


def test_a_message_goes_out_with_credential_type_and_trace_id(server, endpoint, make, kit, posted):
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


def test_connections_are_reused(server, endpoint, make, posted):
    posted(make(endpoint, workers=1), count=5)
    assert len(server.seen) == 5
    assert len({seen.port for seen in server.seen}) == 1


def test_an_answer_that_offers_another_protocol_is_an_answer_like_any_other(
    server, endpoint, make, kit, posted
):
    offer = {"Upgrade": "h2,h2c", "Connection": "Upgrade, Keep-Alive"}
    server.answers(*(kit.answer(status, headers=offer) for status in (200, 426, 200)))
    outcomes = posted(make(endpoint, workers=1), count=3)
    assert [outcome.status for outcome in outcomes] == [200, 426, 200]
    assert len({seen.port for seen in server.seen}) == 1


def test_a_large_message_arrives_whole(server, endpoint, make, posted):
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


def test_a_refusal_carries_the_envelopes_error(server, endpoint, make, kit, posted):
    server.always(kit.refusal(400, "ATP_2", headers={"Retry-After": "7"}))
    assert posted(make(endpoint)) == [Answered(400, "7", "ATP_2", "refused with 400")]


def test_a_retry_after_that_comes_again_is_joined_and_an_interim_answer_s_is_not(
    server, endpoint, make, kit, posted
):
    interim = b"HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n"
    twice = b"Retry-After: 3\r\nretry-after: 5\r\n"
    final = b"HTTP/1.1 503 Busy\r\n" + twice + b"Content-Length: 0\r\n\r\n"
    server.always(kit.answer(raw=interim + final))
    assert posted(make(endpoint)) == [Answered(503, "3, 5")]


def test_a_refusal_that_is_no_json_is_known_by_its_status(server, endpoint, make, kit, posted):
    server.always(kit.answer(502, body=b"<html>bad gateway</html>"))
    assert posted(make(endpoint)) == [Answered(502)]


def test_an_answer_without_end_is_read_no_further_than_wanted(server, endpoint, make, kit, posted):
    server.always(kit.answer(500, body=b"x" * (ANSWER_LIMIT_BYTES * 4)))
    assert posted(make(endpoint), count=2) == [Answered(500), Answered(500)]


@pytest.mark.parametrize("status", [200, 500])
def test_a_truncated_answer_is_known_by_its_status(server, endpoint, make, kit, status, posted):
    server.always(kit.answer(status, body=b'{"me', claims_bytes=100))
    assert posted(make(endpoint)) == [Answered(status)]


@pytest.mark.parametrize("interim", [(103,), (102, 103, 100), (100,)])
def test_an_interim_answer_is_not_the_answer_nor_the_next_call_s(
    server, endpoint, make, kit, interim, posted
):
    server.answers(*(kit.answer(status, interim=interim) for status in (200, 400, 200, 500)))
    outcomes = posted(make(endpoint, workers=1), count=4)
    assert [outcome.status for outcome in outcomes] == [200, 400, 200, 500]


@pytest.mark.parametrize("begins", [b"HTTP/1.1 ", b"HTTP/1.1 103 Early Hints\r\nLink: "])
def test_an_answer_that_dribbles_is_lost_when_its_time_is_over(
    server, make, kit, begins, first_sent
):
    server.always(kit.answer(raw=begins, dribbles=True))
    assert isinstance(first_sent(make(kit.endpoint(server.url, 0.3))), Lost)


def test_an_answer_whose_headers_dribble_ends_when_its_time_is_over(server, make, kit, first_sent):
    server.always(kit.answer(raw=b"HTTP/1.1 200 OK\r\nX: ", dribbles=True))
    ended = first_sent(make(kit.endpoint(server.url, 0.3)))
    assert ended in (Answered(200), Lost("no answer in time"))  # libcurl knows the status by then


def test_a_body_that_dribbles_is_read_no_longer_than_allowed(server, make, kit, first_sent):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    server.always(kit.answer(raw=head, dribbles=True))
    transport = make(kit.endpoint(server.url, 0.3))
    assert first_sent(transport) == Answered(200)


@pytest.mark.parametrize(
    "raw", [b"hello\n", b"HTTP/1.1 000 Odd\r\n\r\n", b"HTTP/1.1 101 No\r\n\r\n"]
)
def test_an_answer_that_is_none_is_lost_for_the_call_went_out(
    server, endpoint, make, kit, raw, posted
):
    server.always(kit.answer(raw=raw))
    assert isinstance(posted(make(endpoint))[0], Lost)


def test_a_call_without_an_answer_in_time_is_lost(server, make, kit, first_sent):
    server.always(kit.answer(hangs=True))
    transport = make(kit.endpoint(server.url, 0.1))
    assert first_sent(transport) == Lost("no answer in time")


@pytest.fixture
def first_sent(posted):
    """Post until one call goes out: the machine may be too slow to connect in so short a time."""

    def first_sent(transport: Transport) -> object:
        outcomes = (posted(transport)[0] for _ in range(50))
        return next(one for one in outcomes if not isinstance(one, NotConnected))

    return first_sent


def test_a_reset_connection_is_a_lost_answer(server, endpoint, make, kit, posted):
    server.always(kit.answer(resets=True))
    (outcome,) = posted(make(endpoint))
    assert isinstance(outcome, Lost)


def test_no_call_is_repeated_behind_our_back_when_a_kept_connection_breaks(
    server, endpoint, make, kit, posted
):
    server.answers(kit.answer(), kit.answer(), kit.answer(resets=True), kit.answer())
    outcomes = posted(make(endpoint, workers=1), count=4)
    assert [type(outcome) for outcome in outcomes] == [Answered, Answered, Lost, Answered]
    assert [seen.headers["x-trace-id"] for seen in server.seen] == [
        f"trace-{seq}" for seq in range(1, 5)
    ]


def test_a_refused_connection_was_certainly_not_executed(make, closed_port, kit, posted):
    url = f"http://127.0.0.1:{closed_port}/inbound-event/v1/events/json/triggers?urlTokenId=x"
    (outcome,) = posted(make(kit.endpoint(url)))
    assert isinstance(outcome, NotConnected)
    assert "urlTokenId" not in outcome.reason


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
def test_what_was_sent_in_the_very_call_is_hidden_in_every_form(server, make, kit, echo, posted):
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
