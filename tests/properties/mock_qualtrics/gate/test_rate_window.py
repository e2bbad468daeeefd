"""Both windows against the plainest model of them: a list of all admitted instants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.gate.rate_window import (
    EXACT_UP_TO_CALLS,
    MICROSECONDS,
    FixedWindow,
    SlidingWindow,
    make_window,
)

MINUTE = 60 * MICROSECONDS
limits = st.integers(1, 5)
gaps = st.lists(
    st.one_of(st.integers(0, 90 * MICROSECONDS), st.sampled_from([0, 1, MINUTE - 1, MINUTE])),
    min_size=1,
    max_size=60,
)


def instants_of(start: int, steps: list[int]) -> list[int]:
    instants = [start]
    for step in steps:
        instants.append(instants[-1] + step)
    return instants


@given(limits, st.integers(0, 10 * MINUTE), gaps)
def test_no_span_of_a_minute_holds_more_than_the_sliding_limit(limit, start, steps):
    window, admitted = SlidingWindow(limit), []
    for now in instants_of(start, steps):
        in_the_last_minute = sum(1 for taken in admitted if now - MINUTE < taken <= now)
        assert window.has_room(now) == (in_the_last_minute < limit)
        if window.has_room(now):
            window.take(now)
            admitted.append(now)


@given(limits, st.integers(0, 10 * MINUTE), gaps)
def test_no_minute_of_the_clock_holds_more_than_the_fixed_limit(limit, start, steps):
    window, admitted = FixedWindow(limit), []
    for now in instants_of(start, steps):
        in_this_minute = sum(1 for taken in admitted if taken // MINUTE == now // MINUTE)
        assert window.has_room(now) == (in_this_minute < limit)
        if window.has_room(now):
            window.take(now)
            admitted.append(now)


@pytest.mark.parametrize("kind", [SlidingWindow, FixedWindow])
@given(limit=limits, start=st.integers(0, 10 * MINUTE), steps=gaps)
def test_there_is_room_after_the_stated_wait_and_not_a_second_sooner(kind, limit, start, steps):
    window = kind(limit)
    for now in instants_of(start, steps):
        wait = window.retry_after_seconds(now)
        assert (wait == 0) == window.has_room(now)
        if wait == 0:
            window.take(now)
            continue
        probe = kind(limit)
        _copy(window, probe)
        assert wait == 1 or not probe.has_room(now + (wait - 1) * MICROSECONDS - 1)
        assert probe.has_room(now + wait * MICROSECONDS)


@pytest.mark.parametrize("kind", [SlidingWindow, FixedWindow])
def test_a_lower_limit_for_one_question_changes_nothing_for_the_next(kind):
    window = kind(3)
    window.take(0)
    assert not window.has_room(1, calls=1)
    assert window.retry_after_seconds(1, calls=1) > 0
    assert window.has_room(1)


@pytest.mark.parametrize("kind", [SlidingWindow, FixedWindow])
def test_a_limit_of_nothing_admits_nothing_and_says_a_minute_at_most(kind):
    window = kind(0)
    assert not window.has_room(0)
    assert 1 <= window.retry_after_seconds(0) <= 60


@given(gaps)
def test_a_lifted_limit_keeps_few_entries_and_never_forgets_too_early(steps):
    window = SlidingWindow(EXACT_UP_TO_CALLS + 1)
    instants = instants_of(0, [step % 5_000 for step in steps])
    for now in instants:
        window.take(now)
    assert len(window._instants) <= instants[-1] // 10_000 + 2
    assert window.has_room(instants[0] + MINUTE - 1)
    assert window._total == len(instants)


def test_an_instant_before_the_last_one_counts_as_the_last_one():
    window = SlidingWindow(2)
    window.take(MINUTE)
    window.take(0)
    assert not window.has_room(MINUTE + 1)
    assert window.has_room(2 * MINUTE)


def test_the_kind_of_window_is_a_setting():
    assert isinstance(make_window("sliding", 1), SlidingWindow)
    assert isinstance(make_window("fixed", 1), FixedWindow)


@pytest.mark.parametrize(("kind", "free_at"), [("sliding", 2_500_000), ("fixed", 2_000_000)])
def test_a_window_may_be_shorter_than_a_minute(kind, free_at):
    window = make_window(kind, 1, seconds=2)
    assert window.try_take(500_000)
    assert window.retry_after_seconds(500_000) == 2
    assert not window.has_room(free_at - 1)
    assert window.has_room(free_at)


def _copy(window, into) -> None:
    for slot in type(window).__slots__:
        value = getattr(window, slot)
        setattr(into, slot, value.copy() if hasattr(value, "copy") else value)


@given(
    instants=st.lists(st.integers(0, 3 * MINUTE), max_size=40).map(sorted), limit=st.integers(1, 5)
)
@pytest.mark.parametrize("kind", ["sliding", "fixed"])
def test_taking_what_has_room_is_one_act_and_giving_back_undoes_it(kind, instants, limit):
    at_once, in_two_steps = make_window(kind, limit), make_window(kind, limit)
    for number, now in enumerate(instants):
        has_room = in_two_steps.has_room(now)
        assert at_once.try_take(now) == has_room
        if has_room and number % 3:
            in_two_steps.take(now)
        elif has_room:
            at_once.give_back()
        assert at_once.retry_after_seconds(now) == in_two_steps.retry_after_seconds(now)
