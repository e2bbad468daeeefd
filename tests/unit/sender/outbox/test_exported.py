"""What was exported is known by digests."""

import pytest

from sender.dataflow.digests import profile_digest
from sender.outbox import Outbox
from sender.outbox.records import LastExport


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


def test_what_was_exported_is_known_by_digests(path):
    one, two = profile_digest("a", "_id:1"), profile_digest("b", "_id:1")
    with Outbox(path) as outbox:
        with outbox.transaction():
            outbox.exported.keep_last_exports({one: LastExport("x", 7)})
        assert outbox.exported.last_exports([one, two]) == {one: LastExport("x", 7)}
        assert outbox.exported.last_exports([]) == {}
