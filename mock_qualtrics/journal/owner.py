"""Who owns a store: one server at a time, for it alone knows the counts and the waiting runs.

The lock is a second, empty SQLite file held in a transaction: it ends with the process that holds
it, however that dies. A store in memory is nobody else's; PostgreSQL is not locked.
"""

import sqlite3

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mock_qualtrics.errors import StoreFailedError


class Owner:
    """Holds a store's file for this server until it is closed.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.

    Raises:
        StoreFailedError: another server holds it, or its folder cannot be written to.
    """

    def __init__(self, url: str) -> None:
        path = _file(url)
        self._held = None if path is None else _hold(path)

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
