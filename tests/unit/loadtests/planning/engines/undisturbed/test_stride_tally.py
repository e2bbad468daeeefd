"""Many calls are counted at once as they are one by one."""

from dataclasses import replace
from itertools import islice

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.tally import forecast_of
from loadtests.planning.engines.undisturbed.arrivals import Arrivals
from loadtests.planning.engines.undisturbed.export import Export
from sender.policies import LOSSLESS

pytest.importorskip("numpy")
import numpy as np

from loadtests.planning.engines.undisturbed.stride_tally import StrideTally, counted

PLAN = Plan(profiles=900, arrival_rate=0.9, policy=LOSSLESS, window_seconds=7)


@pytest.mark.parametrize("pieces", [1, 7, 900])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"oversized": frozenset({0, 5, 6, 300, 899})},
        {"oversized": frozenset(range(900))},
        {"days": 3, "restated_daily": 0.3, "oversized": frozenset({1, 200, 899})},
    ],
)
def test_a_stride_is_counted_as_its_calls_are(changed, pieces):
    plan = replace(PLAN, **changed)
    tally, arrivals, calls = StrideTally(plan), Arrivals(plan), Export(plan).calls()
    while arrivals.next_at is not None:
        size = min(arrivals.left, -(-plan.profiles // pieces))
        stride = [call[0] for call in islice(calls, size)]
        tally.count_stride(np.array(stride), arrivals)
        arrivals.advance(size)
    assert tally.forecast() == forecast_of(plan, Export(plan).calls())


@pytest.mark.parametrize(
    ("row", "expected"),
    [([3], [(3, 1)]), ([3, 3], [(3, 2)]), ([1, 3, 3, 9], [(1, 1), (3, 2), (9, 1)])],
)
def test_equal_numbers_are_counted_together(row, expected):
    assert list(counted(np.array(row))) == expected
