"""Checks of messages that were taken twice, or sent again in vain."""

import pytest

from contracts.verification.checks.repeats import duplicates, needless_retries
from contracts.verification.retry_rules import RETRY_RULES
from support.recorded_calls import call, evidence, message


def test_a_message_that_is_taken_twice_is_told():
    (said,) = duplicates(evidence(call(1), call(2)))
    assert said == (
        "entry 2: the message of d***@e***.com was taken again, after status 202 at entry 1"
    )


def test_every_duplicate_of_a_message_is_told_in_one_sentence():
    (said,) = duplicates(evidence(*(call(n) for n in range(1, 7))))
    assert said.startswith("entry 2, entry 3, entry 4: ")


def test_one_that_was_refused_before_is_no_duplicate():
    assert list(duplicates(evidence(call(1, status=503), call(2)))) == []


@pytest.mark.parametrize("status", [None, 202])
def test_a_lost_answer_excuses_one_duplicate_and_no_more(status):
    lost = call(1, status=status, accepted=True, answer_was_lost=True)
    assert list(duplicates(evidence(lost, call(2)))) == []
    (said,) = duplicates(evidence(lost, call(2), call(3)))
    assert said.startswith("entry 3: ")


def test_a_lost_answer_does_not_excuse_what_came_before_it():
    lost = call(2, accepted=True, answer_was_lost=True)
    assert list(duplicates(evidence(call(1), lost)))


def test_what_is_listed_twice_may_be_taken_twice():
    listed = (message(), message())
    assert list(duplicates(evidence(call(1), call(2), expected=listed))) == []
    (said,) = duplicates(evidence(call(1), call(2), call(3), expected=listed))
    assert said.startswith("entry 3: ")


def test_a_trace_id_that_names_two_messages_is_told():
    (said,) = duplicates(evidence(call(1, trace_id="t"), call(2, sent={"a": 1}, trace_id="t")))
    assert said.endswith("with another body: a trace id must name one message")


@pytest.mark.parametrize("status", [400, 401, 404, 405, 413, 415])
@pytest.mark.parametrize("policy", [None, *RETRY_RULES])
def test_what_is_refused_for_good_must_not_be_sent_again(status, policy):
    rule = {} if policy is None else {"rule": RETRY_RULES[policy]}
    (said,) = needless_retries(evidence(call(1, status=status), call(2), call(3), **rule))
    assert said.startswith("entry 2: ")
    assert f"after status {status} at entry 1, which must not be retried" in said


@pytest.mark.parametrize("status", [None, 429, 502])
def test_what_may_pass_may_be_sent_again(status):
    for rule in RETRY_RULES.values():
        assert list(needless_retries(evidence(call(1, status=status), call(2), rule=rule))) == []


def test_what_was_taken_twice_is_a_duplicate_and_no_needless_retry():
    assert list(needless_retries(evidence(call(1), call(2)))) == []


def test_a_policy_has_statuses_of_its_own():
    calls = (call(1, status=501), call(2))
    assert list(needless_retries(evidence(*calls, rule=RETRY_RULES["adobe-best-effort"])))
    assert not list(needless_retries(evidence(*calls, rule=RETRY_RULES["adobe-configurable"])))
