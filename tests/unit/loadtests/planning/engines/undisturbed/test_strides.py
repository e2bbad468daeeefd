"""Most calls are made at once, whatever the pace is held up by."""

from dataclasses import replace

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.undisturbed.export import Export
from sender.policies import LOSSLESS

pytest.importorskip("numpy")
from loadtests.planning.engines.undisturbed.stride_tally import StrideTally
from loadtests.planning.engines.undisturbed.strides import Strides

PLAN = Plan(profiles=50_000, arrival_rate=1_000.0, policy=LOSSLESS)


def by_hand(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many calls of an export are made one after the other."""
    export, tally, counted = Export(plan), StrideTally(plan), []
    count = tally.count

    def noted(calls: object) -> None:
        some = list(calls)
        counted.extend(some)
        count(some)

    monkeypatch.setattr(tally, "count", noted)
    strides = Strides(plan, export, tally)
    while export.arrivals.next_at is not None:
        strides.go()
    assert tally.forecast().delivered == plan.profiles
    return len(counted)


@pytest.mark.parametrize(
    ("changed", "at_most"),
    [
        ({}, 10),
        ({"arrival_rate": 40.0}, 1_000),
        ({"arrival_rate": 49.5}, 10),
        ({"limit_per_minute": 60_000, "arrival_rate": 1e5}, 10),
        ({"runs_per_day": 10_000}, 200),
        ({"latency_seconds": 0.2}, 10),
        ({"latency_seconds": 0.2, "runs_per_day": 10_000}, 10_000),
    ],
)
def test_few_calls_are_left_to_be_made_one_after_the_other(changed, at_most, monkeypatch):
    assert by_hand(replace(PLAN, **changed), monkeypatch) <= at_most
