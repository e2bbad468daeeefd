"""The messages that failed or are uncertain, and which of them can be sent again."""

import sqlite3
from collections.abc import Iterator

from sender.outbox import schema as sql
from sender.outbox.database import Database
from sender.outbox.records import LostMessage


class Losses:
    """Reads lost messages, and replays those that failed."""

    def __init__(self, database: Database) -> None:
        self._db = database.connection

    def lost(self) -> Iterator[LostMessage]:
        """Return the messages that failed permanently or are uncertain, in order."""
        found = self._db.execute(sql.LOST)
        return (LostMessage(bool(replayable), *row) for replayable, *row in found)

    def replayable_codes(self) -> dict[str, int]:
        """Count the messages that :meth:`replay` would send, by error code, most frequent first."""
        return dict(self._db.execute(sql.FAILED_CODES))

    def replay(self, run_id: int, error_code: str | None) -> int:
        """Make failed messages pending again: all of them, or those with one error code.

        A message stays failed if a later message of the same profile was delivered: sending it now
        would replace newer data.
        """
        self._db.execute(sql.TAKE_OVER, (failed_before(self._db, run_id, error_code), run_id))
        values = (run_id, error_code, error_code)
        return self._db.execute(sql.REPLAY, values).rowcount


def failed_before(
    connection: sqlite3.Connection, run_id: int, error_code: str | None = None
) -> int:
    """Count the messages that failed in other runs than this one and could be replayed."""
    values = (run_id, error_code, error_code)
    return int(connection.execute(sql.FAILED_BEFORE, values).fetchone()[0])
