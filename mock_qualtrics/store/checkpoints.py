"""Checkpoint SQLite's write-ahead log on a background thread.

SQLite itself checkpoints inside a commit once its log is long. The committing thread then waits for
the disk, and with one event loop all callers wait too. Frequent checkpoints in the background leave
little work for such a commit.
"""

import contextlib
import sqlite3
import threading
from typing import Final

from sqlalchemy import Engine

EVERY_COMMITS: Final = 64


class Checkpoints:
    """Count commits, and checkpoint after every ``EVERY_COMMITS`` of them.

    Args:
        engine: the engine of a SQLite file; the thread opens its own connection.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._due = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """Count one commit; returns at once."""
        self._commits += 1
        if self._commits % EVERY_COMMITS:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Stop the thread. Calling it again does nothing."""
        self._closed = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with contextlib.closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            while self._due.wait() and not self._closed:
                self._due.clear()
                # Pages that cannot be moved now stay in the log, for SQLite's own checkpoint.
                with contextlib.suppress(sqlite3.Error):
                    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                    cursor.fetchone()
