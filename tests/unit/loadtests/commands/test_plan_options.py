"""The options make plans, and what is impossible is an error that names the option."""

import click
import pytest

from loadtests.commands.plan_options import ARRIVAL_RATES, Messages, PlanOptions, plans_of
from loadtests.planning import Plan
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS

MESSAGES = Messages(profiles=100)


def test_the_defaults_are_those_of_a_plan():
    assert plans_of(PlanOptions(arrival_rate=10.0), MESSAGES) == [
        Plan(profiles=100, arrival_rate=10.0)
    ]


def test_without_a_rate_there_is_a_plan_for_each_of_three():
    plans = plans_of(PlanOptions(), MESSAGES)
    assert tuple(plan.arrival_rate for plan in plans) == ARRIVAL_RATES == (100.0, 1_000.0, 10_000.0)


def test_every_option_reaches_the_plan():
    options = PlanOptions(
        arrival_rate=5.0,
        policy_name="adobe-configurable",
        retry_after=(1.0, 2.0, 3.0),
        limit_per_minute=7,
        window="fixed",
        window_seconds=30,
        runs_per_day=8,
        other_traffic=9.0,
        fault_ratio=0.1,
        lost_ratio=0.2,
        latency=0.5,
        days=3,
        restated_daily=0.25,
        seed=4,
    )
    messages = Messages(profiles=100, excluded={"no mapped identity": 2}, oversized=frozenset({3}))
    assert plans_of(options, messages) == [
        Plan(
            profiles=100,
            arrival_rate=5.0,
            policy=ADOBE_CONFIGURABLE.retrying_after((1.0, 2.0, 3.0)),
            limit_per_minute=7,
            window="fixed",
            window_seconds=30,
            runs_per_day=8,
            other_traffic=9.0,
            fault_ratio=0.1,
            lost_ratio=0.2,
            latency_seconds=0.5,
            days=3,
            restated_daily=0.25,
            seed=4,
            excluded={"no mapped identity": 2},
            oversized=frozenset({3}),
        )
    ]


@pytest.mark.parametrize("policy", [LOSSLESS, ADOBE_BEST_EFFORT])
def test_the_policy_is_the_real_one(policy):
    (plan,) = plans_of(PlanOptions(arrival_rate=1.0, policy_name=policy.name), MESSAGES)
    assert plan.policy is policy


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"arrival_rate": 0.0}, "--arrival-rate: found 0.0, expected"),
        ({"arrival_rate": -1.0}, "--arrival-rate: found -1.0, expected"),
        ({"arrival_rate": 1e300}, "--arrival-rate: found 1e\\+300, expected"),
        ({"limit_per_minute": 0}, "--limit-per-minute: found 0, expected"),
        ({"window_seconds": 0}, "--window-seconds: found 0, expected"),
        ({"runs_per_day": -1}, "--runs-per-day: found -1, expected"),
        ({"other_traffic": -0.5}, "--other-traffic: found -0.5, expected"),
        ({"fault_ratio": 1.1}, "--fault-ratio: found 1.1, expected"),
        ({"lost_ratio": -0.1}, "--lost-ratio: found -0.1, expected"),
        ({"fault_ratio": 0.6, "lost_ratio": 0.6}, "found a sum of 1.2, expected at most 1"),
        ({"latency": -1.0}, "--latency: found -1.0, expected"),
        ({"days": 0}, "--days: found 0, expected"),
        ({"days": 10**9}, "--days: found 1000000000, expected"),
        ({"restated_daily": 0.5}, "--restated-daily: found 0.5 with 1 day, expected days above 1"),
        ({"seed": -1}, "--seed: found -1, expected"),
        (
            {"policy_name": "lossless", "retry_after": (15.0,)},
            "--retry-after: found a schedule with policy 'lossless', expected one of Adobe's",
        ),
    ],
)
def test_what_is_impossible_is_one_error_that_names_the_option(options, message):
    with pytest.raises(click.UsageError, match=message):
        plans_of(PlanOptions(**{"arrival_rate": 1.0, **options}), MESSAGES)


@pytest.mark.parametrize("profiles", [-1, 0, 10**30])
def test_an_impossible_number_of_profiles_is_an_error(profiles):
    with pytest.raises(click.UsageError, match=f"--profiles: found {profiles}, expected"):
        plans_of(PlanOptions(arrival_rate=1.0), Messages(profiles=profiles))
