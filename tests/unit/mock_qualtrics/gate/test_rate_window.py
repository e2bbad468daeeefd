import pytest

from mock_qualtrics.gate.rate_window import (
    EXACT_UP_TO_CALLS,
    FixedWindow,
    SlidingWindow,
    go_on,
    make_window,
)

SECOND = 1_000_000
KINDS = [SlidingWindow, FixedWindow]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lowered_limit_counts_in_place_of_the_windows_own(kind):
    window = kind(5)
    assert [window.try_take(0, 2) for _ in range(3)] == [True, True, False]
    assert window.try_take(0)
    assert not window.has_room(0, 3)
    assert window.has_room(0, 4)


def test_the_wait_is_until_as_many_calls_have_left_as_exceed_a_lowered_limit():
    window = SlidingWindow(5)
    for second in range(5):
        window.take(second * SECOND)
    now = 10 * SECOND
    waits = [window.retry_after_seconds(now, calls) for calls in (None, 5, 4, 2, 1)]
    assert waits == [50, 50, 51, 53, 54]
    assert window.retry_after_seconds(now, 6) == 0
    assert window.retry_after_seconds(now, 0) == 60


def test_calls_of_one_instant_leave_together():
    window = SlidingWindow(2)
    for _ in range(4):
        window.take(SECOND)
    assert window.retry_after_seconds(SECOND, 3) == 60
    assert window.has_room(61 * SECOND)


@pytest.mark.parametrize("kind", KINDS)
def test_one_call_is_given_back_and_not_those_of_the_same_instant(kind):
    window = kind(2)
    window.take(0)
    window.take(0)
    window.give_back()
    assert [window.try_take(0), window.try_take(0)] == [True, False]


def test_what_is_given_back_leaves_no_instant_behind():
    window = SlidingWindow(1)
    window.take(0)
    window.take(30 * SECOND)
    window.give_back()
    assert window.retry_after_seconds(59 * SECOND) == 1
    assert window.try_take(60 * SECOND)
    assert window.retry_after_seconds(60 * SECOND) == 60


def test_a_wait_is_at_least_a_second_and_rounded_up():
    window = SlidingWindow(1)
    window.take(0)
    waits = [window.retry_after_seconds(60 * SECOND - left) for left in (1, SECOND, SECOND + 1)]
    assert waits == [1, 1, 2]


def test_a_high_limit_is_counted_in_steps_that_never_admit_too_many():
    coarse, exact = SlidingWindow(EXACT_UP_TO_CALLS + 1), SlidingWindow(EXACT_UP_TO_CALLS)
    for window in (coarse, exact):
        window.take(1)
    assert [window.has_room(60 * SECOND + 1, 1) for window in (coarse, exact)] == [False, True]
    assert coarse.has_room(60 * SECOND + 10_000, 1)


def test_an_instant_before_the_latest_one_counts_as_the_latest():
    window = SlidingWindow(2)
    window.take(10 * SECOND)
    window.take(9 * SECOND)
    assert not window.has_room(69 * SECOND + 1)
    assert window.has_room(70 * SECOND)


def test_a_fixed_window_ends_at_a_multiple_of_its_span():
    window = FixedWindow(1, 10)
    window.take(19 * SECOND)
    assert window.retry_after_seconds(19 * SECOND) == 1
    assert not window.has_room(20 * SECOND - 1)
    assert window.has_room(20 * SECOND)
    window.take(20 * SECOND)
    assert not window.has_room(5 * SECOND)  # an older instant opens no window


@pytest.mark.parametrize(("kind", "made"), [("sliding", SlidingWindow), ("fixed", FixedWindow)])
def test_a_window_is_made_of_its_kind_with_its_calls_and_seconds(kind, made):
    window = make_window(kind, 1, 2)
    assert isinstance(window, made)
    assert (window.try_take(0), window.try_take(1)) == (True, False)
    assert window.try_take(2 * SECOND)
    minute = make_window(kind, 1)
    minute.take(0)
    assert (minute.has_room(59 * SECOND), minute.has_room(60 * SECOND)) == (False, True)


def test_each_call_of_one_instant_counts_once_when_they_leave():
    window = SlidingWindow(10)
    for instant in (0, 0, 0, SECOND):
        window.take(instant)
    assert window.retry_after_seconds(30 * SECOND, 4) == 30
    assert window.retry_after_seconds(30 * SECOND, 1) == 31
    assert window.has_room(60 * SECOND, 2)
    assert not window.has_room(60 * SECOND, 1)


def test_of_the_calls_of_one_instant_those_that_are_left_still_leave_at_their_time():
    window = SlidingWindow(2)
    window.take(0)
    window.take(0)
    window.give_back()
    assert not window.has_room(59 * SECOND, 1)
    assert window.has_room(60 * SECOND, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_window_that_takes_over_goes_on_with_what_another_counted(kind):
    before = kind(5)
    for second in (61, 62, 62):
        before.take(second * SECOND)
    after = go_on(kind(4), before)
    assert (before.used(62 * SECOND), after.used(62 * SECOND)) == (3, 3)
    assert [after.try_take(63 * SECOND) for _ in range(2)] == [True, False]
    assert after.used(200 * SECOND) == 0


def test_what_left_the_window_before_is_not_counted_by_a_longer_one():
    before = SlidingWindow(5, 1)
    before.take(0)
    before.take(2 * SECOND)
    assert before.used(2 * SECOND) == 1
    assert go_on(SlidingWindow(5, 60), before).used(2 * SECOND) == 1
