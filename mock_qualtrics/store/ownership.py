"""Let only one server use a store: the counts and the waiting runs live in that server's memory.

A file is locked by a transaction on a second, empty SQLite file beside it, whatever link it was
opened by, and by a lock on the file itself (`contracts.file_lock`). PostgreSQL is locked by an
advisory lock on the connection that writes, so a server that loses its lock cannot write either.
Both locks end with the process, even when it is killed. A store in memory needs no lock.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from contracts.file_lock import has_locks, lock_file, names_of
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.address import read_address
from mock_qualtrics.store.schema import meta

_PRIVATE = 0o600  # the tenants' tokens are in the store
_MADE_HERE = ("", ".lock")  # SQLite gives the others the mode of the first
_ALL_FILES = ("", "-wal", "-shm", ".lock", ".lock-journal")
_ADVISORY = "mock-qualtrics"
_SIGNATURE = "owner"
_FIRST_HOLD_MILLISECONDS = 2_000  # the session of a killed server takes a moment to end
_NEXT_HOLD_MILLISECONDS = 1  # short, because callers wait for this one
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's SQLSTATE for an expired lock_timeout


class Owner:
    """The lock on a store; a file is locked until `close`.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.

    Raises:
        StoreFailedError: another server holds the lock, the folder cannot be written to, or the
            URL is no address of a store.

    Attributes:
        path: of a store in a file, without links; None for others.
    """

    def __init__(self, url: str) -> None:
        self.path = _file(url)
        self._held: sqlite3.Connection | None = None
        self._file_lock: int | None = None
        self._signature: str | None = None
        if self.path is not None:
            self._hold_file(self.path)

    def _hold_file(self, path: str) -> None:
        _refuse_second_name(path)
        for ending in _MADE_HERE:
            _make_private_file(path + ending)
        self._held = _hold(path)
        try:
            self._file_lock = lock_file(path)
        except BlockingIOError as error:
            self.close()
            raise StoreFailedError(_in_use(path)) from error

    def hold_schema(self, connection: Connection) -> None:
        """Lock a PostgreSQL schema for as long as the connection lasts.

        Does nothing for other stores: a file is locked already, and memory needs no lock.

        Raises:
            StoreFailedError: another server holds the lock, or has used the schema since `sign`.
            SQLAlchemyError: the database cannot be read.
        """
        if connection.dialect.name != "postgresql":
            return
        is_first = self._signature is None
        _hold_schema(connection, _FIRST_HOLD_MILLISECONDS if is_first else _NEXT_HOLD_MILLISECONDS)
        # The lock was free while the connection was lost: another server may have come and gone.
        if not is_first and self._signature != _signature(connection):
            raise StoreFailedError(f"{_place(connection)}: another server has used it meanwhile")
        connection.commit()

    def sign(self, connection: Connection) -> None:
        """Write a new signature, by which `hold_schema` notices that another server was here.

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
        """Release the lock on a PostgreSQL schema at once, before the session ends."""
        if connection.dialect.name == "postgresql":
            with suppress(SQLAlchemyError):  # the connection is lost, and its locks with it
                connection.execute(select(func.pg_advisory_unlock_all()))

    def place(self, connection: Connection) -> str:
        """Return where the store is, in words for people.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        if self.path is not None:
            return self.path
        return _place(connection) if connection.dialect.name == "postgresql" else "memory"

    def keep_private(self) -> None:
        """Give the store's files mode 0600, where the file system permits it."""
        for ending in _ALL_FILES if self.path is not None else ():
            with suppress(OSError):  # the file is missing, or belongs to another user
                Path(f"{self.path}{ending}").chmod(_PRIVATE)

    def close(self) -> None:
        """Release the locks on a file, after its connections. Calling it again does nothing."""
        if self._file_lock is not None:
            os.close(self._file_lock)
            self._file_lock = None
        if self._held is not None:
            self._held.close()


def _file(url: str) -> str | None:
    parts = read_address(url)
    if parts is None or parts.database is None or parts.get_backend_name() != "sqlite":
        return None
    # By every link to a file its lock and SQLite's own files are those beside the real name.
    return os.path.realpath(parts.database)


def _refuse_second_name(path: str) -> None:
    if (names := names_of(Path(path))) > 1:
        raise StoreFailedError(
            f"{path}: found a file with {names} names (hard links), expected one: by each name "
            "SQLite has another journal, so that calls would be lost; copy the file instead"
        )


def _in_use(path: str) -> str:
    return f"{path}: another server is using it"


def _make_private_file(path: str) -> None:
    # Created here with mode 0600, because SQLite would create it readable for others.
    with suppress(OSError):  # it exists, or SQLite reports what is wrong
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
        raise StoreFailedError(_why_not_held(path, error)) from error
    return held


def _why_not_held(path: str, error: sqlite3.Error) -> str:
    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
        return f"{path}.lock: {error}"
    if has_locks(Path(path).parent):
        return _in_use(path)
    return f"{path}: found a file system without locks, expected a store on a local disk"


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
