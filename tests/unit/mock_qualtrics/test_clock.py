"""Instants at the ends of the calendar, and chance at the ends of its range."""

import pytest

from mock_qualtrics import ids
from mock_qualtrics.clock import LAST_INSTANT, format_instant, parse_instant
from mock_qualtrics.errors import InvalidInstantError
from mock_qualtrics.tenants.delays import delay_from


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_an_instant_that_utc_cannot_write_is_refused(text):
    with pytest.raises(InvalidInstantError, match="is no instant"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"])
def test_the_first_and_the_last_instant_can_be_read_and_written(text):
    assert format_instant(parse_instant(text)) == text
    assert parse_instant(text) <= LAST_INSTANT


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_chance_never_reaches_one_whatever_the_digest_is(monkeypatch, byte):
    monkeypatch.setattr(ids, "digest", lambda *_: byte * 16)
    chance = ids.fraction(b"", "delay", 0)
    assert 0 <= chance < 1
    measured = delay_from({"kind": "measured", "seconds": [1, 2, 3]})
    assert measured.seconds(chance) in (1, 3)
    lognormal = delay_from({"kind": "lognormal", "medianSeconds": 2, "p95Seconds": 6})
    assert 0 < lognormal.seconds(chance) < 1_000


@pytest.mark.parametrize(
    "text",
    [
        "RUN_" + "0" * 19,
        "RUN_" + "0" * 21,
        "SV__" + "0" * 20,
        "RUN_0000" + "A" * 16,
        "RUN_0000" + "+" + "0" * 15,
        "RUN_0000" + "0000_0000_0000_0",
        "RUN_0000" + " " * 15 + "1",
        "RUN_0000" + "\u0660" * 16,
        "RUN_0000" + "8" + "0" * 15,
    ],
)
def test_what_only_looks_like_a_run_id_is_none(text):
    assert ids.run_sequence(text) is None
