"""An export goes on with an outbox that an older version made."""

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

import pytest

from sender import events
from sender.clock import VirtualClock
from sender.outbox import Outbox
from sender.outbox.migrations import SCHEMA_VERSION

OLDER = Path(__file__).parents[3] / "data" / "older-versions"
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def profile(number: int, first_name: str) -> dict:
    member = {"status": "realized", "lastQualificationTime": "2026-02-01T00:00:00Z"}
    return {
        "_id": f"p{number}",
        "person": {"name": {"firstName": first_name}},
        "identityMap": {"Email": [{"id": f"p{number}@example.com"}]},
        "segmentMembership": {"ups": {"buyers": member}},
    }


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_outbox_of_every_version_is_sent_to_its_end(version, tmp_path, server, exporter, counts):
    path = tmp_path / "o.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / f"outbox-{version}.sql").read_text("utf-8"))
    with Outbox(path, writable=False) as outbox:
        stored = outbox.binding.dataflow()
    heard: list[events.Event] = []
    it = exporter(
        dataflow=stored.with_url(server.url.partition("?")[0] + "?urlTokenId=x"),
        outbox=path,
        clock=VirtualClock(NOW),
        subscribers=[heard.append],
    )
    migrated = [event for event in heard if isinstance(event, events.OutboxMigrated)]
    older = version < SCHEMA_VERSION
    assert migrated == [events.OutboxMigrated(str(path), version, SCHEMA_VERSION)] * older
    report = it.resume()
    assert counts(report) == (4, 1, 1, 0, 0)
    assert report.uncertain_attempts == 2  # one before, and the one in flight
    assert counts(it.replay_failed()) == (5, 1, 0, 0, 0)
    # What was exported is known: only the profile that has changed is sent again.
    report = it.export([profile(1, "N1"), profile(2, "Another")])
    assert counts(report) == (1, 1, 0, 0, 0)
    assert b"Another" in server.seen[-1].body
