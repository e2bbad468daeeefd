"""An outbox that the caller opened, over a connection of its own, with a disk that may be full."""

import sqlite3

import pytest

from sender import Dataflow, Exporter
from sender.clock import VirtualClock
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.transport.base import Completed
from sender.transport.outcomes import Answered

FLOW = {
    "name": "Survey",
    "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
    "username": "dave#brand",
    "identities": [{"source": "Email", "target": "email"}],
}
PEOPLE = [{"_id": str(n), "identityMap": {"Email": [{"id": f"p{n}@e.example"}]}} for n in range(3)]


class Accepting:
    """A transport to a destination that accepts every message at once."""

    slots = 4

    def __init__(self) -> None:
        self.sent = []

    def submit(self, message):
        self.sent.append(message)

    def completed(self, timeout_seconds):
        ended, self.sent = self.sent, []
        return [Completed(message, Answered(202), 0.0) for message in ended]

    def close(self):
        self.sent.clear()


def exporter(outbox, transport=None):
    dataflow = Dataflow.from_mapping(FLOW)
    clock, transport = VirtualClock(), transport or Accepting()
    return Exporter(dataflow, token="T", outbox=outbox, transport=transport, clock=clock)


def test_the_exporter_uses_an_opened_outbox_and_closes_it(tmp_path):
    path, statements = tmp_path / "a.sqlite", []

    def connect(*given: object, **options: object) -> sqlite3.Connection:
        connection = sqlite3.connect(*given, **options)
        connection.set_trace_callback(statements.append)
        return connection

    with exporter(Outbox(path, connect=connect)) as opened:
        assert opened.export(PEOPLE).activated == 3
    assert "COMMIT" in statements
    with exporter(path) as again:  # the lock is free
        assert again.report().activated == 3


@pytest.mark.parametrize("room", [0, 1])
def test_a_full_disk_is_named_although_sqlite_has_rolled_back_itself(tmp_path, room):
    outbox = Outbox(tmp_path / "a.sqlite")
    with exporter(outbox) as opened:
        connection = outbox._database.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + room}")
        many = [dict(person, _id=f"{n}{person['_id']}") for n in range(80) for person in PEOPLE]
        with pytest.raises(sqlite3.OperationalError, match="full"):
            opened.export(many)
        connection.execute("PRAGMA max_page_count = 1000000")
        assert opened.export(many).activated == 240


def test_an_outbox_is_opened_by_its_name_too(tmp_path):
    with exporter(Outbox(str(tmp_path / "a.sqlite"))) as opened:
        assert opened.export(PEOPLE).activated == 3
    assert (tmp_path / "a.sqlite").exists()


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("closed", "one that is closed"),
        ("reading", "one that was opened for reading"),
        ("taken", "one that another exporter has"),
    ],
)
def test_an_outbox_that_cannot_be_sent_from_is_refused_and_stays_as_it_is(tmp_path, made, found):
    Outbox(tmp_path / "a.sqlite").close()
    outbox = Outbox(tmp_path / "a.sqlite", writable=made != "reading")
    if made == "closed":
        outbox.close()
    first = exporter(outbox) if made == "taken" else None
    with pytest.raises(ConfigurationError, match=f"outbox: found {found}, expected one that is"):
        exporter(outbox)
    if first is not None:
        assert first.export(PEOPLE).activated == 3
        first.close()
    outbox.close()
