"""Every message's state, from pending to its end, and which are still to be sent."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from sender.outbox import schema as sql
from sender.outbox.database import CLOCK, Database
from sender.outbox.records import Failure, StoredMessage, Trace


class Messages:
    """Stores messages; whatever changes a message's state is called inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._db = database.connection
        self._next_seq = 1 + database.number("SELECT coalesce(max(seq), 0) FROM messages")

    def add(self, run_id: int, messages: Sequence[StoredMessage]) -> None:
        """Store new messages as pending; their numbers must continue from :meth:`last_seq`."""
        rows = ((m.seq, run_id, m.trace_id, m.body, m.after_seq, m.waits) for m in messages)
        self._db.executemany(sql.INSERT_MESSAGE, rows)
        self._next_seq += len(messages)

    def last_seq(self) -> int:
        """Return the number of the newest message."""
        return self._next_seq - 1

    def unfinished(self) -> int:
        """Count the messages that are neither activated, failed nor uncertain."""
        return self._database.number(sql.UNFINISHED)

    def is_unfinished(self, seq: int) -> bool:
        """Return whether a message is neither activated, failed nor uncertain."""
        row = self._db.execute(sql.IS_UNFINISHED, (seq,)).fetchone()
        return row is not None and bool(row[0])

    def unsent(self, after_seq: int, last_seq: int, limit: int) -> list[StoredMessage]:
        """Return messages that were never sent and wait for none, in order."""
        return self._read(sql.UNSENT, (after_seq, last_seq, limit))

    def due(self, now: float, limit: int) -> list[StoredMessage]:
        """Return messages whose retry is due, the earliest first."""
        return self._read(sql.DUE, (now, limit))

    def next_due_at(self) -> float | None:
        """Return the instant of the next retry, if one is waiting."""
        instant = self._db.execute(sql.NEXT_DUE).fetchone()[0]
        return None if instant is None else float(instant)

    def interrupted(self) -> list[StoredMessage]:
        """Return the messages still marked as in flight, because an export was killed."""
        return self._read(sql.INTERRUPTED, ())

    def traces(self) -> Iterator[Trace]:
        """Return every message's trace id, state and attempts, in order."""
        return (Trace(*row) for row in self._db.execute(sql.TRACES))

    def put_in_order(self, *, keeps_order: bool) -> set[int]:
        """Make each message wait for its profile's previous one, if that has not ended yet.

        Args:
            keeps_order: whether messages wait; if not, all waiting messages are released.

        Returns:
            The numbers of the messages that others wait for.
        """
        self._db.execute(sql.PUT_IN_ORDER, (keeps_order,))
        return {seq for (seq,) in self._db.execute(sql.AWAITED)}

    def release(self, seq: int) -> list[tuple[StoredMessage, float | None]]:
        """Release the messages that wait for this one; return each with the instant it is due."""
        waiting = self._db.execute(sql.WAITING, (seq,)).fetchall()
        self._db.execute(sql.RELEASE, (seq,))
        return [(StoredMessage(*message), due_at) for *message, due_at in waiting]

    def lease(self, messages: Iterable[StoredMessage]) -> None:
        """Mark messages as in flight. Must be committed before they are sent."""
        self._db.executemany(sql.LEASE, ((m.attempts, m.seq) for m in messages))

    def unlease(self, message: StoredMessage, due_at: float) -> bool:
        """Mark a message as pending again, as if it had not been sent.

        Returns:
            False if it was withdrawn meanwhile: it has ended.
        """
        if self._db.execute(sql.UNLEASE, (message.attempts - 1, due_at, message.seq)).rowcount:
            return True
        self._db.execute(sql.END_UNSENT, (message.attempts - 1, message.seq))
        self._db.execute(sql.MAKE_UNCERTAIN, (message.seq,))
        return False

    def activate(self, seqs: Iterable[int]) -> None:
        """Mark messages as activated and delete their bodies."""
        self._db.executemany(sql.ACTIVATE, ((seq,) for seq in seqs))

    def retry(self, message: StoredMessage, due_at: float, failure: Failure) -> bool:
        """Mark a message as pending again, due at that instant.

        Returns:
            False if it was withdrawn meanwhile: it has ended.
        """
        failed = dataclasses.astuple(failure)
        if self._db.execute(sql.RETRY, (due_at, *failed, message.seq)).rowcount:
            return True
        self.end(message, sql.WITHDRAWN, failure)
        self._db.execute(sql.MAKE_UNCERTAIN, (message.seq,))
        return False

    def end(self, message: StoredMessage, state: int, failure: Failure) -> None:
        """Mark a message as failed permanently or as uncertain."""
        failed = dataclasses.astuple(failure)
        self._db.execute(sql.END, (state, *failed, message.seq))

    def withdraw(self, seqs: Iterable[int]) -> list[int]:
        """End what is pending, and delete bodies, so that nothing of these is sent again.

        A call that is in flight cannot be taken back; it is the last one.

        Args:
            seqs: each a profile's last message; its earlier ones are withdrawn with it.

        Returns:
            The messages that were pending, each after those that it waited for.
        """
        ended: list[int] = []
        for seq in seqs:
            pending = [each for (each,) in self._db.execute(sql.PENDING_OF_PROFILE, (seq,))]
            self._db.execute(sql.WITHDRAW, (seq,))
            self._db.executemany(sql.SKIP_WITHDRAWN, ((each,) for each in pending))
            ended += pending
        return ended

    def follow_clock(self, now: float, longest_wait_seconds: float) -> None:
        """Move the instants of unfinished messages when the clock was set back.

        They move by as much as the clock goes behind what it showed when the outbox was last used.
        In any case no attempt is due later than the longest wait from now, and no first failure
        lies in the future. Called inside a transaction.

        Args:
            now: the current instant, in seconds since 1970.
            longest_wait_seconds: the longest that the policy lets a message wait.
        """
        last_used = self._db.execute(sql.CLOCK, (CLOCK,)).fetchone()
        behind = 0.0 if last_used is None else max(0.0, last_used[0] - now)
        self._db.execute(sql.MOVE_DUE, (behind, now + longest_wait_seconds))
        self._db.execute(sql.MOVE_FIRST_FAILED, (behind, now))
        self._database.keep_value(CLOCK, repr(now))

    def _read(self, query: str, values: tuple[float, ...]) -> list[StoredMessage]:
        return [StoredMessage(*row) for row in self._db.execute(query, values)]
