"""Calls over time, in bins that become longer when an export does."""

from loadtests.planning import Plan
from loadtests.planning.engines.over_time import OverTime
from sender.policies import LOSSLESS

SECOND = 1_000_000
PLAN = Plan(profiles=1, arrival_rate=1.0, policy=LOSSLESS)


def test_bins_become_longer_and_keep_what_they_have():
    counted = OverTime(PLAN)
    assert counted.go_to(3 * SECOND) == 4 * SECOND
    counted.add(5, 2)
    counted.accept()
    assert counted.go_to(4_000 * SECOND) == 4_008 * SECOND
    counted.add(1, 1)
    counted.drop(9 * SECOND)
    timeline = counted.timeline()
    assert timeline.bin_seconds == 8.0
    assert (timeline.arrivals[0], timeline.accepted[0], timeline.refused[0]) == (2, 1, 4)
    assert (timeline.arrivals[500], timeline.dropped[1]) == (1, 1)
    assert len(timeline.arrivals) == 501


def test_a_drop_beyond_the_last_bin_moves_what_is_counted_too():
    counted = OverTime(PLAN)
    counted.go_to(999 * SECOND)
    counted.drop(1_500 * SECOND)
    counted.add(1, 1)
    counted.accept()
    timeline = counted.timeline()
    assert timeline.bin_seconds == 2.0
    assert (timeline.arrivals[499], timeline.accepted[499], timeline.dropped[750]) == (1, 1, 1)
