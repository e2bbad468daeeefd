"""A store whose connections the caller opens, and which starts no thread."""

import dataclasses
import sqlite3
import threading

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal import Store, StoreParts
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.checkpoints import EVERY_COMMITS


def write(store):
    with store.writing():
        pass


def test_a_store_opens_its_connections_as_it_is_told(tmp_path):
    statements = []

    def connect(*given: object, **options: object) -> sqlite3.Connection:
        connection = sqlite3.connect(*given, **options)
        connection.set_trace_callback(statements.append)
        return connection

    for url in ("memory", f"sqlite:///{tmp_path}/a.db"):
        statements.clear()
        store = Store(url, parts=StoreParts(connect=connect))
        write(store)
        store.close()
        assert statements[-1] == "COMMIT" or "COMMIT" in statements


def test_a_store_checkpoints_on_a_thread_unless_it_is_told_not_to(tmp_path):
    for apart in (True, False):
        store = Store(f"sqlite:///{tmp_path}/{apart}.db", parts=StoreParts(checkpoints_apart=apart))
        for _ in range(EVERY_COMMITS):
            write(store)
        names = {thread.name for thread in threading.enumerate()}
        store.close()
        assert ("checkpoints" in names) is apart


def fail_in_a_part(store):
    with store.writing() as transaction, transaction.part():
        transaction._cursor.execute("ROLLBACK")  # as SQLite does
        raise sqlite3.OperationalError("database or disk is full")


def test_a_part_that_fails_on_a_full_disk_says_so_although_sqlite_has_rolled_back_all(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(StoreFailedError, match="is full"):
        fail_in_a_part(store)
    write(store)
    store.close()


def test_an_engine_that_cannot_start_lets_go_of_its_store(tmp_path):
    allowed = [True]  # the tables are made, or found, in the first transaction

    class Refusing(sqlite3.Connection):
        def commit(self) -> None:
            if self.in_transaction and not allowed:
                raise sqlite3.OperationalError("database or disk is full")
            if self.in_transaction:
                allowed.pop()
            super().commit()

    def connect(*given: object, **options: object) -> sqlite3.Connection:
        return sqlite3.connect(*given, **options, factory=Refusing)

    settings, parts = Settings(store=f"sqlite:///{tmp_path}/a.db"), StoreParts(connect=connect)
    Engine(settings).close()
    settings = dataclasses.replace(settings, seed=7)
    with sqlite3.connect(tmp_path / "a.db") as stored:
        stored.execute("DELETE FROM meta WHERE name = 'seed'")  # so that the start stores it
    stored.close()
    with pytest.raises(StoreFailedError, match="is full") as kept:
        Engine(settings, store_parts=parts)
    allowed.extend([True] * 1_000)
    Engine(settings, store_parts=parts).close()
    assert kept.value is not None
