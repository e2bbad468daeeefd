"""The smallest limit that loses nothing."""

import dataclasses

import pytest

from loadtests.planning import Plan, forecast
from loadtests.planning.proposals import Goal, LimitProposal, NotFound, find, limits

PLAN = Plan(profiles=200, arrival_rate=5.0, limit_per_minute=30)


def found(plan: Plan, goal: Goal | None = None) -> LimitProposal:
    proposal = find("limit", plan, goal or Goal())
    assert isinstance(proposal, LimitProposal)
    return proposal


@pytest.mark.parametrize("window", ["sliding", "fixed"])
@pytest.mark.parametrize("rate", [0.5, 2.0, 5.0, 1000.0])
@pytest.mark.parametrize("loss_at_most", [0.0, 0.3])
def test_the_answer_and_its_neighbour_are_what_a_forecast_says(
    window: str, rate: float, loss_at_most: float
) -> None:
    plan = dataclasses.replace(PLAN, arrival_rate=rate, window=window)
    proposal = found(plan, Goal(loss_at_most=loss_at_most))
    limit = proposal.limit_per_minute
    with_it = forecast(dataclasses.replace(plan, limit_per_minute=limit))
    with_less = forecast(dataclasses.replace(plan, limit_per_minute=limit - 1))
    assert with_it.loss_share == proposal.loss_share <= loss_at_most
    assert with_less.loss_share == proposal.one_less_loses
    assert with_less.loss_share > loss_at_most


def test_a_burst_needs_a_minute_for_all_of_it() -> None:
    assert found(dataclasses.replace(PLAN, arrival_rate=1000.0)).limit_per_minute == 200


def test_the_smallest_limit_is_looked_for_below_the_present_one_too() -> None:
    plan = dataclasses.replace(PLAN, limit_per_minute=3000)
    assert found(plan).limit_per_minute == found(PLAN).limit_per_minute < 3000


def test_a_daily_cap_that_blocks_is_raised_as_well() -> None:
    plan = dataclasses.replace(PLAN, runs_per_day=150)
    proposal = found(plan)
    assert proposal.raises_daily_cap
    assert proposal.runs_per_day == 200
    wide = dataclasses.replace(plan, runs_per_day=200, limit_per_minute=proposal.limit_per_minute)
    assert forecast(wide).lost == 0
    assert forecast(dataclasses.replace(wide, runs_per_day=199)).lost == 1


def test_no_limit_helps_against_a_destination_that_never_answers_well() -> None:
    answer = find("limit", dataclasses.replace(PLAN, fault_ratio=1.0))
    assert isinstance(answer, NotFound)
    assert answer.reason.startswith("without any limit too, messages are lost: 200 answered 500")
    assert answer.best_loss_share == 1.0


def test_one_call_a_minute_has_no_smaller_limit() -> None:
    proposal = found(dataclasses.replace(PLAN, profiles=1))
    assert (proposal.limit_per_minute, proposal.one_less_loses) == (1, None)


def test_a_search_that_begins_with_an_eighth_of_the_profiles_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = found(PLAN).limit_per_minute
    monkeypatch.setattr(limits, "_LEAST_PROFILES", 3)
    assert found(PLAN).limit_per_minute == answer


@pytest.mark.parametrize("others", [0.0, 600.0])
def test_a_search_begins_with_what_arrives_in_a_window_where_an_eighth_says_nothing(
    others: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_LEAST_PROFILES", 3)
    proposal = found(Plan(profiles=20_000, arrival_rate=100.0, other_traffic=others))
    assert proposal.limit_per_minute == 6_000 + others
    assert proposal.forecasts < 20
