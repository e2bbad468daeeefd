"""Every call of a lossless export: as fast as the limits allow, until everything is delivered."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast, forecast_messages
from sender.policies import LOSSLESS

SECOND = 1_000_000
PLAN = Plan(profiles=10, arrival_rate=1_000.0, policy=LOSSLESS, limit_per_minute=60)
UNPACED = replace(PLAN, limit_per_minute=6_000_000)


def instants(plan):
    return {
        each.number: [at / SECOND for at, _ in each.attempts] for each in forecast_messages(plan)
    }


def endings(plan):
    return {each.number: each.ending for each in forecast_messages(plan)}


@pytest.mark.parametrize("window", ["sliding", "fixed"])
def test_nothing_is_refused_and_nothing_lost_at_the_limits_own_pace(window):
    found = forecast(replace(PLAN, profiles=130, window=window))
    assert (found.delivered_by_try, found.lost) == ((130, 0, 0), 0)
    assert 129 < found.finished_at_seconds < 131
    assert sum(found.timeline.refused) == 0


def test_what_arrives_slower_than_the_limit_is_sent_when_it_arrives():
    slow = replace(PLAN, profiles=3, arrival_rate=0.5)
    assert instants(slow) == {0: [0], 1: [2], 2: [4]}


def test_the_calls_of_a_day_last_for_25_hours():
    found = instants(replace(UNPACED, profiles=5, runs_per_day=2))
    assert [at // 3600 for (at,) in found.values()] == [0, 0, 25, 25, 50]
    assert forecast(replace(UNPACED, profiles=5, runs_per_day=2)).blocked_by_day == {}


def test_a_million_take_until_the_fourth_day():
    """A thousandth of it, at a thousandth of the limits."""
    plan = Plan(
        profiles=1_000, arrival_rate=1_000.0, policy=LOSSLESS, limit_per_minute=3, runs_per_day=300
    )
    assert int(forecast(plan).finished_at_seconds // 86_400) == 3


def test_a_refusal_slows_down_and_the_message_is_tried_again():
    found = forecast(replace(PLAN, profiles=60, other_traffic=30.0))
    assert (found.delivered, found.lost) == (60, 0)
    assert sum(found.timeline.refused) > 0
    assert found.finished_at_seconds > 60


def test_a_message_over_the_limit_fails_for_good():
    plan = replace(PLAN, oversized=frozenset({3}))
    assert forecast(plan).dropped_by_code == {"413": 1}
    assert endings(plan)[3] == "dropped"


def test_faults_are_retried_and_the_same_seed_has_the_same_retries():
    plan = replace(PLAN, profiles=40, fault_ratio=0.4, seed=3)
    assert forecast(plan).delivered == 40
    assert sum(forecast(plan).delivered_by_try[1:]) > 0
    assert instants(plan) == instants(plan) != instants(replace(plan, seed=4))


def test_lost_answers_make_duplicates_and_lose_nothing():
    found = forecast(replace(PLAN, profiles=40, lost_ratio=0.3))
    calls = sum(found.timeline.accepted) + sum(found.timeline.refused)
    assert (found.delivered, found.uncertain) == (40, 0)
    assert found.duplicates == calls - 40 > 0


def test_a_destination_that_stays_down_stops_the_export_and_keeps_messages():
    policy = LOSSLESS.giving_up_after(30.0)
    plan = replace(PLAN, fault_ratio=1.0, policy=policy, profiles=60)
    found = forecast(plan)
    assert found.pending == found.lost == 60
    assert 30 <= found.finished_at_seconds < 45
    assert set(endings(plan).values()) == {"pending"}


def test_calls_overlap_when_answers_take_long():
    plan = replace(UNPACED, latency_seconds=1.0, profiles=50)
    assert forecast(plan).finished_at_seconds < 1.2
    policy = LOSSLESS.giving_up_after(10.0)
    late = replace(UNPACED, latency_seconds=3.0, profiles=1, policy=policy)
    assert next(forecast_messages(late)).attempts[0] == (0, "lost")


def test_a_persons_next_message_waits_until_the_one_before_it_has_ended():
    plan = replace(
        PLAN,
        policy=LOSSLESS.giving_up_after(60.0),
        batches=(Batch(start_seconds=86_390, profiles=10),),
        days=2,
        restated_daily=1.0,
        fault_ratio=1.0,
    )
    found, ended = instants(plan), endings(plan)
    waits = [number for number in range(10) if ended[number] == "pending"]
    assert waits
    assert not any(found[number + 10] for number in waits)


def test_a_message_that_waited_is_sent_when_it_may():
    batches = (Batch(start_seconds=86_399, profiles=2),)
    plan = Plan(
        profiles=2,
        arrival_rate=10.0,
        policy=LOSSLESS,
        limit_per_minute=1,
        batches=batches,
        days=2,
        restated_daily=1.0,
        latency_seconds=1.5,
    )
    found = instants(plan)
    assert found[2][0] >= found[0][0] + 1.5
    assert forecast(plan).delivered == 4
