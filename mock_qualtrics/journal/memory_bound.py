"""Keep a store in memory within its bounds of rows and bytes, by dropping the oldest rows.

The bytes are those that SQLite counts itself, indexes and all: two cheap questions a commit, and no
second account that could drift from the truth.
"""

import logging
from collections.abc import Iterator, Mapping

from mock_qualtrics.journal.retention import Dropped, Pruner
from mock_qualtrics.store.database import Store

PIECES = 16  # one is dropped at a time, of one tenant or of several
_FULL = (
    "the store in memory has reached its bound of %s rows or %s bytes: from now on the oldest "
    "calls and runs are dropped, and the totals say that the journal is not complete"
)
_ALL_WAIT = (
    "the store in memory has passed its bound of %s rows or %s bytes, and every call in it has a "
    "run that still waits: these are kept, and take more; give serve a --store on disk, or room"
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
        self._told: set[str] = set()

    def make_room(self, rows: Mapping[int, int]) -> Iterator[tuple[int, Dropped]]:
        """Drop pieces until the store is within its bounds; yield what was dropped of each tenant.

        Args:
            rows: the rows of each tenant; the caller subtracts what is dropped.
        """
        while sum(rows.values()) > self._rows_wall or self._store.used_bytes() > self._bytes_wall:
            self._rows_wall, self._bytes_wall = self._most_rows, self._most_bytes
            has_dropped = False
            for tenant, dropped in self._drop_a_piece(rows):
                has_dropped = True
                yield tenant, dropped
            self._tell_once(_FULL if has_dropped else _ALL_WAIT)
            if not has_dropped:
                self._wait_for_more(rows)
                return

    def _drop_a_piece(self, rows: Mapping[int, int]) -> Iterator[tuple[int, Dropped]]:
        """Drop a piece of the largest tenants' rows: finding out which they are takes time."""
        calls, size_bytes = self._most_rows // PIECES + 1, self._most_bytes // PIECES + 1
        for tenant in self._largest_first(rows):
            dropped = self._pruner.drop_oldest(tenant, calls, size_bytes)
            if dropped is None:
                continue
            yield tenant, dropped
            calls, size_bytes = calls - dropped.calls, size_bytes - dropped.size_bytes
            if min(calls, size_bytes) <= 0:
                return

    def _largest_first(self, rows: Mapping[int, int]) -> list[int]:
        too_many = sum(rows.values()) > self._most_rows
        sizes = rows if too_many else self._pruner.sizes_bytes()
        return sorted(rows, key=lambda tenant: sizes.get(tenant, 0), reverse=True)

    def _wait_for_more(self, rows: Mapping[int, int]) -> None:
        """Ask again only after another piece has come: everything waits, and asking takes time."""
        self._rows_wall = sum(rows.values()) + self._most_rows // PIECES
        self._bytes_wall = self._store.used_bytes() + self._most_bytes // PIECES

    def _tell_once(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            _log.warning(words, f"{self._most_rows:,}", f"{self._most_bytes:,}")
