"""What the fast engine takes, and ten million messages by it."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS

pytest.importorskip("numpy")
from loadtests.planning.engines import fast

PLAN = Plan(profiles=500, arrival_rate=50.0, limit_per_minute=100)
RETRIES_413 = replace(
    ADOBE_BEST_EFFORT, retried_statuses=ADOBE_BEST_EFFORT.retried_statuses | {413}
)
NEVER_RETRIES_429 = replace(ADOBE_BEST_EFFORT, retried_statuses=frozenset({503}))


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, fault_ratio=0.1),
        replace(PLAN, lost_ratio=0.1),
        replace(PLAN, latency_seconds=2.1),  # the timeout is after 2 s
        replace(PLAN, policy=LOSSLESS),
        replace(PLAN, policy=RETRIES_413),
        replace(PLAN, policy=ADOBE_BEST_EFFORT.retrying_after((1, 1.0005))),
    ],
)
def test_a_plan_that_the_fast_engine_cannot_take_is_left_to_the_exact_one(plan):
    assert not fast.fits(plan)
    with pytest.raises(ValueError, match="does not fit"):
        fast.forecast(plan)
    if plan.policy is not LOSSLESS:
        assert forecast(plan, engine="fast") == forecast(plan, engine="exact")


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, policy=NEVER_RETRIES_429),
        replace(PLAN, policy=ADOBE_BEST_EFFORT.retrying_after(())),
        replace(PLAN, latency_seconds=2.0),
        replace(PLAN, oversized=frozenset({0, 7, 150, 499}), days=2, restated_daily=0.5),
        replace(PLAN, batches=(Batch(start_seconds=5, profiles=300),) * 1
                + (Batch(start_seconds=5, profiles=200),)),
        replace(PLAN, limit_per_minute=1, other_traffic=1_000.0, window="fixed"),
        replace(PLAN, days=3, restated_daily=1.0, runs_per_day=50, other_traffic=1.0),
    ],
)  # fmt: skip
def test_the_fast_engine_comes_to_what_the_exact_one_does(plan):
    assert fast.fits(plan)
    assert fast.forecast(plan) == forecast(plan, engine="exact")


def test_batches_whose_messages_arrive_at_other_times_in_a_period_repeat_as_they_are():
    starts = [(1, 26), (86_399, 12), (1, 83), (30, 116), (91.86718048510079, 39)]
    plan = Plan(
        profiles=276,
        arrival_rate=0.5,
        window_seconds=1,
        batches=tuple(Batch(start_seconds=start, profiles=count) for start, count in starts),
    )
    assert fast.forecast(plan) == forecast(plan, engine="exact")


@pytest.mark.parametrize(
    ("rate", "by_try"),
    [
        (40.0, (10_000_000, 0, 0)),
        (100.0, (3_000, 0, 4_999_000)),
        (1_000.0, (3_000, 0, 501_000)),
        (10_000.0, (3_000, 0, 51_000)),
    ],
)
def test_ten_million_messages_take_no_longer_than_a_few_periods(rate, by_try):
    found = fast.forecast(Plan(profiles=10_000_000, arrival_rate=rate))
    assert found.delivered_by_try == by_try
    assert found.delivered + found.dropped == sum(found.timeline.arrivals) == 10_000_000
    assert sum(found.timeline.accepted) == found.delivered
    assert sum(found.timeline.dropped) == found.dropped


def test_the_daily_cap_is_counted_over_periods_that_are_left_out():
    found = fast.forecast(Plan(profiles=10_000_000, arrival_rate=40.0, runs_per_day=300_000))
    full_day = 40 * 86_400
    last_day = 10_000_000 - 2 * full_day
    blocked = {0: full_day - 300_000, 1: full_day - 300_000, 2: last_day - 300_000}
    assert found.blocked_by_day == blocked
    assert found.finished_at_seconds == 249_999.975
    assert found.minute_used_share == 10_000_000 / (4_167 * 3_000)


def test_those_who_are_asked_again_are_counted_over_periods_that_are_left_out():
    plan = Plan(profiles=200_000, arrival_rate=40.0, days=3, restated_daily=0.5)
    found = fast.forecast(replace(plan, runs_per_day=10_000_000))
    assert found.people_surveyed_again == 100_000
    assert fast.forecast(replace(plan, runs_per_day=80_000)).people_surveyed_again == 80_000
