"""What a store that refuses may leave waiting in memory: a bounded amount.

As long as there is room, a call that could not be written is answered 503 and its row is written
later. Past it a call is answered 503 and leaves no row, and the log says how many did.
"""

import logging
import threading

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.batch import Batch

MOST_HELD_BYTES = 32 * 1024 * 1024
_log = logging.getLogger(__name__)


class Backlog:
    """How much waits for the store; to be asked under the journal's lock.

    Attributes:
        turned_away: how many calls left no row since the store last took what waited.
    """

    def __init__(self) -> None:
        self.turned_away = 0
        self._held_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no call is taken."""
        return self._held_bytes > MOST_HELD_BYTES

    def take_call(self) -> None:
        """Let a call in.

        Raises:
            StoreFailedError: too much waits already.
        """
        if self.is_full:
            self.turned_away += 1
            raise StoreFailedError(
                "too much waits for it to take calls: this one is not journalled"
            )

    def refused(self, batch: Batch) -> None:
        """Note what the store refused and what waits from now on."""
        self._held_bytes = batch.size_bytes()

    def written(self) -> None:
        """Note that nothing waits any more."""
        self._held_bytes = 0
        if self.turned_away:
            _log.warning("%d calls were answered 503 and left no row", self.turned_away)
            self.turned_away = 0


class UnansweredCalls(threading.local):
    """The calls that a thread staged and that are not answered yet; each thread sees its own.

    Their callers wait for this thread's commit. Another thread's commit may store them first, or
    fail first, and tells their callers nothing.
    """

    def __init__(self) -> None:
        self.calls: list[int] = []

    def take(self) -> list[int]:
        """Return them, and know of none any more."""
        calls, self.calls = self.calls, []
        return calls
