"""A message starts one run; after a lost answer one more is allowed, and no more."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.delivered import check_delivered
from contracts.conformance.recording import Call
from contracts.conformance.scenario import Scenario
from support.recordings import call, message, recorded

LOST_ANSWER = catalogue()["lost-answer"]
HAPPY_PATH = catalogue()["happy-path"]
ADA, BOB = message("ada"), message("bob")


def lost(body):
    return call(body, None, faults=("reset-after-journal",))


def said(scenario: Scenario, *calls: Call):
    return list(check_delivered(scenario, recorded(calls, [ADA, BOB])))


def test_a_message_may_be_sent_once_more_after_its_answer_was_lost():
    assert said(LOST_ANSWER, lost(ADA), call(ADA), call(BOB)) == []


def test_it_may_not_be_sent_twice_more():
    assert said(LOST_ANSWER, lost(ADA), call(ADA), call(ADA), call(BOB)) == [
        (
            "1 of 2 messages started too many runs; the first is that of a***@e***.com, "
            "whose calls were answered no answer (connection reset), 2 × 202"
        )
    ]


@pytest.mark.parametrize("scenario", [LOST_ANSWER, HAPPY_PATH])
def test_another_message_may_not_be_sent_twice(scenario):
    assert len(said(scenario, call(ADA), call(BOB), call(BOB))) == 1


def test_no_duplicate_is_allowed_where_the_scenario_says_so():
    assert len(said(HAPPY_PATH, lost(ADA), call(ADA), call(BOB))) == 1
