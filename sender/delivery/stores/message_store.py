"""Where delivery keeps messages, as a protocol: the outbox has one in SQLite.

Delivery asks and tells nothing else of a store, so another one may stand in its place: one in
memory for a forecast or a test, say. Whatever changes a message's state is called inside one
transaction, and has happened for good once that is committed.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sender.outbox.records import Failure, StoredMessage


class MessageStore(Protocol):
    """Every message's state, from pending to its end."""

    def add(self, run_id: int, messages: Sequence[StoredMessage]) -> None:
        """Store new messages as pending; their numbers must continue from :meth:`last_seq`."""
        ...

    def last_seq(self) -> int:
        """Return the number of the newest message."""
        ...

    def unfinished(self) -> int:
        """Count the messages that have not ended."""
        ...

    def is_unfinished(self, seq: int) -> bool:
        """Return whether a message has not ended."""
        ...

    def unsent(self, after_seq: int, last_seq: int, limit: int) -> list[StoredMessage]:
        """Return messages that were never sent and wait for none, in order."""
        ...

    def due(self, now: float, limit: int) -> list[StoredMessage]:
        """Return messages whose retry is due, the earliest first."""
        ...

    def next_due_at(self) -> float | None:
        """Return the instant of the next retry, in seconds since 1970, if one is waiting."""
        ...

    def interrupted(self) -> list[StoredMessage]:
        """Return the messages still marked as in flight, because an export was killed."""
        ...

    def put_in_order(self, *, keeps_order: bool) -> set[int]:
        """Make each message wait for its profile's previous one; return those waited for."""
        ...

    def release(self, seq: int) -> list[tuple[StoredMessage, float | None]]:
        """Release the messages that wait for this one; return each with the instant it is due."""
        ...

    def lease(self, messages: Iterable[StoredMessage]) -> None:
        """Mark messages as in flight. Must be committed before they are sent."""
        ...

    def unlease(self, message: StoredMessage, due_at: float) -> bool:
        """Mark a message as pending again, as if not sent; return False if it was withdrawn."""
        ...

    def activate(self, seqs: Iterable[int]) -> None:
        """Mark messages as activated."""
        ...

    def retry(self, message: StoredMessage, due_at: float, failure: Failure) -> bool:
        """Mark a message as pending again, due then; return False if it was withdrawn."""
        ...

    def end(self, message: StoredMessage, state: int, failure: Failure) -> None:
        """Mark a message as failed permanently or as uncertain."""
        ...

    def withdraw(self, seqs: Iterable[int]) -> list[int]:
        """End what is pending of these profiles' messages; return the numbers of what was."""
        ...

    def follow_clock(self, now: float, longest_wait_seconds: float) -> None:
        """Move the instants of unfinished messages when the clock was set back."""
        ...
