import json

import msgpack
import pytest

from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.measuring.measurements import Measurements

SECOND = 1_000_000


def measured(*calls: Call, warm_up_us=0):
    seen = Measurements(1.0, warm_up_us)
    for call in calls:
        seen.add(call)
    return seen


def call(number=0, attempt=1, at=0, status=202, ending="delivered"):
    return Call(number, attempt, at, at + 10, at + 1_000, status, ending)


def test_a_message_that_arrived_in_the_warm_up_is_counted_apart():
    seen = measured(call(0, at=0), call(1, at=SECOND), warm_up_us=SECOND)
    assert (seen.warm_up.messages, seen.counted.messages) == (1, 1)


def test_a_retry_after_the_warm_up_is_of_a_message_that_arrived_in_it():
    seen = measured(
        call(0, at=0, status=503, ending=""),
        call(1, at=SECOND),
        call(0, attempt=2, at=16 * SECOND, status=503, ending="dropped"),
        warm_up_us=SECOND,
    )
    assert (seen.warm_up.calls, seen.warm_up.dropped) == (2, 1)
    assert (seen.counted.calls, seen.counted.dropped) == (1, 0)


def test_answers_in_another_order_change_no_warm_up():
    seen = measured(call(3, at=SECOND), call(1, at=900_000), call(0, at=0), warm_up_us=SECOND)
    assert (seen.warm_up.messages, seen.counted.messages) == (2, 1)


def test_the_timeline_shows_the_warm_up_too():
    seen = measured(call(0, at=0), call(1, at=SECOND), warm_up_us=SECOND)
    assert [each.arrivals for each in seen.timeline.filled()] == [1, 1]
    assert [each.answered for each in seen.timeline.filled()] == [{202: 1}, {202: 1}]
    assert [each.sent for each in seen.timeline.filled()] == [1, 1]


@pytest.mark.parametrize(("first_status", "lost"), [(503, 1), (429, 1), (504, 0), (NO_ANSWER, 0)])
def test_a_dropped_message_is_lost_for_certain_if_no_call_of_it_can_have_been_taken(
    first_status, lost
):
    seen = measured(
        call(0, status=first_status, ending=""), call(0, 2, SECOND, 503, ending="dropped")
    )
    assert seen.counted.certainly_lost == lost


def test_what_was_delivered_in_the_end_or_is_uncertain_is_not_lost_for_certain():
    seen = measured(
        call(0, status=503, ending=""),
        call(0, 2, SECOND),
        call(1, status=NO_ANSWER, ending="uncertain"),
    )
    assert seen.counted.certainly_lost == 0


def test_one_message_in_doubt_does_not_excuse_another():
    seen = measured(
        call(0, status=NO_ANSWER, ending=""), call(1, status=404, ending="dropped"), call(0, 2)
    )
    assert seen.counted.certainly_lost == 1


def test_what_was_taken_can_be_sent_and_is_taken_once():
    seen = measured(call())
    seen.note_unsent(2)
    seen.note_processor(0.756)
    taken = seen.taken()
    assert json.loads(json.dumps(taken)) == msgpack.unpackb(msgpack.packb(taken))
    for merges in (1, 2):  # the second time there is nothing left
        whole = Measurements(1.0)
        whole.merge(msgpack.unpackb(msgpack.packb(taken)))
        assert (whole.counted.calls, whole.unsent, whole.processor) == (
            (1, 2, {76: 1}) if merges == 1 else (0, 0, {})
        )
        taken = seen.taken()


def test_what_follows_a_report_is_still_known_to_be_of_the_warm_up():
    seen = measured(call(0, status=503, ending=""), warm_up_us=SECOND)
    seen.taken()
    seen.add(call(0, 2, at=2 * SECOND))
    assert (seen.warm_up.calls, seen.counted.calls) == (1, 0)


def test_what_a_worker_had_reported_before_it_was_killed_stays_counted():
    killed, survivor, whole = measured(call(0)), measured(call(1)), Measurements(1.0)
    whole.merge(killed.taken())
    killed.add(call(2))  # never reported
    whole.merge(survivor.taken())
    assert whole.counted.messages == 2


def test_nothing_is_remembered_of_a_message_that_has_ended():
    seen = measured(call(0, status=NO_ANSWER, ending=""), call(0, 2))
    assert seen._doubtful == set()
