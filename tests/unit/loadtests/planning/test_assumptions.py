"""What a forecast rests on is said, with the fact's id and how certain it is."""

from dataclasses import replace

import pytest

from contracts.fidelity import Grade, behaviours
from loadtests.planning import Batch, Plan
from loadtests.planning.assumptions import assumptions_of
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS

PLAN = Plan(profiles=100, arrival_rate=100.0)
EVERYTHING = replace(
    PLAN,
    policy=ADOBE_BEST_EFFORT.retrying_after([5]),
    limit_per_minute=10,
    window="fixed",
    window_seconds=2,
    runs_per_day=7,
    other_traffic=3.5,
    fault_ratio=0.01,
    lost_ratio=0.02,
    latency_seconds=3.0,
    days=2,
    restated_daily=0.5,
    oversized=frozenset({1}),
    batches=(Batch(start_seconds=0, profiles=100),),
)
PLANS = [
    PLAN,
    EVERYTHING,
    replace(EVERYTHING, policy=LOSSLESS),
    replace(PLAN, policy=ADOBE_CONFIGURABLE),
]


def said(plan, fact):
    return [(each.grade, each.text) for each in assumptions_of(plan) if each.fact == fact]


@pytest.mark.parametrize("plan", PLANS)
def test_each_sentence_names_a_fact_and_is_no_surer_than_the_ledger(plan):
    grades = {each.id: each.grade for each in behaviours()}
    found = assumptions_of(plan)
    assert len(set(found)) == len(found)
    for fact, grade, text in found:
        assert grade in (grades[fact], Grade.ASSUMED), fact
        assert text.endswith(".")
        assert len(text) < 180


def test_what_is_documented_is_said_to_be_and_what_is_assumed_too():
    assert said(PLAN, "Q-LIM-5") == [
        (Grade.ASSUMED, "The minute slides: any 60 seconds count, wherever they begin.")
    ]
    assert said(PLAN, "A-RTRY-1") == [
        (
            Grade.DOCUMENTED,
            "A message is tried again after 15 and 30 seconds, then dropped for good.",
        )
    ]
    assert said(PLAN, "Q-LIM-1")[0][0] is Grade.DOCUMENTED
    assert said(PLAN, "A-LIM-1")[0][0] is Grade.ASSUMED


def test_what_a_plan_sets_itself_is_assumed_beside_what_is_documented():
    grade, text = said(EVERYTHING, "Q-LIM-1")[0]
    assert grade is Grade.ASSUMED
    assert text.endswith("documented are 3,000.")
    assert said(EVERYTHING, "Q-LIM-4")[0][1].endswith("documented are 300,000.")
    assert "after 5 seconds" in said(EVERYTHING, "A-RTRY-1.schedule")[0][1]


def test_more_retries_than_adobes_articles_mention_are_said_to_be_assumed():
    def retrying(times: int) -> Plan:
        return replace(PLAN, policy=ADOBE_BEST_EFFORT.retrying_after(range(1, times + 1)))

    assert said(retrying(6), "A-RTRY-1") == [
        (
            Grade.ASSUMED,
            "Adobe's articles mention up to 5 retries: that Customer Support sets 6 is assumed.",
        )
    ]
    assert not said(retrying(5), "A-RTRY-1")


def test_only_what_a_plan_has_is_spoken_of():
    about = {each.fact for each in assumptions_of(PLAN)}
    more = {each.fact for each in assumptions_of(EVERYTHING)} - about
    assert more >= {"A-EXP-6", "A-EXP-1.restated", "Q-FAULT-1", "Q-FAULT-2", "Q-LIM-3.status"}
    lossless = {each.fact: each.text for each in assumptions_of(replace(PLAN, policy=LOSSLESS))}
    assert "at most 300,000 calls in any 25 hours" in lossless["A-LIM-1.day"]
    assert not {"A-RTRY-1", "A-RTRY-3", "A-EXP-8"} & lossless.keys()
    never = replace(PLAN, policy=ADOBE_BEST_EFFORT.retrying_after([]))
    assert said(never, "A-RTRY-1.schedule")[0][1].startswith("A message is not tried again")


def test_small_numbers_are_said_without_an_exponent():
    plan = replace(PLAN, profiles=2, arrival_rate=1e-5, latency_seconds=1e-6, other_traffic=2e-6)
    texts = " ".join(text for _, _, text in assumptions_of(plan))
    assert "0.00001 a second" in texts
    assert "comes 0.000001 s after" in texts
    assert "make 0.000002 calls a minute" in texts
