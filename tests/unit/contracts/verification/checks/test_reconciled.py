"""Compares what was taken with a list of messages."""

from contracts.verification.checks.reconciled import no_messages, reconciled
from support.recorded_calls import call, evidence, message

DAVE, EVE, MAX = message(), message("eve@example.com"), message("max@example.com")


def test_what_arrived_as_listed_is_well_in_any_order():
    arrived = (call(1, sent=EVE), call(2, sent=DAVE))
    assert list(reconciled(evidence(*arrived, expected=(DAVE, EVE)))) == []


def test_a_missing_an_unexpected_and_a_changed_message_are_told_apart():
    arrived = (call(1, sent=message(n=9007199254740992)), call(2, sent=MAX))
    listed = (message(n=9007199254740993), EVE)
    changed, *others = reconciled(evidence(*arrived, expected=listed))
    assert changed.startswith("entry 1: the message of d***@e***.com, messages[0], was changed: ")
    assert changed.endswith("$.n: expected 9007199254740993, found 9007199254740992")
    assert others == [
        "messages[1]: the message of e***@e***.com is missing: it was never taken",
        "entry 2: the message of m***@e***.com was taken, and is not among the messages",
    ]


def test_a_call_that_was_refused_brought_nothing():
    (said,) = reconciled(evidence(call(1, status=503), expected=(DAVE,)))
    assert said == "messages[0]: the message of d***@e***.com is missing: it was never taken"


def test_a_changed_message_is_found_by_any_identity_that_is_left():
    listed = {"identityMap": {"Email": [{"id": "a@b.test"}], "ECID": [{"id": "4711"}]}}
    (said,) = reconciled(
        evidence(call(sent={"identityMap": {"ECID": [{"id": "4711"}]}}), expected=(listed,))
    )
    assert (
        ", messages[0], was changed: $.identityMap.Email: expected a list of 1, found nothing"
        in said
    )


def test_a_message_that_is_listed_twice_must_arrive_twice():
    assert list(reconciled(evidence(call(1), call(2), expected=(DAVE, DAVE)))) == []
    assert list(reconciled(evidence(call(1), expected=(DAVE, DAVE))))
    (said,) = reconciled(evidence(call(1), call(2), expected=(DAVE,)))
    assert said.startswith("entry 2: ")


def test_a_repeat_after_a_lost_answer_is_not_unexpected():
    lost = call(1, accepted=True, answer_was_lost=True)
    assert list(reconciled(evidence(lost, call(2), expected=(DAVE,)))) == []


def test_what_has_no_body_cannot_be_compared_and_that_is_told():
    said = list(reconciled(evidence(call(3, body=None), expected=(DAVE,))))
    assert "entry 3: no whole body is recorded, so that it cannot be compared" in said


def test_what_names_nobody_is_told_too():
    (said,) = reconciled(evidence(call(1, sent={"a": 1}), call(2), expected=(DAVE,)))
    assert said == "entry 1: a message was taken, and is not among the messages"


def test_without_messages_nothing_is_compared():
    assert "--messages" in no_messages(evidence())
    assert no_messages(evidence(expected=())) == ""


def test_a_message_that_was_taken_more_often_than_it_is_listed_is_told_so():
    (said,) = reconciled(evidence(call(1), call(2), expected=(DAVE,)))
    assert said == "entry 2: the message of d***@e***.com was taken 2 times, and is listed once"
    thrice = evidence(call(1), call(2), call(3), expected=(DAVE, DAVE))
    (said,) = reconciled(thrice)
    assert said.endswith("was taken 3 times, and is listed 2 times")
