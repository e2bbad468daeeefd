"""Keep a store in memory within its bounds of rows and bytes, by dropping the oldest rows.

The bytes are those that SQLite counts itself, indexes and all: two cheap questions a commit, and no
second account that could drift from the truth.
"""

import logging
from collections.abc import Callable, Iterator, Mapping

from mock_qualtrics.journal.retention import Dropped, Pruner
from mock_qualtrics.store.database import Store

PIECES = 16  # one is dropped at a time
_FULL = (
    "the store in memory has reached its bound of %s rows or %s bytes: from now on the oldest "
    "calls and runs are dropped, and the totals say that the journal is not complete"
)
_log = logging.getLogger(__name__)


class MemoryBound:
    """Drop rows as soon as the store exceeds a bound; what still waits is never dropped.

    Args:
        store: the store, in memory.
        pruner: deletes its rows.
        rows: the most rows, calls and runs together.
        size_bytes: the most bytes.
    """

    def __init__(self, store: Store, pruner: Pruner, rows: int, size_bytes: int) -> None:
        self._store = store
        self._pruner = pruner
        self._most_rows = self._rows_wall = rows
        self._most_bytes = self._bytes_wall = size_bytes
        self._is_told = False

    def make_room(self, rows: Mapping[int, int]) -> Iterator[tuple[int, Dropped]]:
        """Drop pieces until the store is within its bounds; yield each one, with its tenant.

        Args:
            rows: the rows of each tenant; the caller subtracts what is dropped.
        """
        while sum(rows.values()) > self._rows_wall or self._store.used_bytes() > self._bytes_wall:
            dropped = self._drop_from_the_largest(rows)
            if dropped is None:
                self._wait_for_more(rows)
                return
            self._rows_wall, self._bytes_wall = self._most_rows, self._most_bytes
            self._tell_once()
            yield dropped

    def _drop_from_the_largest(self, rows: Mapping[int, int]) -> tuple[int, Dropped] | None:
        too_many = sum(rows.values()) > self._most_rows
        size: Callable[[int], int] = rows.__getitem__ if too_many else self._pruner.size_bytes
        calls, size_bytes = self._most_rows // PIECES + 1, self._most_bytes // PIECES + 1
        for tenant in sorted(rows, key=size, reverse=True):
            dropped = self._pruner.drop_oldest(tenant, calls, size_bytes)
            if dropped is not None:
                return tenant, dropped
        return None

    def _wait_for_more(self, rows: Mapping[int, int]) -> None:
        """Ask again only after another piece has come: everything waits, and asking takes time."""
        self._rows_wall = sum(rows.values()) + self._most_rows // PIECES
        self._bytes_wall = self._store.used_bytes() + self._most_bytes // PIECES

    def _tell_once(self) -> None:
        if not self._is_told:
            self._is_told = True
            _log.warning(_FULL, f"{self._most_rows:,}", f"{self._most_bytes:,}")
