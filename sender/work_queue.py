"""What is to be sent next: due retries first, then what earlier runs left, then what is new.

Keeps few messages in memory: retries wait in the outbox, and so does the backlog.
"""

from collections import deque
from collections.abc import Iterable

from sender.outbox import Outbox
from sender.outbox_records import StoredMessage

FETCHED_AT_ONCE = 256


class WorkQueue:
    """The messages of an outbox that are still to be sent, in order.

    Args:
        outbox: holds them.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._fresh: deque[StoredMessage] = deque()
        self._retries: deque[StoredMessage] = deque()
        self._backlog_after = 0
        self._backlog_last = outbox.last_seq()
        self.next_due_at = outbox.next_due_at()

    def __len__(self) -> int:
        """Return how many messages are at hand; a backlog and waiting retries do not count."""
        return len(self._fresh) + len(self._retries)

    @property
    def has_backlog(self) -> bool:
        """Whether messages that earlier runs left may still have to be fetched."""
        return self._backlog_after < self._backlog_last

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left, not even a retry that waits."""
        return not len(self) and self.next_due_at is None and not self.has_backlog

    def add(self, messages: Iterable[StoredMessage]) -> None:
        """Add new messages, which were stored just now."""
        self._fresh.extend(messages)

    def wait_for(self, due_at: float) -> None:
        """Note that a message in the outbox is to be sent again at that instant."""
        self.next_due_at = due_at if self.next_due_at is None else min(self.next_due_at, due_at)

    def fetch(self, now: float) -> None:
        """Fetch from the outbox what is due and not at hand yet."""
        if not self._retries and self.next_due_at is not None and self.next_due_at <= now:
            self._retries.extend(self._outbox.due(now, FETCHED_AT_ONCE))
            if not self._retries:
                self.next_due_at = self._outbox.next_due_at()
        while not self._fresh and self.has_backlog:
            found = self._outbox.unsent(self._backlog_after, self._backlog_last, FETCHED_AT_ONCE)
            self._backlog_after = found[-1].seq if found else self._backlog_last
            self._fresh.extend(found)

    def take(self) -> StoredMessage:
        """Take the next message at hand, its next attempt counted.

        Raises:
            IndexError: there is none.
        """
        message = self._retries.popleft() if self._retries else self._fresh.popleft()
        return StoredMessage(
            message.seq,
            message.trace_id,
            message.body,
            message.attempts + 1,
            message.first_failed_at,
        )
