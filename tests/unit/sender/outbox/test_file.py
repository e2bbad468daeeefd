"""Opening an outbox's file: its lock, its mode, and what is refused."""

import contextlib
import errno
import fcntl
import itertools
import os
import sqlite3
import stat
from typing import Never

import pytest

from contracts import file_lock
from sender.errors import ConfigurationError, OutboxInUseError
from sender.outbox import Outbox
from sender.outbox.file import is_in_use
from sender.outbox.records import StoredMessage


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """Tell at once that a lock is held: no test here has another process that lets go of it."""
    monkeypatch.setattr("sender.outbox.file._LOCK_SECONDS", 0.0)


def filled(outbox, count=3):
    run = outbox.runs.begin(1.0, None)
    with outbox.transaction():
        stored = [StoredMessage(1 + n, f"trace-{n}", b"{}") for n in range(count)]
        outbox.messages.add(run.id, stored)
    return run, stored


def test_a_second_export_on_one_outbox_is_told_so(path):
    with Outbox(path), pytest.raises(OutboxInUseError, match="another export is using"):
        Outbox(path)


def test_whether_an_outbox_is_in_use_can_be_told_without_getting_in_the_way(path):
    assert not is_in_use(path)
    with Outbox(path):
        assert is_in_use(path)
    assert not is_in_use(path)
    Outbox(path).close()


def test_a_second_export_by_another_name_of_the_file_is_told_so_too(path, tmp_path):
    link = tmp_path / "link.sqlite"
    link.symlink_to(path)
    with Outbox(path), pytest.raises(OutboxInUseError):
        Outbox(link)


@pytest.mark.parametrize("name", ["absent/o.sqlite", "absent/deeper/o.sqlite"])
def test_a_folder_that_is_missing_is_named(tmp_path, name):
    path = tmp_path / name
    with pytest.raises(ConfigurationError) as raised:
        Outbox(path)
    expected = f"{path}: the outbox cannot be written: {tmp_path / 'absent'}: no such folder"
    assert str(raised.value) == expected
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_and_a_link_to_a_missing_one_are_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"file: no folder, expected one$"):
        Outbox(tmp_path / "file" / "o.sqlite")
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "absent" / "o.sqlite")
    with pytest.raises(ConfigurationError, match=r"absent: no such folder$"):
        Outbox(tmp_path / "link.sqlite")


def test_an_outbox_with_a_second_name_is_refused_and_left_as_it_is(path, tmp_path):
    Outbox(path).close()
    link = tmp_path / "link.sqlite"
    os.link(path, link)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    for name, writable in itertools.product((path, link), (True, False)):
        with pytest.raises(ConfigurationError, match=r"2 names \(hard links\), expected one"):
            Outbox(name, writable=writable)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    link.unlink()
    Outbox(path).close()


def test_a_second_name_made_during_an_export_is_refused(path, tmp_path):
    with Outbox(path) as outbox:
        os.link(path, tmp_path / "link.sqlite")
        with pytest.raises(ConfigurationError, match="2 names"):
            Outbox(tmp_path / "link.sqlite")
        filled(outbox)


def test_a_second_export_is_told_so_where_the_first_one_s_lock_file_is_not_seen(path):
    # As under another mount's name, or when somebody deleted the lock file.
    with Outbox(path):
        path.with_name("o.sqlite.lock").unlink()
        with pytest.raises(OutboxInUseError, match="another export is using"):
            Outbox(path)
    Outbox(path).close()


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOLCK])
def test_where_the_file_itself_has_no_lock_the_lock_file_has(path, monkeypatch, number):
    def refuse(*_: object) -> Never:
        raise OSError(number, "no")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    with Outbox(path), pytest.raises(OutboxInUseError):
        Outbox(path)


def test_a_platform_without_such_locks_has_that_of_the_lock_file(path, monkeypatch):
    monkeypatch.setattr(file_lock, "fcntl", None)
    with Outbox(path), pytest.raises(OutboxInUseError):
        Outbox(path)


def test_a_file_system_without_locks_is_named(path, monkeypatch):
    def refuse(*_: object) -> Never:
        raise OSError(errno.ENOLCK, "No locks available")

    with Outbox(path):  # SQLite tells a file system without locks like one that is locked
        monkeypatch.setattr(fcntl, "lockf", refuse)
        with pytest.raises(ConfigurationError, match="cannot be written: its file system has no"):
            Outbox(path)


@pytest.mark.parametrize("table", ["places (name TEXT)", "meta (name TEXT, value TEXT)"])
def test_another_program_s_file_is_refused_and_left_as_it_is(path, table):
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute(f"CREATE TABLE {table}")
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not an outbox that can be used"):
        Outbox(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_refused_and_nothing_is_written_beside_it(path, make):
    make(path)
    with pytest.raises(ConfigurationError, match="it is no regular file"):
        Outbox(path)
    assert list(path.parent.iterdir()) == [path]


def test_the_lock_ends_with_the_export(path):
    Outbox(path).close()
    Outbox(path).close()


@pytest.mark.parametrize("mode_before", [None, 0o644, 0o666])
@pytest.mark.parametrize("filled_before", [True, False])
def test_only_the_owner_may_read_an_outbox(path, mode_before, filled_before):
    before = os.umask(0)
    try:
        if filled_before:
            Outbox(path).close()
        if mode_before is not None:
            path.touch()
            path.chmod(mode_before)
        with Outbox(path) as outbox:
            filled(outbox)
            Outbox(path, writable=False).close()
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes.keys() >= {path.name + suffix for suffix in ("", ".lock", "-wal", "-shm")}
    assert set(modes.values()) == {0o600}


def test_a_file_that_is_no_outbox_keeps_its_mode(path):
    path.write_bytes(b"no database at all, but long enough to look at")
    path.chmod(0o644)
    with pytest.raises(ConfigurationError):
        Outbox(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("writable", [True, False])
def test_a_file_that_is_no_outbox_is_said_to_be_none(path, writable):
    path.write_bytes(b"no database at all, but long enough to look at")
    with pytest.raises(ConfigurationError, match="not an outbox"):
        Outbox(path, writable=writable)


def test_an_outbox_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be written"):
        Outbox(tmp_path / "none" / "o.sqlite")


@pytest.mark.parametrize("content", [b"", None])
def test_what_an_export_leaves_that_is_killed_at_its_beginning_is_an_empty_outbox(path, content):
    if content is not None:
        path.write_bytes(content)
    else:
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = WAL")
    before = path.read_bytes()
    with Outbox(path, writable=False) as outbox:
        assert outbox.runs.last() is None
        assert outbox.exported.audiences_with_members() == frozenset()
    assert path.read_bytes() == before
    with Outbox(path) as outbox:
        assert outbox.migrated_from is None
        filled(outbox)


def test_a_lock_that_cannot_be_taken_is_not_another_export_s(path, monkeypatch):
    class Full(sqlite3.Connection):
        def execute(self, *statement: object) -> Never:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    connect = sqlite3.connect
    monkeypatch.setattr(
        "sender.outbox.file.sqlite3.connect",
        lambda *args, **how: connect(*args, **how, factory=Full),
    )
    with pytest.raises(ConfigurationError, match="cannot be written: database or disk is full"):
        Outbox(path)
    path.with_name("o.sqlite.lock").touch()
    assert not is_in_use(path)


def test_links_that_lead_in_a_circle_are_one_sentence(path):
    path.symlink_to(path)
    with pytest.raises(ConfigurationError, match="Too many levels of symbolic links"):
        Outbox(path)
