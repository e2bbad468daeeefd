import datetime as dt
import math

import pytest

from contracts.conformance.scenario_clock import OutOfTimeError, ScenarioClock

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def moved() -> list[float]:
    return []


@pytest.fixture
def clock(moved) -> ScenarioClock:
    return ScenarioClock(START, moved.append)


def test_a_sleep_moves_the_tenants_clock_and_all_that_reads_it(clock, moved):
    clock.sleep(15)
    clock.sleep(0.25)
    assert moved == [15, 0.25]
    assert clock.monotonic() == 15.25
    assert clock.now() == START + dt.timedelta(seconds=15.25)


def test_no_time_passes_in_a_sleep_of_nothing(clock, moved):
    clock.sleep(0)
    assert moved == []


@pytest.mark.parametrize("seconds", [-1, -0.001, math.nan, math.inf])
def test_a_sleep_takes_a_finite_number_from_0(clock, moved, seconds):
    with pytest.raises(ValueError, match="finite number from 0"):
        clock.sleep(seconds)
    assert moved == []


def test_time_that_another_thread_let_pass_in_between_counts(moved):
    def meanwhile(seconds: float) -> None:
        moved.append(seconds)

    clock = ScenarioClock(START, meanwhile)
    lock, clock._lock = clock._lock, Meanwhile(clock)
    clock.sleep(10)
    clock._lock = lock
    assert moved == [4]
    assert clock.monotonic() == 10


class Meanwhile:
    """A lock for which another thread, that has slept for 6 seconds, had to be waited for."""

    def __init__(self, clock: ScenarioClock) -> None:
        self._clock = clock

    def __enter__(self) -> None:
        self._clock.slept_seconds += 6

    def __exit__(self, *_: object) -> None: ...


def test_48_hours_may_be_slept_and_no_more(clock):
    clock.sleep(48 * 3_600)
    assert not clock.is_over
    with pytest.raises(OutOfTimeError):
        clock.sleep(0.001)
    assert clock.is_over


def test_no_retry_of_a_connector_catches_that_its_time_is_up():
    assert not issubclass(OutOfTimeError, Exception)
