"""Pauses of both clocks."""

import datetime as dt

from sender.clock import RealClock, VirtualClock

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_pause_of_the_real_clock_ends_in_time_or_when_told():
    clock = RealClock()
    began = clock.monotonic()
    clock.pause(0.01, lambda: False)
    assert clock.monotonic() - began >= 0.01
    clock.pause(1e9, lambda: True)
    clock.sleep(0.0)
    assert clock.now().tzinfo is not None


def test_a_pause_of_the_virtual_clock_takes_no_time():
    clock = VirtualClock(START)
    clock.pause(3600, lambda: False)
    clock.pause(3600, lambda: True)
    assert clock.now() == START + dt.timedelta(hours=1)
