"""What the engine of undisturbed lossless exports takes, and how it is chosen."""

from dataclasses import replace

import pytest

from loadtests.planning import Batch, Plan, forecast
from loadtests.planning.engines.undisturbed import engine
from sender.policies import ADOBE_BEST_EFFORT, LOSSLESS

PLAN = Plan(profiles=300, arrival_rate=50.0, policy=LOSSLESS, limit_per_minute=100)
NIGHTLY = replace(PLAN, days=3, restated_daily=0.5, runs_per_day=200)
RETRIES_413 = replace(LOSSLESS, retried_statuses=LOSSLESS.retried_statuses | {413})


def in_batches(*starts: float) -> Plan:
    batches = tuple(Batch(start_seconds=start, profiles=100) for start in starts)
    return replace(PLAN, profiles=100 * len(batches), batches=batches)


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, policy=ADOBE_BEST_EFFORT),
        replace(PLAN, fault_ratio=0.1),
        replace(PLAN, lost_ratio=0.1),
        replace(PLAN, other_traffic=1.0),
        replace(PLAN, latency_seconds=2.1),  # the timeout is after 2 s
        replace(PLAN, window_seconds=61),
        replace(PLAN, policy=RETRIES_413, oversized=frozenset({7})),
        replace(NIGHTLY, latency_seconds=1.0, restated_daily=0.01),
        replace(in_batches(86_399, 86_398), days=2, restated_daily=1.0, latency_seconds=1.0),
        in_batches(0, 1.5),
    ],
)
def test_a_plan_that_is_disturbed_is_left_to_the_exact_engine(plan):
    assert not engine.fits(plan)


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        NIGHTLY,
        replace(NIGHTLY, latency_seconds=1.0),
        replace(PLAN, oversized=frozenset({0, 7, 299}), window="fixed"),
        replace(PLAN, window_seconds=1, latency_seconds=2.0),
        replace(PLAN, arrival_rate=1.6),
        in_batches(90_000, 0, 30),
    ],
)
def test_it_comes_to_what_the_exact_engine_does(plan):
    assert engine.fits(plan)
    assert engine.forecast(plan) == forecast(plan, engine="exact")
    pytest.importorskip("numpy")
    assert engine.forecast_in_strides(plan) == forecast(plan, engine="exact")


def test_ten_million_messages_are_delivered_within_the_cap_of_each_day():
    pytest.importorskip("numpy")
    found = forecast(Plan(profiles=10_000_000, arrival_rate=1_000.0, policy=LOSSLESS))
    assert found.delivered_by_try == (10_000_000, 0, 0)
    assert sum(found.timeline.arrivals) == sum(found.timeline.accepted) == 10_000_000
    assert (found.lost, sum(found.timeline.refused)) == (0, 0)
    assert found.finished_at_seconds // (25 * 3_600 + 120) == 33  # so long each day's calls count


@pytest.mark.parametrize(("profiles", "has_numpy"), [(4_999, True), (5_000, True), (5_000, False)])
def test_many_calls_are_made_at_once_where_that_is_worth_it(profiles, has_numpy, monkeypatch):
    if has_numpy:
        pytest.importorskip("numpy")
    else:
        monkeypatch.setattr("loadtests.planning.forecasting.find_spec", lambda _: None)
    at_once, one_by_one = [], []
    monkeypatch.setattr(engine, "forecast_in_strides", at_once.append)
    monkeypatch.setattr(engine, "forecast", one_by_one.append)
    plan = replace(PLAN, profiles=profiles)
    forecast(plan)
    in_strides = has_numpy and profiles == 5_000
    assert ([plan], []) == ((at_once, []) if in_strides else (one_by_one, at_once))
