import pytest

from loadtests.measuring.call import NO_ANSWER
from loadtests.running.sending.due_calls import CallImpossibleError, DueCalls
from loadtests.workloads import Arrival
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE
from sender.transport.outcomes import Answered, Impossible, Lost, NotConnected

SECOND = 1_000_000
TAKEN, REFUSED = Answered(202), Answered(429)


def due_calls(*arrivals_us: int, policy=ADOBE_BEST_EFFORT) -> DueCalls:
    arrivals = [(number, Arrival(at, number)) for number, at in enumerate(arrivals_us)]
    return DueCalls(arrivals, policy)


def test_arrivals_do_not_wait_for_answers() -> None:
    due = due_calls(0, 5, 5)
    assert [(each.intended_us, each.number) for each in (due.take(), due.take(), due.take())] == [
        (0, 0),
        (5, 1),
        (5, 2),
    ]
    assert due.next_us is None
    assert not due.is_finished, "three answers are still to come"


def test_a_message_that_is_taken_has_ended() -> None:
    due = due_calls(7)
    call = due.ended(due.take(), TAKEN, 9, 12)
    assert call == (0, 1, 7, 9, 12, 202, "delivered")
    assert due.is_finished


def test_a_refused_message_is_tried_again_when_adobe_does_and_then_dropped() -> None:
    due = due_calls(0)
    instants, endings = [], []
    while not due.is_finished:
        call = due.take()
        instants.append(call.intended_us)
        endings.append(due.ended(call, REFUSED, call.intended_us, call.intended_us + 10).ending)
    assert instants == [0, 15 * SECOND + 10, 30 * SECOND + 10]
    assert endings == ["", "", "dropped"]


def test_retries_and_arrivals_come_in_the_order_in_which_they_are_due() -> None:
    due = due_calls(0, 15 * SECOND, 16 * SECOND)
    due.ended(due.take(), REFUSED, 0, 0)
    assert [due.take()[:2] for _ in range(3)] == [
        (15 * SECOND, 0),
        (15 * SECOND, 1),
        (16 * SECOND, 2),
    ]


@pytest.mark.parametrize(
    ("outcome", "policy", "ending", "status"),
    [
        (Answered(401), ADOBE_BEST_EFFORT, "dropped", 401),
        (Answered(500), ADOBE_CONFIGURABLE, "dropped", 500),
        (Lost("no answer"), ADOBE_BEST_EFFORT, "", NO_ANSWER),
        (NotConnected("nobody listens"), ADOBE_BEST_EFFORT, "", NO_ANSWER),
        (Lost("no answer"), ADOBE_BEST_EFFORT.retrying_after(()), "uncertain", NO_ANSWER),
        (REFUSED, ADOBE_BEST_EFFORT.retrying_after(()), "dropped", 429),
    ],
)
def test_what_follows_is_what_the_policy_says(outcome, policy, ending, status) -> None:
    due = due_calls(0, policy=policy)
    call = due.ended(due.take(), outcome, 0, 1)
    assert (call.ending, call.status) == (ending, status)


def test_a_machine_that_can_make_no_call_is_told() -> None:
    due = due_calls(0)
    with pytest.raises(CallImpossibleError, match="the certificate is not trusted"):
        due.ended(due.take(), Impossible("the certificate is not trusted"), 0, 1)


def test_messages_that_were_due_and_never_sent_are_counted() -> None:
    due = due_calls(0, 1, 2, 50)
    due.take()
    assert due.unsent(49) == 2
    assert due.next_us == 50


def test_a_share_without_messages_has_ended() -> None:
    assert due_calls().is_finished
