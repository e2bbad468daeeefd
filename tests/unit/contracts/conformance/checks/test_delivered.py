"""Each message that is wanted starts a run, unchanged, and nothing else arrives."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.delivered import check_delivered
from contracts.conformance.recording import MISSING, Call
from contracts.conformance.scenario import Scenario
from support.recordings import call, message, recorded

ALL = catalogue()["happy-path"]
NONE = catalogue()["draft-workflow"]
ANY = catalogue()["not-retried-400"]
ADA, BOB = message("ada", points=9007199254740993), message("bob")


def said(*calls: Call, scenario: Scenario = ALL):
    return list(check_delivered(scenario, recorded(calls, [ADA, BOB])))


def test_all_messages_in_any_order_are_right():
    assert said(call(BOB), call(ADA, 429), call(ADA)) == []


def test_no_call_at_all_is_told_and_nothing_else():
    assert said() == [
        "no call came that names its workflow or tenant; messages: 2, to be delivered"
    ]


def test_a_lost_message_is_told_with_its_answers():
    assert said(call(BOB), call(ADA, 503), call(ADA, None, run_ids=())) == [
        (
            "1 of 2 messages started no run; the first is that of a***@e***.com, "
            "whose calls were answered 503, no answer"
        )
    ]


def test_a_message_that_was_never_posted_is_told():
    assert said(call(BOB)) == [
        "1 of 2 messages started no run; the first is that of a***@e***.com, for which no call came"
    ]


def test_what_was_not_to_be_delivered_is_told():
    assert said(call(ADA), scenario=NONE) == [
        "1 of 2 messages started a run and were not to; the first is that of a***@e***.com"
    ]


def test_any_number_may_be_delivered_where_the_scenario_says_so():
    assert said(call(ADA), scenario=ANY) == []


@pytest.mark.parametrize(
    ("body", "whose"), [(message("eve"), "e***@e***.com"), ({"person": {}}, "no identity")]
)
def test_a_message_of_nobody_is_told(body: object, whose: str):
    assert said(call(ADA), call(BOB), call(body, request_id="it")) == [
        f"request it is of a message that was not to be sent: {whose}"
    ]


def test_a_number_that_was_rounded_is_told():
    rounded = {**ADA, "points": 9007199254740992}
    assert said(call(rounded, request_id="it"), call(BOB)) == [
        (
            "request it: the message of a***@e***.com was changed: $.points: "
            "expected 9007199254740993, found 9007199254740992"
        )
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [("{}", "a JSON text"), ([ADA], "a JSON array"), (1, "neither object nor array")],
)
def test_a_body_that_is_json_but_no_object_is_told_as_what_it_is(body: object, kind: str):
    refused = {"status": 400, "reason": "not-an-object"}
    calls = [call(body, request_id="it", **refused), call(body, **refused)]
    assert said(*calls) == [
        f"request it: its body is {kind}, expected an object",
        (
            "2 of 2 messages started no run; the first is that of a***@e***.com, for which no call "
            "is known; 2 calls whose message is unknown: answered 2 × 400 (the body is JSON, but "
            "no object)"
        ),
    ]


def test_calls_whose_body_never_came_are_told_as_calls():
    unread = call(MISSING, None, run_ids=(), faults=("reset-before-read",))
    (lost,) = said(unread, call(BOB))
    assert lost.endswith(
        "for which no call is known; 1 call whose message is unknown: answered no answer "
        "(connection reset)"
    )


@pytest.mark.parametrize("reason", ["unsupported-credential", "no-credential"])
def test_a_call_without_a_credential_is_told_with_what_it_lacks(reason: str):
    (lost,) = said(call(ADA, 401, reason=reason), call(BOB))
    assert lost.endswith("whose calls were answered 401 (no X-API-TOKEN and no HTTP Basic)")


def test_a_connector_that_maps_and_makes_no_call_is_told_what_it_was_given():
    assert said(scenario=catalogue()["hashed-emails"]) == [
        (
            "no call came that names its workflow or tenant; messages: 2, "
            "to be made from PROFILES and DATAFLOW: "
            "MESSAGES is empty here"
        )
    ]


@pytest.mark.parametrize(
    "fields", [{"status": 400, "reason": "not-json"}, {"status": 202, "run_ids": ("run",)}]
)
def test_a_body_that_is_no_json_is_told(fields: dict[str, object]):
    broken = call(MISSING, request_id="it", **fields)
    assert said(call(ADA), call(BOB), broken) == ["request it: its body is no JSON in UTF-8"]


def test_a_call_whose_body_was_not_read_is_no_reason():
    unread = call(MISSING, None, run_ids=(), faults=("reset-before-read",))
    assert said(unread, call(ADA), call(BOB)) == []


def test_a_body_that_was_not_read_is_not_called_changed():
    unread = call(MISSING, "ada@example.com", faults=("reset-before-read",))
    assert said(unread, call(ADA), call(BOB)) == []
