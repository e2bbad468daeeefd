"""The luck of many calls and seeds at once."""

import numpy as np
import pytest

from loadtests.planning import Plan
from loadtests.planning.chance import draw
from loadtests.planning.engines.seeded.luck import Luck

SEEDS = range(2**63 - 3, 2**63)
NUMBERS = np.array([0, 1, 7, 999_999_999])
ATTEMPTS = np.array([1, 2, 3, 101])


@pytest.mark.parametrize(
    ("fault_ratio", "lost_ratio"), [(0.3, 0.3), (0.0, 1.0), (1.0, 0.0), (0.5, 0.0), (2**-53, 0.1)]
)
def test_it_is_that_of_the_exact_engine(fault_ratio, lost_ratio):
    plan = Plan(profiles=1, arrival_rate=1.0, fault_ratio=fault_ratio, lost_ratio=lost_ratio)
    faults, lost = Luck(plan, SEEDS).of(NUMBERS, ATTEMPTS)
    calls = list(zip(NUMBERS.tolist(), ATTEMPTS.tolist(), strict=True))
    lucks = [[draw(seed, number, attempt) for seed in SEEDS] for number, attempt in calls]
    ends = fault_ratio + lost_ratio
    assert faults.tolist() == [[luck < fault_ratio for luck in row] for row in lucks]
    assert lost.tolist() == [[fault_ratio <= luck < ends for luck in row] for row in lucks]
