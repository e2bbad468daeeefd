"""A band of many seeds at once."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast_band
from loadtests.planning.engines import fast_seeds
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS

PLAN = Plan(profiles=60, arrival_rate=10.0, limit_per_minute=20, fault_ratio=0.2, lost_ratio=0.1)


@pytest.mark.parametrize(
    "policy", [LOSSLESS, ADOBE_BEST_EFFORT.retrying_after((1, 1.0005))], ids=["lossless", "close"]
)
def test_a_plan_that_it_cannot_take_is_left_to_the_exact_engine(policy):
    plan = replace(PLAN, policy=policy, profiles=5)
    assert not fast_seeds.fits(plan)
    assert forecast_band(plan, 2, engine="fast") == forecast_band(plan, 2, engine="exact")


def test_more_seeds_than_are_made_at_once_are_one_band(monkeypatch):
    monkeypatch.setattr(fast_seeds, "SEEDS_AT_ONCE", 3)
    band = fast_seeds.band(replace(PLAN, seed=5), 8)
    assert band == forecast_band(replace(PLAN, seed=5), 8, engine="exact")
    assert (band.seeds, band.plan.seed) == (8, 5)


def test_idle_time_with_other_clients_counts_for_the_day():
    late = Batch(start_seconds=86_000, profiles=60)
    plan = replace(PLAN, batches=(late,), other_traffic=1.0, runs_per_day=1_440)
    band = forecast_band(plan, 3, engine="fast")
    assert band == forecast_band(plan, 3, engine="exact")
    assert band.figures["blocked_by_daily_cap"].minimum > 0


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, profiles=300, window_seconds=2, limit_per_minute=5),
        replace(PLAN, window="fixed", window_seconds=2, other_traffic=60.0, runs_per_day=15),
        replace(PLAN, policy=ADOBE_CONFIGURABLE, fault_ratio=0.4, lost_ratio=0.0),
        replace(PLAN, policy=ADOBE_CONFIGURABLE, window_seconds=1, limit_per_minute=2),
        replace(PLAN, oversized=frozenset({0, 5, 59}), days=2, restated_daily=0.2),
        replace(PLAN, latency_seconds=3.0),  # every answer is too late
        replace(PLAN, fault_ratio=1.0, lost_ratio=0.0),
        replace(PLAN, fault_ratio=0.0, lost_ratio=1.0, runs_per_day=10),
    ],
)
def test_each_seed_comes_to_what_the_exact_engine_does(plan):
    assert fast_seeds.fits(plan)
    assert fast_seeds.band(plan, 4) == forecast_band(plan, 4, engine="exact")
