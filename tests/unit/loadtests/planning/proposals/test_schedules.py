"""The retries to ask Adobe's support for (A-RTRY-1)."""

import dataclasses

import pytest

from loadtests.planning import Plan, forecast
from loadtests.planning.proposals import Goal, NotFound, ScheduleProposal, find
from loadtests.planning.proposals.schedules import MOST_RETRIES, delivered_at_most

PLAN = Plan(profiles=200, arrival_rate=1.0, limit_per_minute=30)


def found(plan: Plan, goal: Goal | None = None) -> ScheduleProposal:
    proposal = find("schedule", plan, goal or Goal())
    assert isinstance(proposal, ScheduleProposal)
    return proposal


def test_a_schedule_with_which_a_forecast_loses_nothing() -> None:
    assert forecast(PLAN).lost > 0
    proposal = found(PLAN)
    assert 1 <= len(proposal.retry_after) <= MOST_RETRIES
    policy = PLAN.policy.retrying_after(proposal.retry_after)
    outcome = forecast(dataclasses.replace(PLAN, policy=policy))
    assert outcome.lost == proposal.loss_share == 0
    assert outcome.finished_at_seconds == proposal.finished_at_seconds
    assert proposal.shorter_loses is None or proposal.shorter_loses > 0


def test_the_present_schedule_where_it_loses_nothing() -> None:
    proposal = found(dataclasses.replace(PLAN, profiles=30))
    assert proposal.is_present
    assert proposal.retry_after == (15.0, 30.0)


def test_a_burst_of_six_limits_needs_all_five_retries_a_minute_apart() -> None:
    burst = dataclasses.replace(PLAN, profiles=180, arrival_rate=1000.0)
    assert delivered_at_most(burst, MOST_RETRIES) == 180
    assert found(burst).retry_after == (60.0, 120.0, 180.0, 240.0, 300.0)


def test_a_larger_burst_has_no_schedule_and_the_reason_says_how_much_can_be_delivered() -> None:
    burst = dataclasses.replace(PLAN, profiles=181, arrival_rate=1000.0)
    answer = find("schedule", burst)
    assert isinstance(answer, NotFound)
    assert "at most 180 messages are delivered" in answer.reason
    assert answer.best_loss_share == pytest.approx(1 / 181)
    assert answer.best.startswith("--retry-after ")


@pytest.mark.parametrize("window", ["sliding", "fixed"])
@pytest.mark.parametrize("schedule", [(15.0, 30.0), (60.0,), (45.0, 200.0, 300.0, 400.0)])
def test_no_forecast_delivers_more_than_the_bound_says(
    window: str, schedule: tuple[float, ...]
) -> None:
    policy = PLAN.policy.retrying_after(schedule)
    for rate in (0.7, 3.0, 200.0):
        plan = dataclasses.replace(PLAN, arrival_rate=rate, window=window, policy=policy)
        assert forecast(plan).delivered <= delivered_at_most(plan, len(schedule))


def test_a_fixed_window_may_begin_once_more_in_the_same_span() -> None:
    policy = PLAN.policy.retrying_after((75.0,))
    fixed = Plan(profiles=60, arrival_rate=1.0, limit_per_minute=10, window="fixed", policy=policy)
    assert forecast(fixed).delivered == 30
    assert delivered_at_most(fixed, 1) >= 30
    assert delivered_at_most(dataclasses.replace(fixed, window="sliding"), 1) == 20


def test_the_daily_cap_bounds_what_any_schedule_delivers() -> None:
    answer = find("schedule", dataclasses.replace(PLAN, runs_per_day=50))
    assert isinstance(answer, NotFound)
    assert "at most 100 messages are delivered" in answer.reason  # in two days


def test_where_the_times_do_not_help_the_reason_says_what_loses_messages() -> None:
    answer = find("schedule", dataclasses.replace(PLAN, profiles=4, fault_ratio=1.0))
    assert isinstance(answer, NotFound)
    assert answer.reason.endswith("loses some: 4 answered 500 until the last retry")
