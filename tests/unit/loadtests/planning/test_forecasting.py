"""The forecast of a plan."""

from dataclasses import replace

import pytest

from loadtests.planning import Plan, PlanError, Spread, forecast, forecast_band

PLAN = Plan(profiles=50, arrival_rate=10.0, limit_per_minute=20)


def test_what_the_minute_has_no_room_for_is_dropped_after_the_last_retry():
    found = forecast(PLAN)
    assert (found.delivered_by_try, found.dropped_by_code) == ((20, 0, 0), {"429": 30})
    assert (found.first_dropped_at_seconds, found.last_dropped_at_seconds) == (32.0, 34.9)
    assert (found.finished_at_seconds, found.minute_used_share) == (34.9, 1.0)


@pytest.mark.parametrize("engine", ["slow", None, ["exact"]])
def test_an_unknown_engine_is_an_error(engine):
    with pytest.raises(PlanError, match=r"engine: found .*expected auto or exact or fast"):
        forecast(PLAN, engine=engine)


def test_a_band_without_chance_is_one_forecast():
    band = forecast_band(PLAN, 1_000)
    assert (band.seeds, band.figures["delivered"]) == (1_000, Spread(20, 20, 20, 20, 20))


def test_a_band_has_the_seeds_that_follow_the_plans():
    plan = replace(PLAN, limit_per_minute=100, fault_ratio=0.5, seed=7)
    delivered = [forecast(replace(plan, seed=seed)).delivered for seed in (7, 8, 9)]
    assert len(set(delivered)) > 1
    assert forecast_band(plan, 3).figures["delivered"] == Spread.of(delivered)


@pytest.mark.parametrize("seeds", [0, -1, True, 1.0, 10**9])
def test_an_impossible_number_of_seeds_is_an_error(seeds):
    with pytest.raises(PlanError, match="seeds: found"):
        forecast_band(PLAN, seeds)


def test_without_numpy_the_exact_engine_is_taken_unless_the_fast_one_is_asked_for(monkeypatch):
    monkeypatch.setattr("loadtests.planning.forecasting.find_spec", lambda _: None)
    plan = replace(PLAN, profiles=5_000, arrival_rate=1_000.0)
    assert forecast(plan).delivered == 20
    with pytest.raises(PlanError, match=r"fast engine needs numpy: install mock-qualtrics\[load\]"):
        forecast(plan, engine="fast")


def test_the_fast_engine_is_chosen_for_many_messages(monkeypatch):
    pytest.importorskip("numpy")
    asked = []
    monkeypatch.setattr("loadtests.planning.engines.fast.fits", asked.append)
    for profiles in (4_999, 5_000):
        forecast(replace(PLAN, profiles=profiles, arrival_rate=1_000.0))
    assert [plan.profiles for plan in asked] == [5_000]
