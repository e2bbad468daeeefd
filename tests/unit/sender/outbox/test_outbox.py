"""An outbox can be read while it is written, and undoes what fails."""

import sqlite3

import pytest

from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import StoredMessage
from support.stored_messages import filled


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


def test_an_outbox_can_be_read_while_it_is_in_use(path):
    with Outbox(path) as outbox:
        run, _ = filled(outbox)
        with Outbox(path, writable=False) as reader:
            assert reader.runs.tally(run.id).states == {sql.PENDING: 3}


def test_a_reader_leaves_nothing_behind_and_takes_nothing_away_while_an_export_goes_on(path):
    def files() -> set[str]:
        return {file.name for file in path.parent.iterdir()}

    with Outbox(path) as outbox:
        run, _ = filled(outbox)
        while_open = files()
        Outbox(path, writable=False).close()
        assert files() == while_open > {path.name}
        with outbox.transaction():
            outbox.messages.activate([1])
        with Outbox(path, writable=False) as reader:
            assert reader.runs.tally(run.id).states == {sql.PENDING: 2, sql.ACTIVATED: 1}
    alone = files()
    with Outbox(path, writable=False) as reader:
        assert reader.runs.tally(run.id).states == {sql.PENDING: 2, sql.ACTIVATED: 1}
    assert files() == alone == {path.name, f"{path.name}.lock"}


def test_a_reader_cannot_write(path):
    Outbox(path).close()
    with Outbox(path, writable=False) as reader, pytest.raises(sqlite3.OperationalError):
        reader.runs.begin(1.0, None)


def test_what_fails_inside_a_transaction_is_undone():
    with Outbox() as outbox:
        run, (message, *_) = filled(outbox)
        with pytest.raises(ZeroDivisionError):
            _activate_and_fail(outbox, message)
        assert outbox.runs.tally(run.id).states == {sql.PENDING: 3}


def _activate_and_fail(outbox: Outbox, message: StoredMessage) -> None:
    with outbox.transaction():
        outbox.messages.activate([message.seq])
        raise ZeroDivisionError
