"""What is to be sent next: due retries first, then what earlier runs left, then what is new.

Keeps few messages in memory: retries wait in the outbox, and so does the backlog. Where order is
kept, a message waits until the one before it of the same profile has come to its end: an exit that
overtook the entry which is being retried would be undone by it.
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
        keeps_order: whether a profile's messages go out one after the other.
    """

    def __init__(self, outbox: Outbox, *, keeps_order: bool = True) -> None:
        self._outbox = outbox
        self._keeps_order = keeps_order
        self._behind: dict[int, StoredMessage] = {}
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
        """Whether nothing is left, not even a message that waits."""
        return not (len(self) or self._behind or self.has_backlog) and self.next_due_at is None

    @property
    def held(self) -> int:
        """How many messages are in memory, those included that wait for another's end."""
        return len(self) + len(self._behind)

    def add(self, messages: Iterable[StoredMessage]) -> None:
        """Add new messages, which were stored just now."""
        self._fresh.extend(messages)

    def wait_for(self, due_at: float) -> None:
        """Note that a message in the outbox is to be sent again at that instant."""
        self.next_due_at = due_at if self.next_due_at is None else min(self.next_due_at, due_at)

    def release(self, seq: int) -> None:
        """Note that a message came to its end: the one that waited for it is at hand again."""
        if seq in self._behind:
            self._fresh.appendleft(self._behind.pop(seq))

    def fetch(self, now: float) -> None:
        """Fetch from the outbox what is due and not at hand yet."""
        if not self._retries and self.next_due_at is not None and self.next_due_at <= now:
            self._retries.extend(self._outbox.due(now, FETCHED_AT_ONCE))
            if not self._retries:
                self.next_due_at = self._outbox.next_due_at()
        self._fetch_backlog()

    def _fetch_backlog(self) -> None:
        while not self._fresh and self.has_backlog:
            found = self._outbox.unsent(self._backlog_after, self._backlog_last, FETCHED_AT_ONCE)
            self._backlog_after = found[-1].seq if found else self._backlog_last
            self._fresh.extend(found)

    def take(self) -> StoredMessage | None:
        """Take the next message that may be sent, its next attempt counted; none when none may."""
        while self._retries or self._fresh:
            message = self._retries.popleft() if self._retries else self._fresh.popleft()
            if not self._waits(message):
                return _attempted(message)
            self._fetch_backlog()
        return None

    def _waits(self, message: StoredMessage) -> bool:
        """Put a message aside whose predecessor is on its way still."""
        before = message.after_seq
        if before is None or not self._keeps_order or not self._outbox.is_unfinished(before):
            return False
        self._behind[before] = message
        return True


def _attempted(message: StoredMessage) -> StoredMessage:
    return StoredMessage(
        message.seq,
        message.trace_id,
        message.body,
        message.attempts + 1,
        message.first_failed_at,
        message.after_seq,
    )
