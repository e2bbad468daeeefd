"""A message keeps its trace id on every retry, and shares it with no other."""

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.trace_ids import check_trace_ids
from contracts.conformance.recording import Call
from contracts.conformance.scenario import Scenario
from support.recordings import call, message, recorded

SCENARIO = catalogue()["same-trace-id-on-retries"]
ADA, BOB = message("ada"), message("bob")


def said(*calls: Call, scenario: Scenario = SCENARIO):
    return list(check_trace_ids(scenario, recorded(calls, [ADA, BOB])))


def test_the_same_id_on_every_retry_is_right_and_so_is_none():
    assert said(call(ADA, 503, trace_id="a"), call(ADA, trace_id="a"), call(BOB)) == []


def test_a_new_id_on_a_retry_is_told():
    assert said(call(ADA, 503, trace_id="a"), call(ADA, trace_id="b")) == [
        "the message of a***@e***.com came with 2 trace ids, expected the same on every retry"
    ]


def test_an_id_that_two_messages_share_is_told():
    assert said(call(ADA, trace_id="a"), call(BOB, trace_id="a")) == [
        (
            "the message of b***@e***.com has the trace id of the message of a***@e***.com, "
            "expected one of its own"
        )
    ]


def test_other_scenarios_do_not_ask():
    calls = (call(ADA, 503, trace_id="a"), call(ADA, trace_id="b"))
    assert said(*calls, scenario=catalogue()["happy-path"]) == []
