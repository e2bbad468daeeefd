"""Clocks and instants, to the ends of the calendar."""

import pytest

from mock_qualtrics.clock import (
    LAST_INSTANT,
    RealClock,
    SkippingClock,
    VirtualClock,
    format_instant,
    parse_instant,
    to_microseconds,
)
from mock_qualtrics.errors import ClockGoesBackwardsError, InvalidInstantError


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_an_instant_that_utc_cannot_write_is_refused(text):
    with pytest.raises(InvalidInstantError, match="is no instant"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (parse_instant("0001-01-01T00:00:00Z") - 1, "0001-01-01T00:00:00.000000Z"),
        (LAST_INSTANT + 1, "9999-12-31T23:59:59.999999Z"),
        (1 << 80, "9999-12-31T23:59:59.999999Z"),
        (-(1 << 80), "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_an_instant_outside_the_years_that_can_be_written_is_shown_as_the_nearest(instant, shown):
    assert format_instant(instant) == shown


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"])
def test_the_first_and_the_last_instant_can_be_read_and_written(text):
    assert format_instant(parse_instant(text)) == text
    assert parse_instant(text) <= LAST_INSTANT


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000Z"),
        ("2026-01-01T01:00:00.25+01:00", "2026-01-01T00:00:00.250000Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_shown_in_utc_with_microseconds(text, shown):
    assert format_instant(parse_instant(text)) == shown


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_instant_is_refused_with_an_example(text):
    with pytest.raises(InvalidInstantError, match="2026-01-01T00:00:00Z"):
        parse_instant(text)


def test_a_real_clock_never_goes_backwards_even_when_the_machine_did():
    future = parse_instant("2100-01-01T00:00:00Z")
    clock = RealClock(not_before=future)
    assert future <= clock.now() <= clock.now()


def test_a_virtual_clock_moves_only_when_told_and_never_back():
    clock = VirtualClock(5)
    clock.advance_to(7)
    assert clock.now() == 7
    with pytest.raises(ClockGoesBackwardsError, match="cannot go back"):
        clock.advance_to(6)


def test_seconds_are_rounded_to_microseconds():
    assert to_microseconds(0.2) == 200_000


def test_an_instant_that_no_clock_reaches_is_shown_as_the_last_one():
    assert format_instant(LAST_INSTANT + 1) == "9999-12-31T23:59:59.999999Z"


def test_a_skipping_clock_goes_with_its_base_and_keeps_its_lead():
    base = VirtualClock(1_000)
    clock = SkippingClock(base)
    clock.skip_to(5_000)
    assert (clock.now(), clock.skipped) == (5_000, 4_000)
    base.advance_to(1_500)
    assert clock.now() == 5_500
    clock.skip_to(5_100)  # the past: it never goes back
    assert (clock.now(), clock.skipped) == (5_500, 4_000)


@pytest.mark.parametrize(("not_before", "shown"), [(None, 107), (150, 150), (50, 107), (-9, 107)])
def test_a_skipping_clock_starts_with_its_lead_and_never_before_what_was_journalled(
    not_before, shown
):
    assert SkippingClock(VirtualClock(100), 7, not_before).now() == shown


def test_a_skipping_clock_stops_at_the_last_instant():
    base = VirtualClock(LAST_INSTANT - 10)
    clock = SkippingClock(base, skipped=9)
    base.advance_to(LAST_INSTANT)
    assert clock.now() == LAST_INSTANT
