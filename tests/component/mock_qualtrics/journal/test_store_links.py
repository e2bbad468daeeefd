"""One server owns a store, by whatever name it is opened."""

import errno
import fcntl
import os
from pathlib import Path
from typing import Never

import pytest

from contracts import file_lock
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.settings import Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mock.db"


def engine(path: Path | str) -> Engine:
    return Engine(Settings(store=f"sqlite:///{path}"))


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_second_server_through_a_symbolic_link_is_refused(path, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    link, folder = tmp_path / "elsewhere" / "link.db", tmp_path / "folder"
    link.symlink_to(path)
    folder.symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    names = (path, link, folder / "mock.db", "mock.db", "elsewhere/../mock.db")
    with engine(link):  # the link is there before the file
        for name in names:
            with pytest.raises(StoreFailedError, match=r"mock\.db: another server is using it"):
                engine(name)
    assert files(link.parent) == {"link.db"}
    for name in names:
        engine(name).close()


def test_a_store_with_a_second_name_is_refused_and_left_as_it_is(path, tmp_path):
    engine(path).close()
    link = tmp_path / "link.db"
    os.link(path, link)
    before, content = files(tmp_path), path.read_bytes()
    for name in (path, link):
        with pytest.raises(StoreFailedError, match=r"2 names \(hard links\), expected one"):
            engine(name)
    assert (files(tmp_path), path.read_bytes()) == (before, content)
    link.unlink()
    engine(path).close()


def test_a_second_name_made_while_a_server_runs_is_refused(path, tmp_path):
    with engine(path) as running:
        link = tmp_path / "link.db"
        os.link(path, link)
        with pytest.raises(StoreFailedError, match="2 names"):
            engine(link)
        link.unlink()
        assert running.journal.totals(1)["received"] == 0


def test_a_second_server_is_refused_where_the_first_one_s_lock_file_is_not_seen(path):
    # As under another mount's name, or when somebody deleted the lock file.
    with engine(path):
        Path(f"{path}.lock").unlink()
        with pytest.raises(StoreFailedError, match=r"mock\.db: another server is using it"):
            engine(path)
    engine(path).close()


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOLCK])
def test_a_file_system_with_no_lock_on_the_file_itself_has_that_of_the_lock_file(
    path, monkeypatch, number
):
    def refuse(*_: object) -> Never:
        raise OSError(number, "no")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    with engine(path), pytest.raises(StoreFailedError, match="another server is using it"):
        engine(path)


def test_a_platform_without_such_locks_has_that_of_the_lock_file(path, monkeypatch):
    monkeypatch.setattr(file_lock, "fcntl", None)
    with engine(path), pytest.raises(StoreFailedError, match="another server is using it"):
        engine(path)


def test_a_file_system_without_locks_is_named(path, monkeypatch):
    def refuse(*_: object) -> Never:
        raise OSError(errno.ENOLCK, "No locks available")

    with engine(path):  # SQLite tells a file system without locks like one that is locked
        monkeypatch.setattr(fcntl, "lockf", refuse)
        with pytest.raises(StoreFailedError, match=r"mock\.db: found a file system without locks"):
            engine(path)


def test_a_store_named_as_a_uri_is_refused(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    for name in ("file:mock.db?uri=true", f"file:{path}?uri=true"):
        with pytest.raises(StoreFailedError, match="expected memory, sqlite:///PATH"):
            engine(name)
    assert files(path.parent) == set()


def test_a_link_that_is_turned_to_another_store_changes_nothing_under_a_running_server(
    rehearse, tmp_path
):
    link, other = tmp_path / "link.db", tmp_path / "other.db"
    engine(other).close()
    link.symlink_to(tmp_path / "mock.db")
    rehearsal = rehearse(store=f"sqlite:///{link}")
    rehearsal.send()
    link.unlink()
    link.symlink_to(other)
    rehearsal.engine._store.engine.dispose()  # the next reader opens a new connection
    assert len(rehearsal.requests()) == 1
    assert rehearsal.send().status == 202
