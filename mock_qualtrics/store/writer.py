"""The only connection that writes a store; on PostgreSQL it also holds the store's lock.

When the database has ended the connection, for example by a restart, the next write opens it again.
The owner then first makes sure that no other server has used the store meanwhile. Nothing here
knows what a row means.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from mock_qualtrics.store.ownership import Owner
from mock_qualtrics.store.statements import Hot


class Transaction:
    """A transaction of the writing connection."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401  any DB-API cursor
        self._cursor = cursor

    def many(self, statement: Hot, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a hot statement once for each row."""
        if rows:
            self._cursor.executemany(statement.text, rows)

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """Undo only what the block wrote when the block fails; parts do not nest."""
        self._cursor.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            # On a full disk SQLite has rolled back all itself: another error would hide that one.
            with contextlib.suppress(Exception):
                self._cursor.execute("ROLLBACK TO SAVEPOINT part")
            raise
        self._cursor.execute("RELEASE SAVEPOINT part")


class Writer:
    """The writing connection, opened at once.

    Args:
        engine: the database.
        owner: locks the store over each connection that is opened here.

    Attributes:
        lock: held while writing.

    Raises:
        StoreFailedError: another server uses the store.
        SQLAlchemyError: the database cannot be opened.
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
        """Return the connection, reopened if it was lost; hold the lock while calling it.

        Raises:
            StoreFailedError: another server uses the store, or has used it meanwhile.
            SQLAlchemyError: the database cannot be opened.
        """
        if self._open is None:
            # IMMEDIATE takes SQLite's write lock at once: a later upgrade could fail as busy.
            opened = self._engine.connect().execution_options(begin="BEGIN IMMEDIATE")
            try:
                self._owner.hold_schema(opened)
            except BaseException:
                # The lock may have been taken before the failure, for example of the signature.
                self._owner.let_schema_go(opened)
                discard(opened)
                raise
            self._open = opened
            self.cursor = opened.connection.cursor()
        return self._open

    @contextlib.contextmanager
    def hot(self) -> Iterator[Transaction]:
        """Open a transaction of hot statements; it is durable when the block ends.

        Raises:
            StoreFailedError: another server uses the store, or has used it meanwhile.
            SQLAlchemyError: the connection cannot be reopened.
            Exception: an error of the driver; nothing of the block was written. Only when the
                connection was lost during the commit is it unknown whether it was.
        """
        with self.lock:
            driver = self.connection().connection
            try:
                if self._is_sqlite:
                    self.cursor.execute("BEGIN IMMEDIATE")
                yield Transaction(self.cursor)
                driver.commit()
            except BaseException:
                self._roll_back()
                raise

    @contextlib.contextmanager
    def rare(self) -> Iterator[Connection]:
        """Open a transaction for any statements; it is committed when the block ends.

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

    def used_bytes(self) -> int:
        """Return the bytes of a SQLite database, without pages that are free again."""
        names = ("page_count", "freelist_count", "page_size")
        with self.lock:
            self.connection()
            pages, free, page_bytes = (self._pragma(name) for name in names)
        return (pages - free) * page_bytes

    def _pragma(self, name: str) -> int:
        return int(self.cursor.execute(f"PRAGMA {name}").fetchone()[0])

    def close(self) -> None:
        """Close the connection and release its locks. Calling it again does nothing."""
        with self.lock:
            if self._open is not None and self._is_sqlite:
                # Interrupted at work, SQLAlchemy has closed the connection by itself.
                with contextlib.suppress(self._engine.dialect.loaded_dbapi.Error):
                    self.cursor.close()
                self._open.close()
            elif self._open is not None:
                self._owner.let_schema_go(self._open)
            self._lose()

    def _roll_back(self) -> None:
        if self._open is None:
            return
        try:
            self._open.connection.rollback()
        except self._engine.dialect.loaded_dbapi.Error:
            self._lose()

    def _lose(self) -> None:
        # Never SQLite's: it cannot be lost, and a store in memory would be deleted with it.
        if self._open is not None and not self._is_sqlite:
            lost, self._open = self._open, None
            discard(lost)


def discard(connection: Connection) -> None:
    """Close a connection instead of returning it to the pool: its session may hold a lock."""
    connection.invalidate()
    connection.close()
