"""What each kind of fault does to a call, alone and with others."""

from typing import Any

import pytest

from contracts.validation import schema
from mock_qualtrics.faults import KINDS, NO_EFFECT, ConnectionFault, Counts, FaultEffect, FaultSet
from mock_qualtrics.model import Answer, Call

CALL = Call("POST", "/inbound-event/v1/events/json/triggers", "", (), b"{}")
ALWAYS = {"every": 1}


def effect(*faults: dict[str, Any]) -> FaultEffect:
    """Return what these faults, striking always, do to a call."""
    tenant_faults = FaultSet(seed=7)
    for fault in faults:
        tenant_faults.add({"when": ALWAYS, **fault})
    return tenant_faults.effect_on(CALL, b"", Counts(), 0)


def test_without_faults_nothing_is_touched():
    assert effect() is NO_EFFECT


def test_a_fault_that_does_not_strike_touches_nothing():
    assert effect({"kind": "hang", "when": {"every": 2}}) == NO_EFFECT


def test_a_status_is_answered_instead_of_asking_the_gate():
    refusal = effect({"kind": "status", "status": 503, "retryAfterSeconds": 2}).refusal
    assert refusal is not None
    assert (refusal.status, refusal.reason) == (503, "fault:status")
    assert refusal.headers == (("retry-after", "2"),)
    assert "Service Unavailable" in refusal.message


def test_a_status_without_retry_after_has_no_such_header():
    refusal = effect({"kind": "status", "status": 599}).refusal
    assert refusal is not None
    assert refusal.headers == ()


def test_latencies_add_up():
    both = effect({"kind": "latency", "seconds": 1.5}, {"kind": "latency", "seconds": 0.25})
    assert both.latency_seconds == 1.75


@pytest.mark.parametrize(
    ("kind", "connection_fault"),
    [("hang", ConnectionFault.HANG), ("reset-before-read", ConnectionFault.RESET)],
)
def test_a_call_that_is_never_answered_starts_nothing(kind: str, connection_fault: ConnectionFault):
    done = effect({"kind": kind})
    assert done.refusal is not None
    assert done.refusal.reason == f"fault:{kind}"
    assert (done.unanswered, done.connection_fault) == (True, connection_fault)


def test_a_lost_answer_leaves_the_call_accepted():
    done = effect({"kind": "reset-after-journal"})
    assert (done.refusal, done.unanswered, done.connection_fault) == (
        None,
        True,
        ConnectionFault.RESET,
    )


@pytest.mark.parametrize("kind", ["truncate", "dribble", "wrong-length"])
def test_a_broken_answer_leaves_the_call_accepted_and_answered(kind: str):
    done = effect({"kind": kind})
    assert (done.refusal, done.unanswered, done.connection_fault) == (
        None,
        False,
        ConnectionFault(kind),
    )


def test_an_html_page_replaces_the_body_and_keeps_the_status():
    answer = Answer(200, b"{}", (("content-type", "application/json"), ("x", "y")))
    sent = effect({"kind": "not-json"}).apply_to(answer)
    assert sent.status == 200
    assert sent.body.startswith(b"<!doctype html>")
    assert sent.headers == (("content-type", "text/html; charset=utf-8"), ("x", "y"))


def test_an_answer_stays_as_it_is_where_no_fault_replaces_its_body():
    answer = Answer(200, b"{}")
    assert NO_EFFECT.apply_to(answer) is answer


def test_a_run_can_be_made_to_fail_and_to_be_executed_more_than_once():
    done = effect({"kind": "run-failed"}, {"kind": "run-twice"}, {"kind": "run-twice"})
    assert done.refusal is None
    assert "run-failed" in (done.run_failure or "")
    assert done.extra_runs == 2


@pytest.mark.parametrize(("limits", "lowest"), [((60,), 60), ((60, 5), 5), ((5, 60), 5)])
def test_the_lowest_of_the_lowered_limits_is_in_force(limits: tuple[int, ...], lowest: int):
    faults = ({"kind": "lower-limit", "callsPerMinute": limit} for limit in limits)
    assert effect(*faults).calls_per_minute == lowest


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"kind": "status", "status": 503}, {"kind": "hang"}, "fault:status"),
        ({"kind": "hang"}, {"kind": "status", "status": 503}, "fault:hang"),
        ({"kind": "hang"}, {"kind": "reset-before-read"}, "fault:hang"),
    ],
)
def test_of_two_faults_that_refuse_the_one_that_was_added_first_does(
    first: dict[str, Any], second: dict[str, Any], reason: str
):
    refusal = effect(first, second).refusal
    assert refusal is not None
    assert refusal.reason == reason


def test_of_two_acts_on_the_answer_the_one_that_was_added_first_is_carried_out():
    assert (
        effect({"kind": "truncate"}, {"kind": "dribble"}).connection_fault
        is ConnectionFault.TRUNCATE
    )


@pytest.mark.parametrize(
    ("faults", "early"),
    [
        ([{"kind": "reset-before-read"}], True),
        ([{"kind": "latency", "seconds": 1}, {"kind": "reset-before-read"}], True),
        ([{"kind": "reset-before-read", "when": {"every": 2}}], False),
        ([{"kind": "reset-before-read", "when": {"path": "$"}}], False),
        ([{"kind": "status", "status": 500}, {"kind": "reset-before-read"}], False),
        (
            [
                {"kind": "status", "status": 500, "when": {"probability": 0.5}},
                {"kind": "reset-before-read"},
            ],
            False,
        ),
        ([{"kind": "hang"}], False),
        ([], False),
    ],
)
def test_a_reset_comes_before_the_body_where_nothing_about_the_body_decides(
    faults: list[dict[str, Any]], early: bool
):
    tenant_faults = FaultSet(seed=7)
    for fault in faults:
        tenant_faults.add({"when": ALWAYS, **fault})
    assert tenant_faults.resets_before_body(Counts(), 0) is early


def test_every_kind_of_the_contract_is_registered_and_says_which_bug_it_finds():
    in_contract = set()
    for variant in schema("fault")["oneOf"]:
        kind = variant["properties"]["kind"]
        in_contract |= set(kind.get("enum", [kind.get("const")]))
    assert set(KINDS) == in_contract
    assert all(kind.finds for kind in KINDS.values())
