"""Clocks, instants and ids."""

import pytest

from mock_qualtrics import ids
from mock_qualtrics.clock import (
    RealClock,
    VirtualClock,
    format_instant,
    parse_instant,
    to_microseconds,
)
from mock_qualtrics.errors import ClockGoesBackwardsError, InvalidInstantError


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


def test_ids_have_the_observed_shapes_Q_ID_1():  # noqa: N802  a fact's id
    key = ids.seed_key(7)
    assert len(ids.qualtrics_id(key, "WF", 1)) == len("WF_") + 15
    token = ids.api_token(key, 1)
    assert len(token) == 40
    assert token.isalnum()


def test_ids_differ_by_seed_tenant_kind_and_counter():
    one, other = ids.seed_key(1), ids.seed_key(2)
    made = {
        ids.digest(one, 1, "a", 1),
        ids.digest(other, 1, "a", 1),
        ids.digest(one, 2, "a", 1),
        ids.digest(one, 1, "b", 1),
        ids.digest(one, 1, "a", 2),
    }
    assert len(made) == 5


def test_a_run_id_tells_its_row_and_nothing_else_does():
    key = ids.seed_key(0)
    assert ids.run_sequence(ids.run_id(key, 1 << 40 | 8)) == 1 << 40 | 8
    for text in ("", "RUN_1", "WF_" + "0" * 21, "RUN_" + "z" * 20, "RUN_0000ffffffffffffffff"):
        assert ids.run_sequence(text) is None


def test_chance_is_a_fraction_that_is_always_the_same():
    key = ids.seed_key(3)
    drawn = [ids.fraction(key, "delay", counter) for counter in range(1000)]
    assert drawn == [ids.fraction(key, "delay", counter) for counter in range(1000)]
    assert all(0 <= one < 1 for one in drawn)
    assert 0.45 < sum(drawn) / len(drawn) < 0.55
