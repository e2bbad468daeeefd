"""Instants that are evenly spaced but for rounding."""

import numpy as np
import pytest

from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced, repeats_after
from loadtests.planning.plan import arrival_us

MINUTE_US = 60_000_000


@pytest.mark.parametrize("rate", [0.3, 7.0, 333.3, 1e6, 2e6 / 3])
def test_numbers_and_instants_are_those_of_a_plan(rate):
    spaced, indices = EvenlySpaced(5, rate), np.arange(50, dtype=np.int64)
    expected = [5 + arrival_us(index, rate) for index in range(50)]
    assert spaced.instants(indices).tolist() == expected
    assert [spaced.instant(index) for index in range(50)] == expected
    at = np.array([0, 5, *(instant for index in expected for instant in (index, index + 1))])
    before = [sum(each < instant for each in expected) for instant in at.tolist()]
    inside = at <= expected[-1]
    assert spaced.before_each(at)[inside].tolist() == np.array(before)[inside].tolist()
    assert [spaced.before(int(each)) for each in at[inside]] == np.array(before)[inside].tolist()


@pytest.mark.parametrize("rate", [40.0, 77.0, 1_000.0, 12_000.0, 1e6])
def test_a_period_of_whole_messages_repeats_to_the_microsecond(rate):
    indices = repeats_after(rate, 1_000_000, MINUTE_US, 10**11)
    assert indices == 60 * rate
    spaced, numbers = EvenlySpaced(0, rate), np.arange(5_000, dtype=np.int64)
    later = spaced.instants(numbers + indices * 100)
    assert (later == spaced.instants(numbers) + 100 * MINUTE_US).all()


@pytest.mark.parametrize(
    ("rate", "last_us"),
    [(0.7, 10**9), (333.3, 10**9), (1 / 3, 10**9), (777_777.0, 10**15)],
)
def test_what_is_not_known_to_repeat_does_not(rate, last_us):
    assert repeats_after(rate, 1_000_000, MINUTE_US, last_us) == 0
