"""The largest batch that loses nothing."""

import dataclasses

import pytest

from loadtests.planning import Plan, forecast
from loadtests.planning.proposals import BatchProposal, Goal, NotFound, find
from loadtests.planning.proposals.divisions import in_batches

BURST = Plan(profiles=200, arrival_rate=1000.0, limit_per_minute=30)


def found(plan: Plan, goal: Goal | None = None) -> BatchProposal:
    proposal = find("batch", plan, goal or Goal())
    assert isinstance(proposal, BatchProposal)
    return proposal


def starts(proposal: BatchProposal) -> list[float]:
    days = (divmod(n, proposal.batches_per_day) for n in range(proposal.batches))
    return [day * 86_400.0 + of_day * proposal.gap_seconds for day, of_day in days]


def test_of_a_burst_a_batch_as_large_as_the_limit_a_minute_apart() -> None:
    proposal = found(BURST)
    assert (proposal.profiles, proposal.batches, proposal.gap_seconds) == (30, 7, 60.0)
    assert proposal.last_start_seconds == 360.0
    assert proposal.loss_share == 0.0
    assert proposal.one_more_loses == pytest.approx(1 / 31)
    assert proposal.shorter_gap_loses is None  # none is shorter than a minute


@pytest.mark.parametrize("window", ["sliding", "fixed"])
@pytest.mark.parametrize("rate", [0.6, 1.0, 2.0, 5.0])
def test_the_answer_and_its_neighbour_are_what_a_forecast_says(window: str, rate: float) -> None:
    plan = dataclasses.replace(BURST, arrival_rate=rate, window=window)
    proposal = found(plan)
    size = proposal.profiles
    assert forecast(dataclasses.replace(plan, profiles=size)).lost == 0
    assert forecast(dataclasses.replace(plan, profiles=size + 1)).lost > 0
    whole = forecast(in_batches(plan, size, starts(proposal)))
    assert (whole.messages, whole.lost) == (200, 0)
    assert whole.finished_at_seconds == proposal.finished_at_seconds


def test_a_shorter_gap_is_shown_to_lose_messages() -> None:
    proposal = found(dataclasses.replace(BURST, arrival_rate=1.0))
    assert proposal.gap_seconds > 60.0
    assert proposal.shorter_gap_loses


def test_what_loses_nothing_is_one_batch() -> None:
    proposal = found(dataclasses.replace(BURST, profiles=30))
    assert (proposal.profiles, proposal.batches, proposal.start_dates) == (30, 1, 1)
    assert proposal.one_more_loses is None


def test_each_day_has_no_more_batches_than_its_cap_has_room_for() -> None:
    proposal = found(dataclasses.replace(BURST, runs_per_day=100))
    assert (proposal.profiles, proposal.batches, proposal.batches_per_day) == (30, 7, 3)
    assert proposal.last_start_seconds == 2 * 86_400.0
    assert proposal.start_dates == 7  # one a day, where a start date is all there is (A-EXP-6)


def test_a_slow_export_is_divided_by_the_daily_cap_alone() -> None:
    plan = Plan(profiles=25, arrival_rate=0.4, limit_per_minute=30, runs_per_day=10)
    proposal = found(plan)
    assert (proposal.profiles, proposal.batches, proposal.gap_seconds) == (10, 3, 86_400.0)


def test_a_share_that_may_be_lost_makes_larger_batches() -> None:
    assert found(BURST, Goal(loss_at_most=0.25)).profiles == 40


def test_profiles_that_are_too_large_are_lost_in_any_batch_and_count_where_all_losses_do() -> None:
    plan = dataclasses.replace(BURST, oversized=frozenset({3, 5}))
    answer = find("batch", plan)
    assert isinstance(answer, NotFound)
    assert answer.reason == "whatever is done, 2 of 200 are too large (413)"
    assert answer.best_loss_share == pytest.approx(2 / 200)
    assert found(plan, Goal(to_limits_only=True)).loss_share == 0.0


def test_a_destination_that_never_answers_well_has_no_batch() -> None:
    answer = find("batch", dataclasses.replace(BURST, fault_ratio=1.0))
    assert isinstance(answer, NotFound)
    assert "a single profile is lost as well: 1 answered 500 until the last retry" in answer.reason


def test_other_clients_make_the_batches_smaller() -> None:
    proposal = found(dataclasses.replace(BURST, profiles=60, other_traffic=15.0))
    assert proposal.profiles < 30
    assert proposal.loss_share == 0.0


def test_nightly_loads_are_left_out_for_they_cannot_be_divided() -> None:
    plan = dataclasses.replace(BURST, days=3, restated_daily=0.5)
    assert found(plan).profiles == found(BURST).profiles
