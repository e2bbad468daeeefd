"""Who owns a store: one server at a time, for it alone knows the counts and the waiting runs.

A file's lock is a second, empty SQLite file held in a transaction; PostgreSQL's is an advisory one,
held by the connection that writes: who has lost the one cannot write over the other. Both end with
the process that holds them, however that dies. A store in memory is nobody else's.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Connection, delete, func, insert, make_url, select
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.schema import meta

_PRIVATE = 0o600  # the tenants' tokens are in the store
_MADE_HERE = ("", ".lock")  # the others follow SQLite's rule: as the first
_ALL_FILES = ("", "-wal", "-shm", ".lock", ".lock-journal")
_ADVISORY = "mock-qualtrics"
_SIGNATURE = "owner"
_FIRST_HOLD_MILLISECONDS = 2_000  # a killed server's session takes a moment to end
_NEXT_HOLD_MILLISECONDS = 1  # whoever writes waits for this one
_LOCK_NOT_AVAILABLE = "55P03"


class Owner:
    """Holds a store's file for this server until it is closed.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.

    Raises:
        StoreFailedError: another server holds it, or its folder cannot be written to.
    """

    def __init__(self, url: str) -> None:
        self._path = _file(url)
        self._held: sqlite3.Connection | None = None
        self._signature: str | None = None
        if self._path is not None:
            for ending in _MADE_HERE:
                _make_private_file(self._path + ending)
            self._held = _hold(self._path)

    def hold_schema(self, connection: Connection) -> None:
        """Hold a PostgreSQL schema too, as long as the connection lasts.

        Any other store is held already, or needs no holding.

        Raises:
            StoreFailedError: another server holds it, or has used it since it was signed.
            SQLAlchemyError: the database cannot be asked.
        """
        if connection.dialect.name != "postgresql":
            return
        is_first = self._signature is None
        _hold_schema(connection, _FIRST_HOLD_MILLISECONDS if is_first else _NEXT_HOLD_MILLISECONDS)
        if not is_first and self._signature != _signature(connection):
            raise StoreFailedError(f"{_place(connection)}: another server has used it meanwhile")
        connection.commit()

    def sign(self, connection: Connection) -> None:
        """Have a held PostgreSQL schema tell whether another server has used it since.

        Raises:
            SQLAlchemyError: the database refused.
        """
        if connection.dialect.name != "postgresql":
            return
        self._signature = str(int(_signature(connection) or 0) + 1)
        connection.execute(delete(meta).where(meta.c.name == _SIGNATURE))
        connection.execute(insert(meta).values(name=_SIGNATURE, value=self._signature))
        connection.commit()

    def let_schema_go(self, connection: Connection) -> None:
        """Let a held PostgreSQL schema go now, not when the database sees the end."""
        if connection.dialect.name == "postgresql":
            with suppress(SQLAlchemyError):  # the connection is lost, and with it what it held
                connection.execute(select(func.pg_advisory_unlock_all()))

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
        held = sqlite3.connect(
            f"{path}.lock", timeout=0, isolation_level=None, check_same_thread=False
        )
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if held is None:
            raise StoreFailedError(f"{path}.lock: {error}") from error
        held.close()
        busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        why = f"{path}: another server is using it" if busy else f"{path}.lock: {error}"
        raise StoreFailedError(why) from error
    return held


def _hold_schema(connection: Connection, milliseconds: int) -> None:
    name = func.concat(_ADVISORY, " ", func.current_schema())
    connection.execute(select(func.set_config("lock_timeout", str(milliseconds), True)))
    try:
        connection.execute(select(func.pg_advisory_lock(func.hashtextextended(name, 0))))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        connection.rollback()
        raise StoreFailedError(f"{_place(connection)}: another server is using it") from error


def _signature(connection: Connection) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == _SIGNATURE))


def _place(connection: Connection) -> str:
    names = select(func.current_database(), func.current_schema())
    database, schema = connection.execute(names).one()
    return f"database {database}, schema {schema}"
