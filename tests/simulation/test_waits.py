"""The sender's waits: sound, and broken in one place."""

import pytest

from simulation.invariants import waits
from simulation.invariants.seen import Attempt, Message
from simulation.schedule import Setup

ADOBE = Setup(policy="adobe-best-effort", offered_rate=2.0)
LOSSLESS = Setup()
SECOND = 1_000_000


def message(status: int = 503, *, recorded: bool = True) -> Message:
    asked = Attempt(1, 0, 1, "answered", status, recorded, not_before_us=SECOND)
    return Message(1, "t1", "p1", ("a", "realized"), attempts=[asked])


def test_a_message_that_is_sent_sooner_than_its_answer_asked_is_found():
    assert "was asked to wait until" in (waits.waited_as_asked(message(), 9, 0, LOSSLESS) or "")
    assert waits.waited_as_asked(message(), SECOND, 0, LOSSLESS) is None
    assert waits.waited_as_asked(message(401), 9, 0, LOSSLESS) is None  # it has stopped
    assert waits.waited_as_asked(message(recorded=False), 9, 0, LOSSLESS) is None
    assert waits.waited_as_asked(message(), 9, 0, ADOBE) is None


def test_any_call_is_found_that_comes_sooner_than_a_refusal_for_the_rate_asked():
    other = Message(2, "t2", "p2", ("a", "realized"))
    assert waits.waited_as_asked(other, 9, SECOND, LOSSLESS) is not None
    assert waits.waited_as_asked(other, SECOND, SECOND, LOSSLESS) is None


def test_calls_that_follow_fast_on_each_other_while_the_destination_is_down_are_found():
    assert "10 in a row failed" in (waits.probed_slowly(SECOND - 9, 0, 10, LOSSLESS) or "")
    assert waits.probed_slowly(SECOND, 0, 10, LOSSLESS) is None
    assert waits.probed_slowly(9, 0, 9, LOSSLESS) is None
    assert waits.probed_slowly(9, 0, 10, ADOBE) is None


@pytest.mark.parametrize(
    ("times", "sound"),
    [
        ([], True),
        ([7], True),
        ([0, SECOND // 2, SECOND], True),
        ([0, SECOND // 2, SECOND - 9], False),
        ([0, 5 * SECOND, 5 * SECOND + 1], True),  # what a pause has cost is made up
    ],
)
def test_first_tries_that_come_faster_than_they_are_offered_are_found(times, sound):
    assert (waits.offered_evenly(times, ADOBE) is None) == sound
    assert waits.offered_evenly(times, LOSSLESS) is None


def test_a_process_keeps_its_first_tries_its_failures_in_a_row_and_how_long_it_rests():
    told = waits.Told()
    for status in (500, None, 503):
        told.end(status, 40)
    assert (told.failures, told.rests_until_us) == (3, 0)
    told.end(429, 40)
    told.end(429, 30)
    assert (told.failures, told.rests_until_us) == (0, 40)
    told.send(5, number=1)
    told.send(6, number=2)
    assert told.first_tries == [5]
