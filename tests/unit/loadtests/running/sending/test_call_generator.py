from collections.abc import Callable

import gevent
import pytest
from gevent.event import Event

from loadtests.measuring import Measurements
from loadtests.running.sending.call_generator import Generator, Post
from loadtests.running.sending.due_calls import DueCall, DueCalls
from loadtests.workloads import Arrival
from sender.policies import ADOBE_BEST_EFFORT
from sender.transport.outcomes import Answered, Outcome
from support.waiting import DEADLINE_SECONDS


def post_of(due: DueCall) -> Post:
    return Post(due, b"{}", "trace")


def generator_of(
    messages: int, post_of: Callable[[DueCall], Post] = post_of
) -> tuple[Generator, Measurements]:
    """Return a generator of messages that are all due at once, and its measurements."""
    measured = Measurements(1.0)
    arrivals = [(number, Arrival(0, number)) for number in range(messages)]
    made = Generator(
        DueCalls(arrivals, ADOBE_BEST_EFFORT),
        post_of,
        measured,
        begins_in_seconds=0.0,
        late_us=0,
        note=lambda *_: None,
    )
    return made, measured


def test_a_call_of_a_user_who_is_taken_away_is_waited_for() -> None:
    generator, measured = generator_of(1)
    sent, answer = Event(), Event()

    def post(*_: object) -> Outcome:
        sent.set()
        answer.wait()
        return Answered(202)

    user = gevent.spawn(generator.make_next, post)
    assert sent.wait(DEADLINE_SECONDS)
    user.kill()
    generator.halt()
    assert not generator.ended.is_set()
    answer.set()
    assert generator.ended.wait(DEADLINE_SECONDS)
    assert (measured.counted.delivered, measured.counted.uncertain) == (1, 0)


def test_after_a_message_that_cannot_be_made_no_call_is_made() -> None:
    def fail(due: DueCall) -> Post:
        raise ValueError(f"message {due.number} cannot be made")

    generator, measured = generator_of(3, fail)
    with pytest.raises(ValueError, match="message 0"):
        generator.make_next(lambda *_: Answered(202))
    next_user = gevent.spawn(generator.make_next, lambda *_: Answered(202))
    next_user.join(timeout=0)
    assert not next_user.dead
    next_user.kill()
    assert generator.ended.is_set()
    assert (generator.failure, measured.calls) == ("message 0 cannot be made", 0)
