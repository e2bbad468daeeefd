"""Positions as texts, and what is new between two of them."""

import pytest

from mock_qualtrics.web.changes.positions import Position, concerns

DIGEST = "0123456789abcdef"
POSITION = Position(1, 12, 10, 3, DIGEST)


def test_a_position_is_a_text_and_is_read_from_it():
    assert str(POSITION) == "1-12-10-3-0123456789abcdef"
    assert Position.read(str(POSITION)) == POSITION


@pytest.mark.parametrize(
    "text", ["", "1-2", f"1-2-3-{DIGEST}", f"-1-2-3-4-{DIGEST}", "9" * 5000, "é"]
)
def test_what_is_no_position_is_an_unknown_one(text):
    assert Position.read(text) is None


def test_what_is_new_is_counted():
    earlier = Position(1, 10, 9, 3, DIGEST)
    assert POSITION.since(earlier) == {"calls": 2, "runs": 1, "unattributedCalls": 0}


@pytest.mark.parametrize(
    "earlier",
    [None, POSITION._replace(resets=0), POSITION._replace(calls=13)],
    ids=["unknown", "before a reset", "of another store"],
)
def test_where_nobody_knows_what_is_new_nothing_is_said_of_it(earlier):
    assert POSITION.since(earlier) is None


def test_a_change_concerns_its_tenant_and_one_of_calls_that_name_none_concerns_all():
    assert concerns(7, {6, 7})
    assert not concerns(7, {6})
    assert concerns(7, {0})
