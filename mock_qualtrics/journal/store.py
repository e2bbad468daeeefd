"""Where the journal's rows are kept: SQLite in memory or in a file, or PostgreSQL.

One connection writes, one transaction at a time; a file and PostgreSQL are read over others, memory
over the same one. Nothing here knows what a row means.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.checkpoints import Checkpoints
from mock_qualtrics.journal.owner import Owner
from mock_qualtrics.journal.statements import Hot, compile_hot
from mock_qualtrics.journal.strangers import refuse_strangers_tables
from mock_qualtrics.journal.tables import metadata_for
from mock_qualtrics.settings import Durability

MEMORY = "memory"
_BUSY_MILLISECONDS = 10_000
_CHECKPOINT_PAGES = 4_000  # 16 MB: pages that change again meanwhile are copied once


class Transaction:
    """One transaction of the writing connection."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401  any DB-API cursor
        self._cursor = cursor

    def many(self, statement: Hot, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a hot statement once for each row."""
        if rows:
            self._cursor.executemany(statement.text, rows)


class Store:
    """The database behind the journal.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.
        durability: ``full`` survives power loss too.

    Raises:
        StoreFailedError: it cannot be opened, or another server uses it.
    """

    def __init__(self, url: str, durability: Durability = "process") -> None:
        self.in_memory = url == MEMORY
        self._lock = threading.RLock()
        self._owner = Owner(url)
        try:
            self.engine = _engine(url, durability)
            self._make_ready()
            self._proxied: Any = self.engine.raw_connection()
        except StoreFailedError:
            self._give_up()
            raise
        except (SQLAlchemyError, ImportError, ValueError) as error:
            self._give_up()
            raise StoreFailedError(_reason(error)) from error
        self.dialect_name = self.engine.dialect.name
        self.hot = compile_hot(self.dialect_name)
        self._writer = _driver_of(self._proxied)
        self._cursor: Any = self._writer.cursor()
        self._looking: Any = self._proxied if self.in_memory else self.engine.raw_connection()
        self._looker = _driver_of(self._looking)
        self._look_lock = self._lock if self.in_memory else threading.RLock()
        if self.dialect_name != "sqlite":
            self._looker.autocommit = True
        is_file = self.dialect_name == "sqlite" and not self.in_memory
        self._checkpoints = Checkpoints(self.engine) if is_file else None

    def _make_ready(self) -> None:
        self._owner.hold_schema(self.engine)
        if not self.in_memory:
            refuse_strangers_tables(self.engine)
        metadata_for(self.engine.dialect.name).create_all(self.engine)
        self._owner.keep_private()

    def _give_up(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
        self._owner.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open the one writing transaction; it is durable when the block ends.

        Raises:
            StoreFailedError: the database refused; nothing of the block was written.
        """
        with self._lock:
            try:
                if self.dialect_name == "sqlite":
                    self._cursor.execute("BEGIN IMMEDIATE")
                yield Transaction(self._cursor)
                self._writer.commit()
                if self._checkpoints is not None:
                    self._checkpoints.committed()
            except (self.engine.dialect.loaded_dbapi.Error, OverflowError, UnicodeError) as error:
                self._writer.rollback()
                raise StoreFailedError(str(error)) from error

    def connection(self) -> contextlib.AbstractContextManager[Connection]:
        """Open a connection for reading: it sees one state of the store, to the end.

        Raises:
            StoreFailedError: the database refused.
        """
        return self._begin("BEGIN")

    def changing(self) -> contextlib.AbstractContextManager[Connection]:
        """Open a connection for a rare change; it is committed at the end.

        Raises:
            StoreFailedError: the database refused; nothing was changed.
        """
        return self._begin("BEGIN IMMEDIATE")

    @contextlib.contextmanager
    def _begin(self, how: str) -> Iterator[Connection]:
        guard = self._lock if self.in_memory else contextlib.nullcontext()
        try:
            with guard, self.engine.connect() as connection, _begun(connection, how):
                yield connection
        except SQLAlchemyError as error:
            raise StoreFailedError(_reason(error)) from error

    def get(self, statement: Hot, values: tuple[Any, ...]) -> Any:  # noqa: ANN401  any column
        """Return the first column of the first row that a hot question finds, or None."""
        with self._look_lock:
            row = self._looker.execute(statement.text, values).fetchone()
            return None if row is None else row[0]

    def close(self) -> None:
        """Close every connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        with self._lock:
            self._cursor.close()
            self._proxied.close()
            self._looking.close()
            self.engine.dispose()
            self._owner.close()


def _begun(connection: Connection, how: str) -> RootTransaction:
    return connection.execution_options(begin=how).begin()


def _driver_of(proxied: Any) -> Any:  # noqa: ANN401  a DB-API connection
    return proxied.driver_connection


def _engine(url: str, durability: Durability) -> Engine:
    if url == MEMORY:
        return _with_pragmas(
            create_engine("sqlite://", poolclass=StaticPool, connect_args=_SQLITE), durability
        )
    if (parts := make_url(url)).get_backend_name() == "sqlite":
        if parts.database in (None, "", ":memory:"):
            raise ArgumentError("no path")
        return _with_pragmas(create_engine(url, connect_args=_SQLITE), durability)
    return create_engine(url, pool_pre_ping=True)


_SQLITE = {"isolation_level": None, "check_same_thread": False}


def _with_pragmas(engine: Engine, durability: Durability) -> Engine:
    synchronous = "FULL" if durability == "full" else "NORMAL"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  a DB-API connection
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _reason(error: Exception) -> str:
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "expected memory, sqlite:///PATH or postgresql+psycopg://…"
    return str(getattr(error, "orig", None) or error)
