"""What is to be sent next: due retries first, then what earlier runs left, then what is new.

Keeps few messages in memory: retries wait in the outbox, and so does the backlog. Where order is
kept, a message waits there too, until the one before it of the same profile has come to its end: an
exit that overtook the entry which is being retried would be undone by it.
"""

from collections import deque
from collections.abc import Iterable

from sender.outbox import Outbox
from sender.outbox.records import StoredMessage

FETCHED_AT_ONCE = 256
ROOM_BELOW = 64


class SendQueue:
    """The messages of an outbox that are still to be sent, in order.

    Args:
        outbox: holds them.
        keeps_order: whether a profile's messages go out one after the other.
    """

    def __init__(self, outbox: Outbox, *, keeps_order: bool = True) -> None:
        self._outbox = outbox
        self._awaited = outbox.put_in_order(keeps_order=keeps_order)
        self._fresh: deque[StoredMessage] = deque()
        self._retries: deque[StoredMessage] = deque()
        self._backlog_after = 0
        self._backlog_last = outbox.last_seq()
        self.next_due_at = outbox.next_due_at()

    def __len__(self) -> int:
        """Return how many messages are at hand; a backlog and waiting retries do not count."""
        return len(self._fresh) + len(self._retries)

    @property
    def has_room(self) -> bool:
        """Whether new messages are wanted; what is tried again is not counted."""
        return len(self._fresh) < ROOM_BELOW and not self.has_backlog

    @property
    def has_backlog(self) -> bool:
        """Whether messages that earlier runs left may still have to be fetched."""
        return self._backlog_after < self._backlog_last

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left, not even a message that waits."""
        return not (len(self) or self._awaited or self.has_backlog) and self.next_due_at is None

    def add(self, messages: Iterable[StoredMessage]) -> None:
        """Add new messages, which were stored just now."""
        for message in messages:
            if message.waits and message.after_seq is not None:
                self._awaited.add(message.after_seq)
            else:
                self._fresh.append(message)

    def wait_for(self, due_at: float) -> None:
        """Note that a message in the outbox is to be sent again at that instant."""
        self.next_due_at = due_at if self.next_due_at is None else min(self.next_due_at, due_at)

    def release(self, seq: int) -> None:
        """Note that a message came to its end, which another may have waited for."""
        if seq not in self._awaited:
            return
        self._awaited.remove(seq)
        for message, due_at in self._outbox.release(seq):
            if due_at is not None:
                self.wait_for(due_at)
            elif not self._backlog_after < message.seq <= self._backlog_last:
                self._fresh.appendleft(message)

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

    def take(self, *, fresh_first: bool = False) -> StoredMessage:
        """Take the next message at hand, its next attempt counted.

        Args:
            fresh_first: rather one that was never tried than one whose retry is due.

        Raises:
            IndexError: there is none.
        """
        is_fresh = bool(self._fresh) and (fresh_first or not self._retries)
        message = (self._fresh if is_fresh else self._retries).popleft()
        return StoredMessage(
            message.seq,
            message.trace_id,
            message.body,
            message.attempts + 1,
            message.first_failed_at,
        )
