"""Moves what SQLite's log holds into the database file, on a thread beside whoever writes.

SQLite does so by itself inside a commit once its log is long, and whoever commits then waits for
the disk: with one event loop, everybody. Done often and beside it, little is left for that commit.
"""

import contextlib
import sqlite3
import threading
from typing import Final

from sqlalchemy import Engine

EVERY_COMMITS: Final = 64


class Checkpoints:
    """Counts commits, and checkpoints every so often.

    Args:
        engine: of a SQLite file; the thread opens a connection of its own.
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
        """End the thread; again is harmless."""
        self._closed = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with contextlib.closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            while self._due.wait() and not self._closed:
                self._due.clear()
                # What cannot be moved now stays in the log, where SQLite's own checkpoint finds it.
                with contextlib.suppress(sqlite3.Error):
                    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                    cursor.fetchone()
