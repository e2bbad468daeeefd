"""All proposals for a plan, or the one that was asked for."""

import dataclasses
import json

import pytest

from loadtests.planning import Plan, PlanError, forecast, forecast_band
from loadtests.planning.proposals import (
    Goal,
    LosslessProposal,
    NotFound,
    find,
    outruns_the_pace,
    propose,
    proposing,
)
from loadtests.planning.proposals.trials import Trials
from sender.policies import LOSSLESS

PLAN = Plan(profiles=60, arrival_rate=10.0, limit_per_minute=20)


def test_a_plan_that_loses_messages_has_a_proposal_of_each_kind() -> None:
    proposals = propose(forecast(PLAN))
    assert list(proposals) == ["batch", "limit", "schedule", "lossless"]
    for kind, proposal in proposals.items():
        written = json.loads(json.dumps(proposal.to_mapping()))
        assert written["find"] == kind
        assert written["found"] is proposal.found
        assert written["lossAtMost"] == 0.0
        assert proposal.forecasts > 0


def test_proposals_are_about_the_limits_and_not_about_profiles_that_are_too_large() -> None:
    plan = dataclasses.replace(PLAN, oversized=frozenset({0}))
    proposals = propose(forecast(plan))
    assert all(proposals[kind].found for kind in ("batch", "limit", "lossless"))
    assert [proposals[kind].to_mapping()["lossShare"] for kind in ("batch", "limit")] == [0.0, 0.0]


@pytest.mark.parametrize("cause", [{"fault_ratio": 1.0}, {"latency_seconds": 5.0}])
def test_what_the_limits_do_not_cost_no_proposal_mends(cause: dict[str, float]) -> None:
    lost = forecast(dataclasses.replace(PLAN, limit_per_minute=3000, **cause))
    assert lost.lost == 60
    assert propose(lost) == {}


def test_a_lossless_export_in_place_of_it_waits_for_the_days_that_its_cap_takes() -> None:
    proposal = find("lossless", dataclasses.replace(PLAN, runs_per_day=20))
    assert isinstance(proposal, LosslessProposal)
    assert (proposal.delivered, proposal.loss_share) == (60, 0.0)
    assert proposal.day == 3
    assert 2 * 86_400 < proposal.finished_at_seconds < 3 * 86_400


def test_a_lossless_export_that_others_leave_no_room_for_is_not_proposed() -> None:
    proposal = find("lossless", dataclasses.replace(PLAN, other_traffic=20.0))
    assert isinstance(proposal, NotFound)
    assert proposal.reason.startswith("other clients alone make as many calls as the limit admits")


def test_at_rates_above_its_pace_a_lossless_export_is_the_same_and_not_simulated_again() -> None:
    told: list[int] = []
    first = find("lossless", PLAN)
    assert isinstance(first, LosslessProposal)
    for rate in (2 * 20 / 60, 100.0):
        plan = dataclasses.replace(PLAN, arrival_rate=rate)
        again = find("lossless", plan)
        assert outruns_the_pace(plan)
        assert again == first
        proposals = propose(forecast(plan), tell=told.append, lossless=first)
        assert proposals["lossless"] is first
        assert list(proposals) == ["batch", "limit", "schedule", "lossless"]
    slow = dataclasses.replace(PLAN, arrival_rate=0.6)
    assert not outruns_the_pace(slow)
    assert outruns_the_pace(dataclasses.replace(PLAN, arrival_rate=2 * 20 / 60))


def test_a_lossless_policy_has_nothing_to_propose() -> None:
    plan = dataclasses.replace(PLAN, policy=LOSSLESS)
    assert propose(forecast(plan)) == {}
    with pytest.raises(PlanError, match=r"^find: found limit with policy 'lossless', which"):
        find("limit", plan)


def test_without_a_message_there_is_nothing_to_look_for() -> None:
    plan = dataclasses.replace(PLAN, profiles=0, excluded={"no identity": 5})
    assert propose(forecast(plan)) == {}
    with pytest.raises(PlanError, match=r"^find batch: found no message to export"):
        find("batch", plan)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(PlanError, match="loss at most"):
        Goal(loss_at_most=share)


def test_whoever_waits_is_told_before_each_forecast() -> None:
    told: list[int] = []
    proposal = find("batch", PLAN, tell=told.append)
    assert told == list(range(1, proposal.forecasts + 1))


def test_of_many_messages_what_takes_long_is_left_to_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proposing, "MOST_SLOW_MESSAGES", 59)
    slow = propose(forecast(PLAN), engine="exact")
    assert [kind for kind, proposal in slow.items() if proposal.found] == ["batch", "lossless"]
    assert "ask --find limit" in slow["limit"].to_mapping()["reason"]
    assert find("limit", PLAN, engine="exact").found
    monkeypatch.setattr(proposing, "find_spec", lambda name: name)
    assert propose(forecast(PLAN))["limit"].found
    monkeypatch.setattr(proposing, "find_spec", lambda name: None)
    assert not propose(forecast(PLAN))["limit"].found


def test_with_chance_the_loss_of_95_percent_of_the_seeds_counts() -> None:
    plan = dataclasses.replace(PLAN, limit_per_minute=3000, fault_ratio=0.5)
    high = forecast_band(plan, 9).figures["loss_share"].high
    assert Trials(Goal(seeds=9)).lost(plan) == high != forecast(plan).loss_share
    assert Trials(Goal(seeds=9)).lost(PLAN) == forecast(PLAN).loss_share


def test_with_chance_nearly_all_seeds_lose_no_more() -> None:
    plan = dataclasses.replace(PLAN, profiles=12, fault_ratio=0.2)
    one, many = (find("batch", plan, Goal(loss_at_most=0.1, seeds=seeds)) for seeds in (1, 5))
    assert one.found
    assert many.found
