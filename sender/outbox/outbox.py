"""The durable journal of every message's state: SQLite in WAL mode, one file a dataflow.

What is committed survives ``kill -9`` at any instant. Many changes share one commit
(:meth:`Outbox.transaction`). Bodies are kept until a message is activated; profiles are known by a
digest only, and the API token is never stored. Decides nothing: see
:mod:`sender.delivery.decisions`.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of
from sender.errors import ConfigurationError
from sender.outbox import schema as sql
from sender.outbox.file import locked, opened
from sender.outbox.records import Failure, LastExport, Run, StoredMessage, Tally, Trace


class Outbox:
    """One SQLite file (or memory) that holds a dataflow's messages and what was exported.

    Args:
        path: the file; none: memory.
        writable: whether to lock it for sending; else it is only read, also while another sends.

    Raises:
        ConfigurationError: the file is no outbox of this version.
        OutboxInUseError: another export holds it.
    """

    def __init__(self, path: Path | None = None, *, writable: bool = True) -> None:
        self.path = path
        self._lock = locked(path) if path is not None and writable else None
        try:
            self._db = opened(path, writable=writable)
        except BaseException:
            self._unlock()
            raise
        self._next_seq = 1 + self._number("SELECT coalesce(max(seq), 0) FROM messages")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let another export have it."""
        self._db.close()
        self._unlock()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside durable together, or none of them."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # What the outbox belongs to

    def dataflow(self) -> Dataflow | None:
        """Return the dataflow that was stored, if any was.

        Raises:
            ConfigurationError: what is stored is no dataflow.
        """
        text = self._meta("dataflow")
        try:
            return None if text is None else Dataflow.from_mapping(json.loads(text), where="outbox")
        except json.JSONDecodeError as error:
            why = "its dataflow is damaged"
            raise ConfigurationError(
                f"{self.path}: not an outbox that can be used: {why}"
            ) from error

    def policy_name(self) -> str | None:
        """Return the policy that was last used."""
        return self._meta("policy")

    def bind(self, dataflow: Dataflow, policy_name: str) -> None:
        """Store what is exported, and how.

        Raises:
            ConfigurationError: messages for another destination could still be sent from here.
        """
        known = self.dataflow()
        if known is not None and destination_of(known) != destination_of(dataflow):
            sendable = self._number(sql.SENDABLE)
            if sendable:
                raise ConfigurationError(
                    f"{self.path}: messages for another destination are pending or failed here "
                    f"({sendable}); resume or replay them first, or choose another --outbox"
                )
        with self.transaction():
            self._set_meta("dataflow", json.dumps(dataflow.to_mapping()))
            self._set_meta("policy", policy_name)

    # Runs

    def last_run(self) -> Run | None:
        """Return the latest run, if there is one."""
        row = self._db.execute(sql.LAST_RUN).fetchone()
        if row is None:
            return None
        number, started_at, seconds, source, rows_read, finished, *rest = row
        known_source = None if source is None else json.loads(source)
        return Run(number, started_at, seconds, known_source, rows_read, bool(finished), *rest)

    def begin_run(self, started_at: float, source: Mapping[str, Any] | None) -> Run:
        """Begin a run, which takes over whatever messages are still pending."""
        text = None if source is None else json.dumps(source)
        with self.transaction():
            insert = "INSERT INTO runs (started_at, source) VALUES (?, ?)"
            number = int(self._db.execute(insert, (started_at, text)).lastrowid or 0)
            taken_over = self._db.execute(sql.ADOPT, (number, number)).rowcount
            self._db.execute(sql.TAKE_OVER, (taken_over, number))
        return Run(number, started_at, source=source, taken_over=taken_over)

    def note_work(self, run_id: int, seconds: float) -> None:
        """Note that a run was worked on for so much longer."""
        self._db.execute(sql.NOTE_WORK, (seconds, run_id))

    def end_run(self, run_id: int, stopped_because: str | None) -> None:
        """Note why an invocation ended early, if it did."""
        self._db.execute(sql.END_RUN, (stopped_because, run_id))

    def tally(self, run_id: int) -> Tally:
        """Count a run's messages and exclusions."""
        return Tally(
            states=_states(self._db.execute(sql.COUNT_STATES, (run_id,)).fetchone()),
            excluded=dict(self._db.execute(sql.COUNT_EXCLUDED, (run_id,))),
            failed=self._db.execute(sql.COUNT_FAILED, (run_id,)).fetchall(),
            uncertain_attempts=self._number(sql.UNCERTAIN_ATTEMPTS),
            failed_before=self._failed_before(run_id),
        )

    def broken_rows(self, run_id: int) -> list[tuple[str, int | None, str]]:
        """Return source, line and reason of a run's broken rows, up to a bound."""
        return self._db.execute(sql.BROKEN_ROWS, (run_id,)).fetchall()

    # Taking profiles in; inside a transaction

    def last_exports(self, keys: Sequence[bytes]) -> dict[bytes, LastExport]:
        """Return what was last exported of these profiles, for those of which something was."""
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, state, last_seq FROM profiles WHERE key IN ({marks})"  # noqa: S608  marks
        return {key: LastExport(*known) for key, *known in self._db.execute(query, keys)}

    def add_messages(self, run_id: int, messages: Sequence[StoredMessage]) -> None:
        """Store new messages as pending; their numbers go on from :meth:`last_seq`."""
        rows = ((m.seq, run_id, m.trace_id, m.body, m.after_seq, m.waits) for m in messages)
        self._db.executemany(sql.INSERT_MESSAGE, rows)
        self._next_seq += len(messages)

    def keep_last_exports(self, exports: Mapping[bytes, LastExport]) -> None:
        """Store what is now exported of these profiles."""
        # In the order of their keys, so that neighbours are written to one page together.
        rows = ((key, exports[key].state, exports[key].seq) for key in sorted(exports))
        self._db.executemany(sql.UPSERT_PROFILE, rows)

    def add_exclusions(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Add to the number of profiles excluded for each reason."""
        self._db.executemany(sql.UPSERT_EXCLUSION, ((run_id, r, n) for r, n in counts.items()))

    def add_broken_rows(self, run_id: int, rows: Iterable[tuple[str, int | None, str]]) -> None:
        """Store rows that were no profile."""
        self._db.executemany(sql.INSERT_BROKEN_ROW, ((run_id, *row) for row in rows))

    def advance(self, run_id: int, rows: int, broken_rows: int, *, finished: bool) -> None:
        """Note how far the source was read."""
        self._db.execute(sql.ADVANCE_RUN, (rows, broken_rows, finished, run_id))

    # A message's life; inside a transaction

    def lease(self, messages: Iterable[StoredMessage]) -> None:
        """Mark messages as in flight, before they are sent."""
        self._db.executemany(sql.LEASE, ((m.attempts, m.seq) for m in messages))

    def unlease(self, message: StoredMessage, due_at: float) -> None:
        """Mark a message as pending again, as if it had not been sent."""
        self._db.execute(sql.UNLEASE, (message.attempts - 1, due_at, message.seq))

    def activate(self, seqs: Iterable[int]) -> None:
        """Mark messages as activated, and let go of their bodies."""
        self._db.executemany(sql.ACTIVATE, ((seq,) for seq in seqs))

    def retry(self, message: StoredMessage, due_at: float, failure: Failure) -> None:
        """Mark a message as pending again, due at that instant."""
        failed = (failure.first_failed_at, failure.lost, failure.error_code, failure.description)
        self._db.execute(sql.RETRY, (due_at, *failed, message.seq))

    def end(self, message: StoredMessage, state: int, failure: Failure) -> None:
        """Mark a message as failed for good or as uncertain."""
        failed = (failure.first_failed_at, failure.lost, failure.error_code, failure.description)
        self._db.execute(sql.END, (state, *failed, message.seq))

    def replay(self, run_id: int, due_at: float, error_code: str | None) -> int:
        """Make failed messages pending again, all of them or those of one error code.

        Those stay failed that a later message of their profile, which was delivered, has outdated.
        """
        self._db.execute(sql.TAKE_OVER, (self._failed_before(run_id, error_code), run_id))
        values = (run_id, due_at, error_code, error_code)
        return self._db.execute(sql.REPLAY, values).rowcount

    # What is to be sent

    def unfinished(self) -> int:
        """Count the messages that are neither activated, failed nor uncertain."""
        return self._number(sql.UNFINISHED)

    def is_unfinished(self, seq: int) -> bool:
        """Return whether a message is neither activated, failed nor uncertain."""
        row = self._db.execute(sql.IS_UNFINISHED, (seq,)).fetchone()
        return row is not None and bool(row[0])

    def last_seq(self) -> int:
        """Return the number of the newest message."""
        return self._next_seq - 1

    def put_in_order(self, *, keeps_order: bool) -> set[int]:
        """Have every message wait for its profile's one before, if that is on its way still.

        Args:
            keeps_order: whether any message waits at all.

        Returns:
            The numbers of the messages that others wait for.
        """
        self._db.execute(sql.PUT_IN_ORDER, (keeps_order,))
        return {seq for (seq,) in self._db.execute(sql.AWAITED)}

    def release(self, seq: int) -> list[tuple[StoredMessage, float | None]]:
        """Let those go that waited for a message; return them, each with when it is due."""
        waiting = self._db.execute(sql.WAITING, (seq,)).fetchall()
        self._db.execute(sql.RELEASE, (seq,))
        return [(StoredMessage(*message), due_at) for *message, due_at in waiting]

    def unsent(self, after_seq: int, last_seq: int, limit: int) -> list[StoredMessage]:
        """Return messages that were never sent, in order."""
        return self._messages(sql.UNSENT, (after_seq, last_seq, limit))

    def due(self, now: float, limit: int) -> list[StoredMessage]:
        """Return messages whose retry is due, the longest due first."""
        return self._messages(sql.DUE, (now, limit))

    def next_due_at(self) -> float | None:
        """Return the instant of the next retry, if one is waiting."""
        instant = self._db.execute(sql.NEXT_DUE).fetchone()[0]
        return None if instant is None else float(instant)

    def interrupted(self) -> list[StoredMessage]:
        """Return the messages that were in flight when an export was killed."""
        return self._messages(sql.INTERRUPTED, ())

    def traces(self) -> Iterator[Trace]:
        """Return every message's trace id, state and attempts, in order."""
        return (Trace(*row) for row in self._db.execute(sql.TRACES))

    def _failed_before(self, run_id: int, error_code: str | None = None) -> int:
        """Count what failed in other runs and could be replayed."""
        values = (run_id, error_code, error_code)
        return int(self._db.execute(sql.FAILED_BEFORE, values).fetchone()[0])

    def _messages(self, query: str, values: tuple[float, ...]) -> list[StoredMessage]:
        return [StoredMessage(*row) for row in self._db.execute(query, values)]

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()


def _states(counts: Sequence[float]) -> dict[int, int]:
    return {state: int(count) for state, count in enumerate(counts) if count}
