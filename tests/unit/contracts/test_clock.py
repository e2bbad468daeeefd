"""The machine's clock, as this package reads it."""

from datetime import UTC

from contracts.clock import RealClock


def test_the_real_clock_shows_the_machines_time_in_utc():
    clock = RealClock()
    before = clock.now()
    assert before.tzinfo is UTC
    assert before <= clock.now()


def test_the_real_clock_never_goes_backwards_and_sleeps_no_negative_time():
    clock = RealClock()
    before = clock.monotonic()
    clock.sleep(-1)
    assert clock.monotonic() >= before
