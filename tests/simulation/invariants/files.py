"""Both sides' files, read through connections of the watch's own."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from simulation.invariants.stored import (
    UNFINISHED,
    MockState,
    SenderState,
    StoredMessage,
    opened,
    read_mock,
    read_sender,
)


class Files:
    """The sender's outbox and the mock's store.

    Args:
        outbox: the sender's file; one connection stays open, for it is asked at every call.
        store: the mock's file.
        tenant_number: the tenant's number in the store.
    """

    def __init__(self, outbox: Path, store: Path, tenant_number: int) -> None:
        self._outbox, self._store = outbox, store
        self._tenant_number = tenant_number
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the connection to the outbox."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sender(self) -> SenderState:
        """Return what the outbox holds."""
        return read_sender(self._opened())

    def mock(self) -> MockState:
        """Return what the store holds of the tenant."""
        with contextlib.closing(opened(self._store)) as connection:
            return read_mock(connection, self._tenant_number)

    def last_run(self) -> SenderState:
        """Return the messages of the last run."""
        query = """
            SELECT seq, trace_id, state, attempts, uncertain_attempts FROM messages
            WHERE run = (SELECT max(id) FROM runs WHERE id > ?)
        """
        return SenderState([StoredMessage(*row) for row in self._read(query, 0)])

    def messages_after(self, seq: int) -> list[tuple[int, str, bytes | None, int | None]]:
        """Return number, trace id, body and message before of each message behind that one."""
        query = "SELECT seq, trace_id, body, after_seq FROM messages WHERE seq > ? ORDER BY seq"
        return self._read(query, seq)

    def message(self, seq: int) -> StoredMessage | None:
        """Return a message by its number; None: there is none."""
        query = "SELECT seq, trace_id, state, attempts FROM messages WHERE seq = ?"
        return next((StoredMessage(*row) for row in self._read(query, seq)), None)

    def unfinished(self, seqs: Iterable[int]) -> list[int]:
        """Return those of the messages that have not ended."""
        numbers = json.dumps(list(seqs))
        if numbers == "[]":
            return []
        query = "SELECT seq, state FROM messages WHERE seq IN (SELECT value FROM json_each(?))"
        return [seq for seq, state in self._read(query, numbers) if state in UNFINISHED]

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = opened(self._outbox)
        return self._connection

    def _read(self, query: str, value: int | str) -> list[Any]:
        return self._opened().execute(query, (value,)).fetchall()
