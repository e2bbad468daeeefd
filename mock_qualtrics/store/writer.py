"""The one connection that writes a store, and that holds PostgreSQL's for this server.

When the database has ended it (a restart, say), whoever writes next opens it again, once the owner
has made sure that no other server has used the store meanwhile. Nothing here knows what a row
means.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from mock_qualtrics.store.ownership import Owner
from mock_qualtrics.store.statements import Hot


class Transaction:
    """One transaction of the writing connection."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401  any DB-API cursor
        self._cursor = cursor

    def many(self, statement: Hot, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a hot statement once for each row."""
        if rows:
            self._cursor.executemany(statement.text, rows)


class Writer:
    """The connection, open from the start.

    Args:
        engine: the database.
        owner: holds the store over each connection that is opened here.

    Attributes:
        lock: held by whoever writes.

    Raises:
        StoreFailedError: another server uses the store.
        SQLAlchemyError: it cannot be opened.
    """

    def __init__(self, engine: Engine, owner: Owner) -> None:
        self.lock = threading.RLock()
        self.cursor: Any = None
        self._engine = engine
        self._owner = owner
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._open: Connection | None = None
        self.connection()

    def connection(self) -> Connection:
        """Return the connection, opened again when it was lost; under the lock.

        Raises:
            StoreFailedError: another server uses the store, or has used it meanwhile.
            SQLAlchemyError: it cannot be opened.
        """
        if self._open is None:
            opened = self._engine.connect().execution_options(begin="BEGIN IMMEDIATE")
            try:
                self._owner.hold_schema(opened)
            except BaseException:
                self._owner.let_schema_go(opened)  # whoever may not write may hold it all the same
                end_for_good(opened)
                raise
            self._open = opened
            self.cursor = opened.connection.cursor()
        return self._open

    @contextlib.contextmanager
    def hot(self) -> Iterator[Transaction]:
        """Open a transaction of hot statements; it is durable when the block ends.

        Raises:
            StoreFailedError: another server uses the store, or has used it meanwhile.
            SQLAlchemyError: the connection cannot be opened again.
            Exception: the driver's own; nothing of the block was written, or, when the connection
                was lost in the very last moment, nobody knows.
        """
        with self.lock:
            driver = self.connection().connection
            try:
                if self._is_sqlite:
                    self.cursor.execute("BEGIN IMMEDIATE")
                yield Transaction(self.cursor)
                driver.commit()
            except BaseException:
                self._undo()
                raise

    @contextlib.contextmanager
    def rare(self) -> Iterator[Connection]:
        """Open a transaction of any statements; it is committed when the block ends.

        Raises:
            StoreFailedError: another server uses the store, or has used it meanwhile.
            SQLAlchemyError: the database refused; nothing was changed.
        """
        with self.lock:
            connection = self.connection()
            try:
                with connection.begin():
                    yield connection
            finally:
                if connection.invalidated:
                    self._lose()

    def close(self) -> None:
        """End the connection, and with it what it holds; again is harmless."""
        with self.lock:
            if self._open is not None and self._is_sqlite:
                self.cursor.close()
                self._open.close()
            elif self._open is not None:
                self._owner.let_schema_go(self._open)
            self._lose()

    def _undo(self) -> None:
        if self._open is None:
            return
        try:
            self._open.connection.rollback()
        except self._engine.dialect.loaded_dbapi.Error:
            self._lose()

    def _lose(self) -> None:
        if self._open is not None and not self._is_sqlite:  # memory would be lost with all it holds
            lost, self._open = self._open, None
            end_for_good(lost)


def end_for_good(connection: Connection) -> None:
    """End a connection instead of keeping it for others: its session may hold a lock."""
    connection.invalidate()
    connection.close()
