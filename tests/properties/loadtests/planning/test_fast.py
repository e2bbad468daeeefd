"""The fast engine comes to what the exact one does, in every figure, however odd a plan is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.planning import Batch, Plan, forecast, forecast_band
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE
from support.fixed_window import delivered

pytest.importorskip("numpy")
from loadtests.planning.engines import fast, fast_seeds

SCHEDULES = [(15, 30), (1,), (0.5, 1.25, 3), (0.001,), (2, 2.001, 70), (60,), (60, 120), ()]
RATES = st.sampled_from([0.5, 1.0, 2.0, 3.0, 7.0, 10.0, 33.3, 100.0, 1_000.0, 1e6])


@st.composite
def batches(draw: st.DrawFn) -> tuple[Batch, ...]:
    starts = st.sampled_from([0, 1, 30, 60.5, 86_399]) | st.floats(0, 300)
    each = st.builds(Batch, start_seconds=starts, profiles=st.integers(1, 120))
    return tuple(draw(st.lists(each, max_size=4)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    parts = draw(batches())
    profiles = sum(part.profiles for part in parts) or draw(st.integers(1, 400))
    days = draw(st.sampled_from([1, 1, 2, 3]))
    policy = draw(st.sampled_from([ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE]))
    if draw(st.booleans()):
        policy = policy.retrying_after(draw(st.sampled_from(SCHEDULES)))
    is_long = days > 1 or any(part.start_seconds > 1_000 for part in parts)
    others = [0.0, 0.01, 1.0] if is_long else [0.0, 0.0, 1.0, 7.0, 60.0, 333.3]
    return Plan(
        profiles=profiles,
        arrival_rate=draw(RATES | st.floats(0.1, 50)),
        policy=policy,
        limit_per_minute=draw(st.sampled_from([1, 2, 3, 5, 10, 30, 100, 20_001])),
        window=draw(st.sampled_from(["sliding", "fixed"])),
        window_seconds=draw(st.sampled_from([1, 2, 7, 60])),
        runs_per_day=draw(st.sampled_from([300_000, 1, 20, 100])),
        other_traffic=draw(st.sampled_from(others)),
        latency_seconds=draw(st.sampled_from([0.0, 0.0, 0.1, 0.25, 1.999, 4e-7])),
        days=days,
        restated_daily=draw(st.sampled_from([0.01, 0.5, 1.0])) if days > 1 else 0.0,
        oversized=frozenset(draw(st.sets(st.integers(0, profiles - 1), max_size=5))),
        batches=parts,
    )


@settings(max_examples=50)
@given(plans())
def test_both_engines_come_to_the_same_whatever_the_plan(plan: Plan) -> None:
    assert fast.fits(plan)
    assert fast.forecast(plan) == forecast(plan, engine="exact")


CHANCES = [(0.1, 0.1), (0.5, 0.5), (0.01, 0.0), (0.0, 0.2), (0.0, 1.0), (1.0, 0.0)]


@settings(max_examples=30)
@given(plans(), st.sampled_from(CHANCES), st.sampled_from([0.0, 0.5, 3.0]), st.integers(0, 2**62))
def test_both_come_to_the_same_for_each_seed(plan, chance, latency, seed) -> None:
    fault_ratio, lost_ratio = chance
    plan = replace(
        plan,
        fault_ratio=fault_ratio,
        lost_ratio=lost_ratio,
        latency_seconds=latency,  # after 3 s every answer is too late
        seed=seed,
    )
    assert fast_seeds.fits(plan)
    assert fast_seeds.band(plan, 3) == forecast_band(plan, 3, engine="exact")


@settings(max_examples=20)
@given(
    st.sampled_from([1.0, 2.0, 5.0, 12.0, 20.0]),
    st.sampled_from([(1,), (1.5, 4), (3, 5, 7)]),
    st.integers(2, 12),
    st.sampled_from(["sliding", "fixed"]),
    st.sampled_from([0.0, 30.0, 45.0]),
    st.integers(50, 400),
)
def test_both_come_to_the_same_where_periods_repeat(
    rate, schedule, limit, window, others, cap
) -> None:
    plan = Plan(
        profiles=400,
        arrival_rate=rate,
        policy=ADOBE_BEST_EFFORT.retrying_after(schedule),
        limit_per_minute=limit,
        window=window,
        window_seconds=2,
        other_traffic=others,
        runs_per_day=cap,
    )
    assert fast.forecast(plan) == forecast(plan, engine="exact")
    nightly = replace(plan, days=2, restated_daily=0.5, other_traffic=others / 1_000)
    assert fast.forecast(nightly) == forecast(nightly, engine="exact")


def test_a_window_that_counts_in_steps_of_ten_milliseconds_is_the_same_too():
    plan = Plan(profiles=25_000, arrival_rate=23_456.0, limit_per_minute=20_001, window_seconds=1)
    assert fast.forecast(plan) == forecast(plan, engine="exact")


def test_ten_million_messages_come_to_what_the_closed_formula_says():
    found = fast.forecast(Plan(profiles=10_000_000, arrival_rate=12_000.0, window="fixed"))
    expected = delivered(10_000_000, 12_000.0, 3_000)
    assert (found.delivered_by_try, found.dropped) == (expected.by_try, expected.dropped)
