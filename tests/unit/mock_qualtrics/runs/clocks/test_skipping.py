"""What a skipping clock jumps for, and which runs keep it from jumping."""

import pytest

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.runs.clocks.skipping import UnderWay, awaited_outcomes


@pytest.mark.parametrize(
    ("wanted", "outcomes"),
    [
        ({"succeeded": 2, "received": 3}, {"succeeded": 2}),
        ({"failed": 1, "succeeded": 0}, {"failed": 1}),
        ({"received": 3, "accepted": 3, "blocked": 1, "duplicates": 1}, {}),
        ({"pending": 1}, {}),
        ({"pending": 1, "succeeded": 2}, {}),
        ({"pending": 0, "succeeded": 2}, {"succeeded": 2}),
    ],
)
def test_the_clock_jumps_for_outcomes_of_runs_unless_pending_ones_are_awaited(wanted, outcomes):
    assert awaited_outcomes(wanted) == outcomes


def test_each_clock_has_runs_under_way_of_its_own_until_the_last_one_ends():
    under_way, clock = UnderWay(), VirtualClock(0)
    under_way.begin(clock)
    under_way.begin(clock)
    under_way.end(clock)
    assert under_way.holds(clock)
    assert not under_way.holds(VirtualClock(0))
    under_way.end(clock)
    assert not under_way.holds(clock)
