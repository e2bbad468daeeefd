"""The open file of an outbox: one connection, its transactions, and values kept by name."""

import contextlib
import sqlite3
from collections.abc import Iterator

from sender.outbox.open_files import OpenFiles

CLOCK = "clock"
"""The value that has what the clock showed when the outbox was last used, in seconds since 1970."""


class Database:
    """What all parts of an outbox share.

    Args:
        connection: the open file.
        files: tells when the file was deleted.
    """

    def __init__(self, connection: sqlite3.Connection, files: OpenFiles) -> None:
        self.connection = connection
        self._files = files

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes made inside together, or none of them.

        Raises:
            sqlite3.OperationalError: the outbox cannot be written, or its file was deleted.
        """
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._files.require()
            self.connection.execute("COMMIT")
        except BaseException:
            # On a full disk SQLite has rolled back itself: another error would hide that one.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def number(self, query: str) -> int:
        """Return the one number that a query has for an answer."""
        return int(self.connection.execute(query).fetchone()[0])

    def value(self, name: str) -> str | None:
        """Return the value with that name, if there is one."""
        query = "SELECT value FROM meta WHERE name = ?"
        row = self.connection.execute(query, (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep_value(self, name: str, value: str) -> None:
        """Store a value under a name."""
        insert = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
        self.connection.execute(insert, (name, value))
