"""The engine of undisturbed lossless exports comes to what the exact one does, in every figure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.planning import Batch, Plan, forecast
from loadtests.planning.engines.undisturbed import engine
from sender.policies import LOSSLESS

LIMITS = st.sampled_from([1, 3, 30, 60, 100, 600, 3_000, 20_001, 60_000])
LATENCIES = [0.0, 0.0, 0.1, 0.25, 1.999, 2.0, 4e-7]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    limit = draw(LIMITS)
    profiles = draw(st.integers(1, 1_500))
    parts = draw(st.sampled_from([(0, 2_000), (0, 2_000, 600), (86_399,), ()]))
    days = draw(st.sampled_from([1, 1, 2, 3]))
    pace = limit / 60.25
    rates = [0.5 * pace, 0.9 * pace, 0.99 * pace, limit / 60, 1.01 * pace, 3 * pace, 1_000.0]
    fewest = profiles // 20 + 1  # or an export takes months
    return Plan(
        profiles=profiles * max(1, len(parts)),
        batches=tuple(Batch(start_seconds=start, profiles=profiles) for start in parts),
        arrival_rate=draw(st.sampled_from(rates) | st.floats(1.0, 50.0)),
        policy=LOSSLESS,
        limit_per_minute=limit,
        window=draw(st.sampled_from(["sliding", "fixed"])),
        window_seconds=draw(st.sampled_from([1, 7, 60])),
        runs_per_day=draw(st.sampled_from([300_000, fewest]) | st.integers(fewest, 3 * fewest)),
        latency_seconds=draw(st.sampled_from(LATENCIES) | st.floats(0.0, 2.0)),
        days=days,
        restated_daily=draw(st.sampled_from([0.3, 1.0])) if days > 1 else 0.0,
        oversized=frozenset(draw(st.sets(st.integers(0, profiles - 1), max_size=5))),
    )


@settings(max_examples=40)
@given(plans())
def test_call_by_call_it_comes_to_the_same(plan: Plan) -> None:
    if engine.fits(plan):
        assert engine.forecast(plan) == forecast(plan, engine="exact")


@settings(max_examples=60)
@given(plans())
def test_many_calls_at_once_come_to_the_same(plan: Plan) -> None:
    pytest.importorskip("numpy")
    if engine.fits(plan):
        assert engine.forecast_in_strides(plan) == forecast(plan, engine="exact")
