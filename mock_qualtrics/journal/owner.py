"""Who owns a store: one server at a time, for it alone knows the counts and the waiting runs.

A file's lock is a second, empty SQLite file held in a transaction; PostgreSQL's is an advisory one,
held by a connection of its own. Both end with the process that holds them, however that dies. A
store in memory is nobody else's.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, func, make_url, select
from sqlalchemy.exc import ArgumentError

from mock_qualtrics.errors import StoreFailedError

_PRIVATE = 0o600  # the tenants' tokens are in the store
_MADE_HERE = ("", ".lock")  # the others follow SQLite's rule: as the first
_ALL_FILES = ("", "-wal", "-shm", ".lock", ".lock-journal")
_ADVISORY = "mock-qualtrics"


class Owner:
    """Holds a store's file for this server until it is closed.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.

    Raises:
        StoreFailedError: another server holds it, or its folder cannot be written to.
    """

    def __init__(self, url: str) -> None:
        self._path = _file(url)
        self._held: sqlite3.Connection | Connection | None = None
        if self._path is not None:
            for ending in _MADE_HERE:
                _make_private_file(self._path + ending)
            self._held = _hold(self._path)

    def hold_schema(self, engine: Engine) -> None:
        """Hold a PostgreSQL schema too; any other store is held already, or needs no holding.

        Raises:
            StoreFailedError: another server holds it.
            SQLAlchemyError: the database cannot be asked.
        """
        if engine.dialect.name == "postgresql":
            self._held = _hold_schema(engine)

    def keep_private(self) -> None:
        """Let nobody but the owner read the store's files (mode 0600), as far as we may say so."""
        for ending in _ALL_FILES if self._path is not None else ():
            with suppress(OSError):  # not there, or another user's
                Path(f"{self._path}{ending}").chmod(_PRIVATE)

    def close(self) -> None:
        """Let go; again is harmless."""
        if self._held is not None:
            self._held.close()


def _file(url: str) -> str | None:
    try:
        parts: URL = make_url(url)
    except ArgumentError:
        return None  # the store says what is wrong with it
    named = parts.database not in (None, "", ":memory:")
    return parts.database if named and parts.get_backend_name() == "sqlite" else None


def _make_private_file(path: str) -> None:
    with suppress(OSError):  # SQLite says what is wrong, or it is there
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))


def _hold(path: str) -> sqlite3.Connection:
    held = None
    try:
        held = sqlite3.connect(f"{path}.lock", 0, isolation_level=None, check_same_thread=False)
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if held is None:
            raise StoreFailedError(f"{path}.lock: {error}") from error
        held.close()
        busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        why = f"{path}: another server is using it" if busy else f"{path}.lock: {error}"
        raise StoreFailedError(why) from error
    return held


def _hold_schema(engine: Engine) -> Connection:
    held = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    held.detach()  # closing it ends its session, and with that the lock
    name = func.concat(_ADVISORY, " ", func.current_schema())
    try:
        if held.scalar(select(func.pg_try_advisory_lock(func.hashtextextended(name, 0)))):
            return held
        database, schema = held.execute(
            select(func.current_database(), func.current_schema())
        ).one()
    except BaseException:
        held.close()
        raise
    held.close()
    raise StoreFailedError(f"database {database}, schema {schema}: another server is using it")
