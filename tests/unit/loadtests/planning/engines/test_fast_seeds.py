"""A band of many seeds at once."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast_band
from loadtests.planning.engines import fast_seeds
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS

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
