"""``qualtrics.verify()``: the calls of a test are judged."""

import base64
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from contracts.verification.verifying import CHECK_NAMES
from mock_qualtrics.testing import Qualtrics, TrafficNotVerifiedError
from support.recorded_calls import message

TIMEOUT_SECONDS = 60  # only a test that fails waits so long
EXACT = b'{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "n": 0.10000000000000000555}'


def send(qualtrics: Qualtrics, body: object = None, **parts: object) -> requests.Response:
    auth = (qualtrics.username, qualtrics.api_token)
    given = {"url": qualtrics.trigger_url, "auth": auth, "timeout": TIMEOUT_SECONDS}
    sent = {"json": body or message()} if "data" not in parts else {}
    return requests.post(**{**given, **sent, **parts})


def refused(qualtrics: Qualtrics, **options: object) -> str:
    with pytest.raises(AssertionError) as caught:
        qualtrics.verify(**options)
    assert qualtrics.api_token not in str(caught.value)
    return str(caught.value)


def test_good_traffic_is_verified(qualtrics: Qualtrics):
    send(qualtrics)
    send(qualtrics, message("eve@example.com"), headers={"X-Trace-Id": "t"})
    qualtrics.verify()
    qualtrics.verify([message("eve@example.com"), message()], policy="lossless")


def test_nothing_received_is_an_error(qualtrics: Qualtrics):
    assert "recorded: no message was recorded" in refused(qualtrics)


def test_calls_that_name_no_tenant_are_mentioned_when_nothing_was_received(qualtrics: Qualtrics):
    requests.post(f"{qualtrics.url}/elsewhere", json={}, timeout=TIMEOUT_SECONDS)
    assert "1 call names no account" in refused(qualtrics)


def test_every_reason_is_told(qualtrics: Qualtrics):
    send(qualtrics, {"a": 1}, url=f"{qualtrics.trigger_url}&t={qualtrics.api_token}")
    send(qualtrics, {"a": 1})
    said = refused(qualtrics)
    assert said.startswith("3 of 11 checks of what was received failed:\n")
    assert "messages-valid: request " in said
    assert "credentials: request " in said
    assert "the API token stands in the URL" in said
    assert "duplicates: request " in said


@pytest.mark.parametrize("place", ["URL", "body", "header"])
def test_base64_of_the_credential_is_found_where_it_must_not_stand(qualtrics: Qualtrics, place):
    pair = base64.b64encode(f"{qualtrics.username}:{qualtrics.api_token}".encode()).decode()
    send(
        qualtrics,
        message(note=pair if place == "body" else ""),
        url=qualtrics.trigger_url + f"&a={pair}" * (place == "URL"),
        headers={"Cookie": pair} if place == "header" else {},
    )
    said = refused(qualtrics)
    assert said.startswith("1 of 11 checks")
    assert f"the API token stands in {'a' if place == 'header' else 'the'} {place}" in said
    assert pair not in said


@pytest.mark.parametrize("more", [{"note": "x" * 90_000}, {"token": 5}])
def test_a_refused_message_that_is_kept_in_part_convicts_nobody(qualtrics: Qualtrics, more):
    qualtrics.faults.add("status", when={"first": 2}, status=503)
    for _ in range(3):
        send(qualtrics, message(**more))
    qualtrics.verify([message(**more)], policy="lossless")
    send(qualtrics, message(**more))
    assert "duplicates: " in refused(qualtrics)


@pytest.mark.qualtrics(clock="virtual")
def test_on_a_clock_that_stands_no_pause_is_judged(qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"first": 8}, status=429, retry_after_seconds=1)
    for _ in range(9):
        send(qualtrics)
    qualtrics.verify([message()], policy="lossless")


def test_a_key_that_stands_twice_is_told(qualtrics: Qualtrics):
    twice = b'{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "n": 1, "n": 2}'
    send(qualtrics, data=twice, headers={"Content-Type": "application/json"})
    assert 'the body is no strict JSON: the key "n" stands twice' in refused(qualtrics)


def test_a_test_may_say_that_nothing_was_to_be_sent(qualtrics: Qualtrics):
    qualtrics.verify([], without=["recorded"])
    send(qualtrics)
    assert "is not among the messages" in refused(qualtrics, messages=[], without=["recorded"])


