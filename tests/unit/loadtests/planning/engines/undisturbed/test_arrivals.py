"""The messages of an export in the order of their arrival."""

import pytest

from loadtests.planning import Batch, Plan
from loadtests.planning.engines.undisturbed.arrivals import Arrivals, come_in_turn
from sender.policies import LOSSLESS


def plan_of(*starts: float) -> Plan:
    batches = tuple(Batch(start_seconds=start, profiles=2) for start in starts)
    return Plan(profiles=2 * len(starts), arrival_rate=2.0, policy=LOSSLESS, batches=batches)


def test_messages_come_segment_after_segment_whichever_is_named_first():
    arrivals, found = Arrivals(plan_of(60, 0)), []
    while arrivals.next_at is not None:
        found.append((arrivals.next_at / 1_000_000, arrivals.person, arrivals.left))
        arrivals.advance()
    assert found == [(0, 2, 2), (0.5, 3, 1), (60, 0, 2), (60.5, 1, 1)]


def test_many_are_taken_at_once():
    arrivals = Arrivals(plan_of(0, 60))
    arrivals.advance(2)
    assert (arrivals.next_at, arrivals.index, arrivals.person) == (60_000_000, 0, 2)
    arrivals.advance(2)
    assert arrivals.next_at is None


@pytest.mark.parametrize(("start", "expected"), [(0.4, False), (0.5, False), (0.51, True)])
def test_a_segment_that_begins_before_the_last_message_of_another_does_not_wait_its_turn(
    start, expected
):
    assert come_in_turn(plan_of(0, start)) is come_in_turn(plan_of(start, 0)) is expected
