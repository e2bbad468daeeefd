"""The pace is the sender's own, to the bit, as long as nothing is refused."""

import random

import pytest

from loadtests.planning.engines.undisturbed.pace import Pace
from sender.delivery.rates.pacing import Pacer

SECOND = 1_000_000


@pytest.mark.parametrize("limit", [1, 3, 60, 700, 3_000, 60_000])
def test_a_call_may_be_made_when_the_senders_pacer_says(limit):
    chance = random.Random(limit)
    pacer, pace, turn = Pacer(limit), Pace(limit, 0), 0
    for _ in range(3_000):
        now = turn / SECOND
        wait = pacer.wait_seconds(now)
        assert max(0.0, pace.free_at(now) - now) == wait
        if not wait:
            pacer.sent(now)
            pacer.ended(now, now)
            pace.sent(turn)
        turn += chance.choice([1, round(wait * SECOND), round(wait * SECOND), 61 * SECOND // limit])


def test_a_call_that_is_not_answered_counts_and_is_waited_for():
    pace = Pace(limit=1, answer_us=2 * SECOND)
    pace.sent(0)
    assert pace.free_at(1.0) == pace.due > 60
    pace.sent(100 * SECOND)
    assert pace.next_answer(100 * SECOND) == 102 * SECOND
    assert pace.next_answer(102 * SECOND) is None
    pace.due = pace.earliest = 0.0
    assert pace.free_at(101.0) == 102.0  # asked again after the shortest rest
    assert pace.free_at(102.0) == 102.0 + 60.02
