"""Bound the memory of rows that wait because the store refuses to write.

Below the bound, a call that could not be written is answered 503, and its row is written later.
Above it, a call is answered 503 and leaves no row; the log says how many such calls there were.
"""

import logging
import threading

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.batch import Batch

MOST_HELD_BYTES = 32 * 1024 * 1024
_log = logging.getLogger(__name__)


class Backlog:
    """The size of the rows that wait for the store; use it under the journal's lock.

    Attributes:
        turned_away: how many calls left no row since the store last wrote the waiting rows.
        waits: whether the store refused rows that it has not written since.
    """

    def __init__(self) -> None:
        self.turned_away = 0
        self.waits = False
        self._held_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether no more calls are accepted."""
        return self._held_bytes > MOST_HELD_BYTES

    def take_call(self) -> None:
        """Accept a call.

        Raises:
            StoreFailedError: the backlog is full.
        """
        if self.is_full:
            self.turned_away += 1
            raise StoreFailedError(
                "too much waits for it to take calls: this one is not journalled"
            )

    def refused(self, batch: Batch) -> None:
        """Note that the store refused a batch, whose rows wait from now on."""
        self.waits = True
        self._held_bytes = batch.size_bytes()

    def written(self) -> None:
        """Note that the store wrote everything that waited."""
        self.waits = False
        self._held_bytes = 0
        if self.turned_away:
            calls = "1 call was" if self.turned_away == 1 else f"{self.turned_away} calls were"
            _log.warning("%s answered 503 and left no row", calls)
            self.turned_away = 0


class UnansweredCalls(threading.local):
    """The calls that the current thread staged and has not answered yet.

    Their callers wait for this thread's commit. Another thread's commit may write these calls, or
    fail to, before that; it does not answer their callers.
    """

    def __init__(self) -> None:
        self.calls: list[int] = []

    def take(self) -> list[int]:
        """Return the calls and forget them."""
        calls, self.calls = self.calls, []
        return calls