def test_a_message_that_was_changed_in_its_last_digit_is_told(qualtrics: Qualtrics):
    send(qualtrics, data=EXACT, headers={"Content-Type": "application/json"})
    said = refused(qualtrics, messages=[message(n=0.1)])
    assert "$.n: expected 0.1, found 0.10000000000000000555" in said


def test_a_lost_answer_excuses_a_duplicate(qualtrics: Qualtrics):
    qualtrics.faults.add("reset-after-journal", when={"first": 1})
    with contextlib.suppress(requests.ConnectionError):
        send(qualtrics)
    send(qualtrics)
    qualtrics.verify([message()])
    send(qualtrics)
    assert "duplicates: " in refused(qualtrics)


def test_a_retry_that_comes_sooner_than_asked_is_told(qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"first": 1}, status=429, retry_after_seconds=20)
    send(qualtrics)
    send(qualtrics)
    assert "though Retry-After at request " in refused(qualtrics)


def test_retries_are_judged_by_the_policy_on_the_tenants_clock(qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"first": 2}, status=503)
    send(qualtrics)
    qualtrics.clock.advance(seconds=15)
    send(qualtrics)
    assert "given up after 1 of the policy's 2 retries (status 503)" in refused(
        qualtrics, policy="adobe-best-effort"
    )
    qualtrics.clock.advance(seconds=15)
    send(qualtrics)
    qualtrics.verify(policy="adobe-best-effort")
    assert "expected 1800 s" in refused(
        qualtrics, policy="adobe-configurable", without=["needless-retries"]
    )


def test_a_wrong_credential_is_told_unless_the_check_is_left_out(qualtrics: Qualtrics):
    send(qualtrics)
    send(qualtrics, message("eve@example.com"), auth=("dave", "PLACEHOLDER"))
    assert "not the account's (401)" in refused(qualtrics)
    qualtrics.verify(without=["credentials"])


@pytest.mark.qualtrics(limits={"payloadBytes": 20})
def test_the_tenants_own_limit_counts(qualtrics: Qualtrics):
    send(qualtrics)
    assert "expected at most 20" in refused(qualtrics)


def test_a_journal_that_is_not_complete_is_refused(qualtrics: Qualtrics, monkeypatch):
    send(qualtrics)
    totals = qualtrics.totals() | {"complete": False}
    monkeypatch.setattr(qualtrics._backend, "totals", lambda _: totals)
    assert "keep it with serve --store" in refused(qualtrics)


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"policy": "patient"}, ValueError, "'patient' is unknown"),
        ({"policy": ["lossless"]}, ValueError, "expected one of lossless"),
        ({"without": ["x"]}, ValueError, "no check is called"),
        ({"without": "credentials"}, TypeError, "found the text 'credentials', expected a list"),
        ({"messages": message()}, TypeError, "messages: found a dict, expected a list"),
        ({"messages": ["{}"]}, TypeError, r"messages\[0\]: found a str"),
    ],
)
def test_a_wrong_use_is_one_error_that_shows_none_of_the_mocks_code(
    qualtrics: Qualtrics, options, kind, said
):
    with pytest.raises(kind, match=said) as caught:
        qualtrics.verify(**options)
    shown = [each.path.name for each in caught.traceback.filter(caught)]
    assert set(shown) == {"test_verify.py"}


def test_an_error_of_a_generator_of_messages_stays_the_tests_own(qualtrics: Qualtrics):
    def broken() -> Iterator[dict[str, Any]]:
        raise ValueError("no such file of messages")
        yield message()

    with pytest.raises(ValueError, match="no such file of messages") as caught:
        qualtrics.verify(broken())
    assert caught.traceback[-1].name == "broken"


def test_a_run_in_which_all_is_left_out_fails(qualtrics: Qualtrics):
    send(qualtrics)
    assert "nothing was judged" in refused(qualtrics, without=CHECK_NAMES)


def test_messages_may_be_a_generator(qualtrics: Qualtrics):
    send(qualtrics)
    qualtrics.verify(each for each in [message()])
    assert "messages[1]: the message of e***@e***.com is missing" in refused(
        qualtrics, messages=iter([message(), message("eve@example.com")])
    )


def test_its_error_is_an_assertion():
    assert issubclass(TrafficNotVerifiedError, AssertionError)
