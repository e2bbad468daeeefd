"""A workload beside the planner's plan of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.planning import Plan, PlanError, forecast
from loadtests.workloads import KINDS, Workload, plan_of
from sender.policies import LOSSLESS

RECORDED = (0, 5, 5, 7_000_000)


SETTINGS = st.fixed_dictionaries(
    {
        "limit_per_minute": st.integers(1, 30),
        "window": st.sampled_from(["sliding", "fixed"]),
        "window_seconds": st.sampled_from([1, 60]),
        "fault_ratio": st.sampled_from([0.0, 0.3]),
        "latency_seconds": st.sampled_from([0.0, 0.4]),
    }
)


@given(st.integers(1, 120), st.sampled_from([0.5, 3.0, 1_000.0]), SETTINGS)
def test_arrivals_that_are_listed_are_planned_as_those_of_a_rate(profiles, rate, settings) -> None:
    by_rate = Plan(profiles=profiles, arrival_rate=rate, **settings)
    arrivals = tuple(Workload(kind="backfill", profiles=profiles, arrival_rate=rate).instants())
    listed = Plan(profiles=profiles, arrival_rate=rate, arrivals_us=arrivals, **settings)
    expected, found = forecast(by_rate, "exact"), forecast(listed)
    for name in ("delivered_by_try", "dropped_by_code", "duplicates", "finished_at_seconds"):
        assert getattr(found, name) == getattr(expected, name)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_planned(kind) -> None:
    recorded = {"recorded_us": RECORDED, "profiles": len(RECORDED)} if kind == "recorded" else {}
    made = Workload(**{"kind": kind, "profiles": 6_000, "arrival_rate": 100.0} | recorded)
    assert forecast(plan_of(made, limit_per_minute=10)).delivered >= min(10, made.messages)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"arrivals_us": (1,)}, "found 1 times, expected one for each of 2 profiles"),
        ({"arrivals_us": (2, 1)}, "found times that run backwards"),
        ({"arrivals_us": (1, 2), "days": 2}, "found times of their own beside"),
        ({"arrivals_us": (1, 2), "policy": LOSSLESS}, "found times of their own beside"),
    ],
)
def test_a_plan_refuses_arrivals_that_contradict_it(values, error) -> None:
    with pytest.raises(PlanError, match=error):
        Plan(profiles=2, arrival_rate=1.0, **values)


@pytest.mark.parametrize("recorded", [(0,), (0, 0, 0), (0, 31_000_000_000_000)])
def test_arrivals_at_one_instant_and_sparse_ones_can_be_planned(recorded) -> None:
    made = Workload(kind="recorded", profiles=len(recorded), recorded_us=recorded)
    assert forecast(plan_of(made)).delivered == len(recorded)


def test_the_chance_of_a_plan_is_of_the_workloads_seed() -> None:
    assert plan_of(Workload(kind="steady", profiles=2, seed=7)).seed == 7
