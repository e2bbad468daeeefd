"""What an event stream says."""

import json

from mock_qualtrics.web.changes import messages
from mock_qualtrics.web.changes.positions import Position, Standing

HERE = Standing(Position(0, 2, 2, 0, "0123456789abcdef"), {"received": 2})
BEFORE = str(Position(0, 1, 1, 0, "fedcba9876543210"))


def fields(message: bytes) -> dict[str, str]:
    assert message.endswith(b"\n\n")
    return dict(line.split(": ", 1) for line in message.decode().splitlines() if line)


def test_a_change_has_the_position_as_its_id_and_the_totals_there():
    said = fields(messages.news(HERE, BEFORE))
    assert (said["event"], said["id"]) == ("change", str(HERE.position))
    new = {"calls": 1, "runs": 1, "unattributedCalls": 0}
    assert json.loads(said["data"]) == {"totals": {"received": 2}, "new": new}


def test_to_a_caller_that_knows_no_position_everything_is_new():
    assert json.loads(fields(messages.news(HERE, "any text\nid: 7"))["data"])["new"] is None


def test_who_knows_the_position_is_told_nothing():
    assert messages.news(HERE, str(HERE.position)) is None


def test_a_deleted_tenant_is_gone():
    assert fields(messages.news(None, BEFORE)) == {"event": "gone", "data": "{}"}
