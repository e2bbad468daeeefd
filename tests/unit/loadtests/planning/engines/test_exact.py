"""Every call of an export with one of Adobe's policies, in its order."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast, forecast_messages
from loadtests.planning.engines import exact
from loadtests.planning.plan import DAY
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE

SECOND = 1_000_000
SMALL = Plan(profiles=5, arrival_rate=1.0, limit_per_minute=2)
ROOMY = Plan(profiles=5, arrival_rate=1.0)


def journeys(plan):
    """Return instants in seconds, statuses and ending of each message, by number."""
    found = sorted(forecast_messages(plan))
    assert [each.number for each in found] == list(range(plan.messages))
    return [
        (
            [instant / SECOND for instant, _ in each.attempts],
            [status for _, status in each.attempts],
            each.ending,
        )
        for each in found
    ]


def test_a_refused_message_is_tried_again_15_and_30_seconds_after_its_first_failure():
    assert journeys(SMALL)[1:3] == [
        ([1], [202], "delivered"),
        ([2, 17, 32], [429, 429, 429], "dropped"),
    ]


def test_a_retry_is_delivered_once_the_minute_has_room():
    late = replace(SMALL, policy=ADOBE_BEST_EFFORT.retrying_after([15, 58.5]))
    assert journeys(late)[2:] == [
        ([2, 17, 60.5], [429, 429, 202], "delivered"),
        ([3, 18, 61.5], [429, 429, 202], "delivered"),
        ([4, 19, 62.5], [429, 429, 429], "dropped"),
    ]


def test_a_fixed_window_has_room_again_at_the_full_minute():
    late = replace(SMALL, window="fixed", policy=ADOBE_BEST_EFFORT.retrying_after([58]))
    assert [journey[0] for journey in journeys(late)[2:]] == [[2, 60], [3, 61], [4, 62]]
    assert forecast(late).delivered_by_try == (2, 2, 0)


def test_at_one_instant_the_lower_number_goes_first():
    """Message 0's retry and the arrival of message 2 are due at once."""
    policy = ADOBE_BEST_EFFORT.retrying_after([2])
    plan = Plan(
        profiles=3,
        arrival_rate=1.0,
        policy=policy,
        limit_per_minute=1,
        window_seconds=1,
        other_traffic=0.1,
    )
    assert journeys(plan) == [
        ([0, 2], [429, 202], "delivered"),
        ([1], [202], "delivered"),
        ([2, 4], [429, 202], "delivered"),
    ]


def test_a_retry_counts_from_the_answer_to_the_first_try():
    slow = replace(SMALL, latency_seconds=0.5)
    assert journeys(slow)[2] == ([2, 17.5, 32.5], [429, 429, 429], "dropped")
    assert forecast(slow).first_dropped_at_seconds == 33.0


def test_configurable_aggregation_tries_again_after_half_an_hour_and_not_after_500():
    plan = replace(SMALL, policy=ADOBE_CONFIGURABLE)
    assert journeys(plan)[2] == ([2, 1802], [429, 202], "delivered")
    assert forecast(replace(plan, fault_ratio=1.0)).dropped_by_code == {"500": 5}


def test_a_schedule_of_ones_own_may_be_empty_or_long():
    never = replace(SMALL, policy=ADOBE_BEST_EFFORT.retrying_after([]))
    assert forecast(never).delivered_by_try == (2, 0, 0)
    assert forecast(never).last_dropped_at_seconds == 4.0
    often = replace(SMALL, policy=ADOBE_BEST_EFFORT.retrying_after([10, 20, 30, 59, 120]))
    assert forecast(often).delivered_by_try == (2, 0, 0, 0, 2, 1)


def test_a_fault_takes_nothing_from_the_minute():
    plan = replace(SMALL, fault_ratio=1.0)
    assert journeys(plan)[0] == ([0, 15, 30], [500, 500, 500], "dropped")
    assert forecast(plan).minute_used_share == 0.0


def test_a_lost_answer_starts_a_run_and_is_tried_again():
    plan = replace(ROOMY, lost_ratio=1.0)
    found = forecast(plan)
    assert journeys(plan)[0] == ([0, 15, 30], ["lost"] * 3, "uncertain")
    assert (found.uncertain, found.duplicates, found.delivered) == (5, 10, 0)


def test_after_a_lost_answer_a_refusal_drops_the_message_although_it_ran():
    """A seed with which one of two answers is lost."""
    plan = Plan(profiles=1, arrival_rate=1.0, limit_per_minute=1, lost_ratio=0.5)
    found = next(
        replace(plan, seed=seed)
        for seed in range(100)
        if journeys(replace(plan, seed=seed))[0][1] == ["lost", 429, 429]
    )
    assert (forecast(found).dropped, forecast(found).duplicates) == (1, 0)


def test_an_answer_later_than_the_timeout_is_lost():
    plan = replace(ROOMY, latency_seconds=2.5)
    assert journeys(plan)[0] == ([0, 17, 32], ["lost"] * 3, "uncertain")
    assert forecast(plan).duplicates == 10


