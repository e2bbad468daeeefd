from mock_qualtrics.clock import LAST_INSTANT
from mock_qualtrics.runs.clocks.reach import LONGEST, MOST_TRIES, Reach, until_idle


def test_a_reach_takes_what_is_due_until_its_end_and_goes_on_to_it():
    reach = Reach(10)
    assert [reach.takes(due) for due in (9, 10, 11, None)] == [True, True, False, False]
    assert (reach.stops_at(4), reach.stops_at(12)) == (10, 12)


def test_until_idle_it_stays_at_what_was_due_last():
    reach = until_idle(5)
    assert (reach.takes(5 + LONGEST), reach.takes(6 + LONGEST)) == (True, False)
    assert reach.tries_left == MOST_TRIES - 1
    assert reach.stops_at(7) == 7
    assert until_idle(LAST_INSTANT - 1).end == LAST_INSTANT
