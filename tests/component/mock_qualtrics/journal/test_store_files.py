"""A store's address and files: what can be opened, whose they are, and who may read them."""

import sqlite3
import stat
from pathlib import Path

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.settings import Settings


def settings(path: Path) -> Settings:
    return Settings(store=f"sqlite:///{path}")


def modes(path: Path) -> dict[str, int]:
    return {
        file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob(f"{path.name}*")
    }


@pytest.mark.parametrize(
    ("table", "columns", "reason"),
    [
        (
            "requests",
            "id INTEGER, url TEXT",
            "table 'requests' is in it: found no column 'accepted'",
        ),
        ("runs", "seq INTEGER, state TEXT", "table 'runs' is in it: found no column 'detail'"),
    ],
)
def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path, table, columns, reason):
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute(f"CREATE TABLE {table} ({columns})")
    theirs.close()
    path.chmod(0o644)
    with pytest.raises(StoreFailedError, match=reason):
        Engine(settings(path))
    with sqlite3.connect(path) as theirs:
        assert theirs.execute("SELECT name FROM sqlite_master").fetchall() == [(table,)]
    theirs.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_database_with_tables_of_other_names_is_shared(tmp_path):
    path = tmp_path / "shared.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE notes (text TEXT)")
    theirs.close()
    with Engine(settings(path)) as engine:
        assert engine.tenants.default.workflows


def test_a_store_that_could_not_be_opened_is_not_held(tmp_path):
    path = tmp_path / "mended.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE runs (x TEXT)")
    with pytest.raises(StoreFailedError):
        Engine(settings(path))
    with theirs:
        theirs.execute("DROP TABLE runs")
    theirs.close()
    with Engine(settings(path)) as engine:
        assert engine.tenants.default.workflows


def test_a_store_whose_lock_cannot_be_held_is_named(tmp_path):
    path = tmp_path / "mock.db"
    (tmp_path / "mock.db.lock").mkdir()
    with pytest.raises(StoreFailedError, match=r"mock\.db\.lock: unable to open"):
        Engine(settings(path))


def test_only_the_owner_may_read_a_store(tmp_path):
    path = tmp_path / "mock.db"
    with Engine(settings(path)):
        assert set(modes(path)) >= {"mock.db", "mock.db-wal", "mock.db-shm", "mock.db.lock"}
        assert set(modes(path).values()) == {0o600}


def test_a_store_that_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "mock.db"
    Engine(settings(path)).close()
    for file in tmp_path.iterdir():
        file.chmod(0o664)
    with Engine(settings(path)):
        assert set(modes(path).values()) == {0o600}


@pytest.mark.parametrize("store", ["mysql://x", "nonsense", "sqlite:///missing/x.db"])
def test_a_store_that_cannot_be_opened_is_named(tmp_path, monkeypatch, store):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreFailedError):
        Engine(Settings(store=store))


def test_what_is_no_store_s_address_is_shown_unless_a_password_may_be_in_it():
    with pytest.raises(StoreFailedError, match=r"found 'foo\.db', expected memory, sqlite"):
        Engine(Settings(store="foo.db"))
    with pytest.raises(StoreFailedError) as refused:
        Engine(Settings(store="dave:PLACEHOLDER@host"))
    assert "PLACEHOLDER" not in str(refused.value)