def test_an_oversized_message_is_refused_for_good_once_the_minute_has_room():
    plan = replace(
        SMALL, oversized=frozenset({0, 3}), policy=ADOBE_BEST_EFFORT.retrying_after([60])
    )
    assert journeys(plan)[0] == ([0], [413], "dropped")
    assert journeys(plan)[3] == ([3, 63], [429, 413], "dropped")
    assert forecast(plan).dropped_by_code == {"413": 2}
    assert forecast(plan).delivered_by_try == (2, 1, 0)


def test_other_clients_take_from_the_same_minute_and_come_first():
    plan = replace(SMALL, other_traffic=1.0)
    assert [statuses for _, statuses, _ in journeys(plan)] == [[202], *[[429] * 3] * 4]


@pytest.mark.parametrize(("window", "delivered"), [("sliding", 0), ("fixed", 1)])
def test_other_clients_called_before_the_export_too(window, delivered):
    plan = replace(SMALL, other_traffic=2.0, window=window)
    assert forecast(plan).delivered == delivered  # their calls are at -30, 0 and 30 seconds


def test_where_others_alone_exceed_the_limit_next_to_nothing_is_delivered():
    plan = Plan(profiles=2_500, arrival_rate=1_000.0, other_traffic=10_000.0)
    assert forecast(plan, engine="exact").delivered == 0
    assert forecast(replace(plan, other_traffic=2_000.0), engine="exact").delivered == 1_000


def test_past_the_cap_of_the_day_runs_are_blocked_behind_a_2xx():
    plan = Plan(profiles=10, arrival_rate=1.0, runs_per_day=4)
    found = forecast(plan)
    assert (found.delivered, found.blocked_by_day, found.lost) == (10, {0: 6}, 6)


def test_the_day_begins_anew_at_midnight_and_other_clients_use_it_too():
    batches = (
        Batch(start_seconds=86_390, profiles=20),
        Batch(start_seconds=3 * 86_400, profiles=5),
    )
    plan = Plan(profiles=25, arrival_rate=1.0, runs_per_day=4, batches=batches)
    assert forecast(plan).blocked_by_day == {0: 6, 1: 6, 3: 1}
    assert forecast(replace(plan, other_traffic=1.0)).blocked_by_day == {0: 10, 1: 7, 3: 2}


def test_a_blocked_run_is_no_duplicate_and_a_lost_answer_may_have_run():
    plan = Plan(profiles=3, arrival_rate=1.0, runs_per_day=3, lost_ratio=1.0)
    assert forecast(plan).duplicates == 0


def test_people_whose_values_are_restated_are_surveyed_again():
    plan = Plan(profiles=10, arrival_rate=1.0, days=3, restated_daily=0.4)
    found = forecast(plan)
    assert (found.messages, found.delivered, found.people_surveyed_again) == (18, 18, 4)
    assert journeys(plan)[14][0] == [2 * 86_400]
    assert forecast(replace(plan, limit_per_minute=8)).people_surveyed_again == 4
    assert forecast(replace(plan, runs_per_day=2)).people_surveyed_again == 2


def test_an_oversized_persons_message_is_oversized_on_later_days_too():
    plan = Plan(profiles=4, arrival_rate=1.0, days=2, restated_daily=1.0, oversized=frozenset({1}))
    assert [ending for *_, ending in journeys(plan)] == (
        ["delivered", "dropped"] + ["delivered"] * 2
    ) * 2


def test_exports_that_overlap_share_the_minute():
    batches = (Batch(start_seconds=2, profiles=3), Batch(start_seconds=0, profiles=3))
    plan = Plan(profiles=6, arrival_rate=1.0, limit_per_minute=4, batches=batches)
    assert [statuses[0] for _, statuses, _ in journeys(plan)] == [202, 429, 429, 202, 202, 202]


def test_nobody_exported_is_nothing_forecast():
    found = forecast(Plan(profiles=0, arrival_rate=1.0, excluded={"no consent": 2}))
    assert (found.messages, found.delivered_by_try, found.finished_at_seconds) == (0, (0, 0, 0), 0)
    assert found.timeline.arrivals == []


def test_the_real_decision_is_asked_and_must_keep_to_the_schedule(monkeypatch):
    decide = exact.decide
    monkeypatch.setattr(exact, "decide", lambda *args: decide(*args[:3], args[3] + 1, args[4]))
    with pytest.raises(AssertionError, match="keeps to no schedule"):
        forecast(SMALL)


def test_a_long_export_restated_for_weeks_counts_each_day():
    plan = Plan(profiles=2, arrival_rate=1.0, days=30, restated_daily=0.5, runs_per_day=1)
    found = forecast(plan)
    assert (found.delivered, found.blocked_by_day) == (31, {0: 1})
    assert journeys(plan)[30][0] == [29 * DAY / SECOND]
