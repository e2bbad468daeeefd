"""No day gets more calls than allowed, wherever it begins and however long it is."""

import pytest

from sender.day_limit import COUNTS_FOR_SECONDS, DayLimit

NOON = 1_700_006_400.0  # a whole minute
HOUR = 3600.0


def test_calls_are_free_until_the_limit_and_then_wait_for_more_than_the_longest_day():
    day = DayLimit(3, [], NOON)
    for _ in range(3):
        assert day.wait_seconds(NOON) == 0.0
        day.sent(NOON)
    assert day.left(NOON) == 0
    assert day.wait_seconds(NOON) == COUNTS_FOR_SECONDS > 25 * HOUR
    assert day.wait_seconds(NOON + COUNTS_FOR_SECONDS) == 0.0
    assert day.left(NOON + COUNTS_FOR_SECONDS) == 3


def test_what_counts_ends_minute_by_minute():
    day = DayLimit(3, [], NOON)
    day.sent(NOON)
    day.sent(NOON + 2 * HOUR, calls=2)
    later = NOON + COUNTS_FOR_SECONDS
    assert (day.left(later), day.wait_seconds(later)) == (1, 0.0)
    day.sent(later)
    assert day.wait_seconds(later) == 2 * HOUR


def test_no_day_has_more_calls_than_allowed_wherever_it_begins():
    day, now, sent = DayLimit(10, [], NOON), NOON, []
    for _ in range(95):
        now += day.wait_seconds(now) + 400.0
        if day.wait_seconds(now):
            continue
        day.sent(now)
        sent.append(now)
    for hours in (23, 24, 24.5, 25):
        for begin in sent:
            assert sum(begin <= at < begin + hours * HOUR for at in sent) <= 10
    assert len(sent) > 50


def test_without_a_limit_calls_are_counted_for_a_later_export():
    day = DayLimit(None, [], NOON)
    day.sent(NOON, calls=7)
    day.sent(NOON + 30, calls=1)
    day.sent(NOON + 60, calls=1)
    assert day.wait_seconds(NOON) == 0.0
    assert day.left(NOON) is None
    minute = int(NOON // 60)
    assert day.counts() == [(minute, 8), (minute + 1, 1)]


def test_calls_of_earlier_exports_count_and_those_of_earlier_days_do_not():
    minute = int(NOON // 60)
    day = DayLimit(10, [(minute - 26 * 60, 100), (minute - 60, 4)], NOON)
    assert day.left(NOON) == 6
    assert day.counts() == [(minute - 60, 4)]


def test_calls_that_a_clock_ahead_has_counted_count_as_made_now():
    minute = int(NOON // 60)
    day = DayLimit(10, [(minute - 1, 1), (minute + 500_000, 9)], NOON)
    assert day.counts() == [(minute - 1, 1), (minute, 9)]
    assert day.wait_seconds(NOON) == COUNTS_FOR_SECONDS - 60


@pytest.mark.parametrize("calls", [10, 11])
def test_a_smaller_limit_than_what_is_counted_waits(calls):
    day = DayLimit(10, [(int(NOON // 60), calls)], NOON)
    assert day.left(NOON) == 0
    assert day.wait_seconds(NOON) > 0
