"""The messages to send next: due retries first, then those left by earlier runs, then new ones.

Keeps few messages in memory: retries and the backlog of earlier runs stay in the outbox. If the
policy keeps order, a message also waits there until its profile's previous message has ended.
Otherwise the exit from an audience could overtake an entry that is being retried, and the entry
would then undo it.
"""

from collections import deque
from collections.abc import Collection, Iterable

from sender.delivery.stores.message_store import MessageStore
from sender.outbox.records import StoredMessage

FETCHED_AT_ONCE = 256
ROOM_BELOW = 64  # new profiles are read while fewer messages than this are at hand


class SendQueue:
    """The messages of an outbox that are still to be sent, in order.

    Args:
        messages: stores them.
        keeps_order: whether a profile's messages are sent one after the other.
    """

    def __init__(self, messages: MessageStore, *, keeps_order: bool = True) -> None:
        self._messages = messages
        self._awaited = messages.put_in_order(keeps_order=keeps_order)
        self._fresh: deque[StoredMessage] = deque()
        self._retries: deque[StoredMessage] = deque()
        self._backlog_after = 0
        self._backlog_last = messages.last_seq()
        self.next_due_at = messages.next_due_at()

    def __len__(self) -> int:
        """Return how many messages are in memory, ready to send."""
        return len(self._fresh) + len(self._retries)

    @property
    def has_fresh(self) -> bool:
        """Whether a message that was never sent is in memory."""
        return bool(self._fresh)

    @property
    def has_retries(self) -> bool:
        """Whether a message whose retry is due is in memory."""
        return bool(self._retries)

    @property
    def has_room(self) -> bool:
        """Whether there is room for new messages; retries do not count."""
        return len(self._fresh) < ROOM_BELOW and not self.has_backlog

    @property
    def has_backlog(self) -> bool:
        """Whether messages of earlier runs may still have to be fetched."""
        return self._backlog_after < self._backlog_last

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to send, now or later."""
        return not (len(self) or self._awaited or self.has_backlog) and self.next_due_at is None

    def add(self, messages: Iterable[StoredMessage]) -> None:
        """Add new messages, which have just been stored."""
        for message in messages:
            if message.waits and message.after_seq is not None:
                self._awaited.add(message.after_seq)
            else:
                self._fresh.append(message)

    def withdraw(self, seqs: Collection[int]) -> None:
        """Take out messages that have just been withdrawn, and release what waits for them."""
        self._fresh = _without(self._fresh, seqs)
        self._retries = _without(self._retries, seqs)
        self.next_due_at = self._messages.next_due_at()  # or the export would wait for nothing
        for seq in seqs:
            self.release(seq)

    def wait_for(self, due_at: float) -> None:
        """Record that a message in the outbox is due at that instant."""
        self.next_due_at = due_at if self.next_due_at is None else min(self.next_due_at, due_at)

    def release(self, seq: int) -> None:
        """Record that a message has ended, and release the messages that wait for it."""
        if seq not in self._awaited:
            return
        self._awaited.remove(seq)
        for message, due_at in self._messages.release(seq):
            if due_at is not None:
                self.wait_for(due_at)
            elif not self._backlog_after < message.seq <= self._backlog_last:
                # Messages of the backlog that are not fetched yet will be, in their order.
                self._fresh.appendleft(message)

    def fetch(self, now: float) -> None:
        """Fetch due retries and the backlog from the outbox, when none is in memory."""
        if not self._retries and self.next_due_at is not None and self.next_due_at <= now:
            self._retries.extend(self._messages.due(now, FETCHED_AT_ONCE))
            if not self._retries:
                self.next_due_at = self._messages.next_due_at()
        while not self._fresh and self.has_backlog:
            backlog = self._messages.unsent(
                self._backlog_after, self._backlog_last, FETCHED_AT_ONCE
            )
            self._backlog_after = backlog[-1].seq if backlog else self._backlog_last
            self._fresh.extend(backlog)

    def take(self, *, fresh_first: bool = False) -> StoredMessage:
        """Remove and return the next message, with its attempts increased by one.

        Args:
            fresh_first: prefer a message that was never sent to one whose retry is due.

        Raises:
            IndexError: there is no message in memory.
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


def _without(messages: deque[StoredMessage], seqs: Collection[int]) -> deque[StoredMessage]:
    return deque(message for message in messages if message.seq not in seqs)
