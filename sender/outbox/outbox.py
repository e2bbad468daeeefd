"""Stores every message's state durably: SQLite in WAL mode, one file per dataflow.

Committed changes survive ``kill -9`` at any instant. Many changes share one commit
(:meth:`Outbox.transaction`). A message's body is kept until it is activated, or, once it has
failed, until its profile opts out. Profiles are stored by a digest only, and the API token is never
stored. The outbox makes no decisions; see :mod:`sender.delivery.decisions`.
"""

import contextlib
import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of
from sender.dataflow.trigger_url import url_host
from sender.errors import ConfigurationError
from sender.outbox import schema as sql
from sender.outbox.file import OutboxLock, opened
from sender.outbox.open_files import OpenFiles
from sender.outbox.records import (
    ActivatedAudiences,
    Failure,
    LastExport,
    LostMessage,
    Run,
    StoredMessage,
    Tally,
    Trace,
    WorkDone,
)

_CLOCK = "clock"  # what the clock showed when the outbox was last used, in seconds since 1970


class Outbox:
    """A dataflow's messages and each profile's last export, in one SQLite file or in memory.

    Args:
        path: the file; None: in memory.
        writable: whether to lock it for sending. Otherwise it is opened for reading, which is
            possible while an export uses it.

    Attributes:
        migrated_from: the version that the file had; None if it was new or of this version.

    Raises:
        ConfigurationError: the file is not an outbox, or is of a newer version.
        OutboxInUseError: another export has locked it.
    """

    def __init__(self, path: Path | None = None, *, writable: bool = True) -> None:
        self.path = path
        self._lock = OutboxLock(path) if path is not None and writable else None
        try:
            file = opened(path, writable=writable)
        except BaseException:
            self._unlock()
            raise
        self._db = file.database
        self._files = OpenFiles(path if writable else None)
        self.migrated_from = file.migrated_from
        self._next_seq = 1 + self._number("SELECT coalesce(max(seq), 0) FROM messages")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release its lock."""
        self._db.close()
        self._unlock()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes made inside together, or none of them.

        Raises:
            sqlite3.OperationalError: the outbox cannot be written, or its file was deleted.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._files.require()
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # The dataflow and the policy

    def dataflow(self) -> Dataflow | None:
        """Return the stored dataflow, if there is one; it allows plain http to no host.

        Raises:
            ConfigurationError: the stored dataflow is damaged.
        """
        text = self._meta("dataflow")
        try:
            return None if text is None else _dataflow(json.loads(text))
        except json.JSONDecodeError as error:
            why = "its dataflow is damaged"
            raise ConfigurationError(
                f"{self.path}: not an outbox that can be used: {why}"
            ) from error

    def policy_name(self) -> str | None:
        """Return the name of the policy that was used last."""
        return self._meta("policy")

    def delivery(self, policy_name: str) -> Mapping[str, Any]:
        """Return the delivery options that a policy was used with last; none if it was not."""
        stored = json.loads(self._meta(f"delivery by {policy_name}") or "{}")
        return stored if isinstance(stored, dict) else {}

    def bind(
        self, dataflow: Dataflow, policy_name: str, delivery: Mapping[str, Any] | None = None
    ) -> None:
        """Store the dataflow, the policy, and the delivery options that it is used with.

        Raises:
            ConfigurationError: the outbox holds messages for another destination that could still
                be sent.
        """
        stored = self.dataflow()
        if stored is not None and destination_of(stored) != destination_of(dataflow):
            sendable = self._number(sql.SENDABLE)
            if sendable:
                raise ConfigurationError(
                    f"{self.path}: messages for another destination are pending or failed here "
                    f"({sendable}), and another URL is another destination: export to it with an "
                    f"outbox of its own: --outbox {self._name_for(dataflow)}; what is left here "
                    "can only go to the old one (resume, replay): where that URL was wrong, "
                    f"delete {self.path}"
                )
        with self.transaction():
            self._set_meta("dataflow", json.dumps(dataflow.to_mapping()))
            self._set_meta("policy", policy_name)
            self._set_meta(f"delivery by {policy_name}", json.dumps(delivery or {}))

    def _name_for(self, dataflow: Dataflow) -> Path:
        path = self.path or Path("dataflow.outbox.sqlite")
        base = path.name.removesuffix(path.suffix).removesuffix(".outbox")
        return path.with_name(f"{base}.{destination_of(dataflow)[:8]}.outbox.sqlite")

    # Runs

    def last_run(self) -> Run | None:
        """Return the last run, if there is one."""
        row = self._db.execute(sql.LAST_RUN).fetchone()
        if row is None:
            return None
        number, started_at, seconds, source_text, rows_read, finished, *rest = row
        source = None if source_text is None else json.loads(source_text)
        return Run(number, started_at, seconds, source, rows_read, bool(finished), *rest)

    def begin_run(
        self, started_at: float, source: Mapping[str, Any] | None, *, restated: bool = False
    ) -> Run:
        """Begin a run, which takes over all messages that are still pending.

        Args:
            started_at: seconds since 1970.
            source: a JSON description of where its profiles come from.
            restated: whether its rows count as ingested anew.
        """
        text = None if source is None else json.dumps(source)
        with self.transaction():
            insert = "INSERT INTO runs (started_at, source) VALUES (?, ?)"
            number = int(self._db.execute(insert, (started_at, text)).lastrowid or 0)
            taken_over = self._db.execute(sql.ADOPT, (number, number)).rowcount
            self._db.execute(sql.TAKE_OVER, (taken_over, number))
            if restated:
                self._set_meta("restated", str(number))
        return Run(number, started_at, source=source, taken_over=taken_over)

    def pace_run(self, run_id: int, paced_as: str) -> None:
        """Store at which pace a run's messages are sent; another one begins a rate of its own."""
        self._db.execute(sql.PACE_RUN, (paced_as, run_id))

    def note_work(self, run_id: int, done: WorkDone, now: float) -> None:
        """Add what an invocation has done to its run, and store what the clock showed."""
        values = (done.seconds, done.rate_intervals, done.rate_seconds, done.rows_expected)
        self._db.execute(sql.NOTE_WORK, (*values, run_id))
        self._set_meta(_CLOCK, repr(now))

    def follow_clock(self, now: float, longest_wait_seconds: float) -> None:
        """Move the instants of unfinished messages when the clock was set back.

        They move by as much as the clock goes behind what it showed when the outbox was last used.
        In any case no attempt is due later than the longest wait from now, and no first failure
        lies in the future. Called inside a transaction.

        Args:
            now: the current instant, in seconds since 1970.
            longest_wait_seconds: the longest that the policy lets a message wait.
        """
        last_used = self._db.execute(sql.CLOCK, (_CLOCK,)).fetchone()
        behind = 0.0 if last_used is None else max(0.0, last_used[0] - now)
        self._db.execute(sql.MOVE_DUE, (behind, now + longest_wait_seconds))
        self._db.execute(sql.MOVE_FIRST_FAILED, (behind, now))
        self._set_meta(_CLOCK, repr(now))

    def count_calls(self, minute: int, calls: int) -> None:
        """Count calls in a minute, numbered since 1970; called inside a transaction."""
        self._db.execute(sql.COUNT_CALLS, (minute, calls))

    def calls(self) -> list[tuple[int, int]]:
        """Return the minutes in which calls were made, and how many, in order."""
        return self._db.execute(sql.CALLS).fetchall()

    def keep_calls(self, calls: Iterable[tuple[int, int]]) -> None:
        """Replace the counts of calls by these; called inside a transaction."""
        self._db.execute(sql.FORGET_CALLS)
        self._db.executemany(sql.COUNT_CALLS, calls)

    def end_run(self, run_id: int, stopped_because: str | None) -> None:
        """Store why a run's last invocation ended early; None: it did not, or it goes on."""
        self._db.execute(sql.END_RUN, (stopped_because, run_id))

    def tally(self, run_id: int) -> Tally:
        """Count a run's messages by state, and its exclusions by reason."""
        return Tally(
            states=_states(self._db.execute(sql.COUNT_STATES, (run_id,)).fetchone()),
            excluded=dict(self._db.execute(sql.COUNT_EXCLUDED, (run_id,))),
            failed=self._db.execute(sql.COUNT_FAILED, (run_id,)).fetchall(),
            uncertain_attempts=self._number(sql.UNCERTAIN_ATTEMPTS),
            failed_before=self._failed_before(run_id),
        )

    def broken_rows(self, run_id: int) -> list[tuple[str, int | None, str]]:
        """Return source, line and reason of a run's stored broken rows."""
        return self._db.execute(sql.BROKEN_ROWS, (run_id,)).fetchall()

    # Intake of profiles; called inside a transaction

    def last_exports(self, keys: Sequence[bytes]) -> dict[bytes, LastExport]:
        """Return the last exports of these profiles; a profile that was never exported has none."""
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, state, last_seq FROM profiles WHERE key IN ({marks})"  # noqa: S608  marks
        return {key: LastExport(*columns) for key, *columns in self._db.execute(query, keys)}

    def audiences_with_members(self) -> frozenset[str]:
        """Return the audiences in which a profile was exported as realized and has not left."""
        return frozenset(audience for (audience,) in self._db.execute(sql.AUDIENCES_WITH_MEMBERS))

    def fields(self) -> frozenset[str]:
        """Return the mapped fields that the sources of earlier exports had."""
        return frozenset(json.loads(self._meta("fields") or "[]"))

    def add_fields(self, fields: Iterable[str]) -> None:
        """Store mapped fields that a source has, beside those that are known."""
        known = self.fields()
        all_fields = known.union(fields)
        if all_fields != known:
            self._set_meta("fields", json.dumps(sorted(all_fields)))

    def activated(self, destination: str) -> ActivatedAudiences:
        """Return which audiences earlier runs have activated at a destination."""
        ever, last = self._all_activated().get(destination, ([], []))
        return ActivatedAudiences(frozenset(ever), frozenset(last))

    def keep_activated(
        self, destination: str, active: frozenset[str], mapped: frozenset[str]
    ) -> None:
        """Store that a run has activated audiences, and which were mapped."""
        known = self._all_activated()
        ever, _ = known.get(destination, ([], []))
        known[destination] = [sorted(active.union(ever)), sorted(mapped)]
        self._set_meta(sql.ACTIVATED_AUDIENCES, json.dumps(known))

    def _all_activated(self) -> dict[str, list[list[str]]]:
        return json.loads(self._meta(sql.ACTIVATED_AUDIENCES) or "{}")  # type: ignore[no-any-return]

    def is_restated(self, run_id: int) -> bool:
        """Return whether the rows of the last run count as ingested anew."""
        return self._meta("restated") == str(run_id)

    def add_messages(self, run_id: int, messages: Sequence[StoredMessage]) -> None:
        """Store new messages as pending; their numbers must continue from :meth:`last_seq`."""
        rows = ((m.seq, run_id, m.trace_id, m.body, m.after_seq, m.waits) for m in messages)
        self._db.executemany(sql.INSERT_MESSAGE, rows)
        self._next_seq += len(messages)

    def keep_last_exports(self, exports: Mapping[bytes, LastExport]) -> None:
        """Store the last exports of these profiles."""
        # Sorted by key, so that rows of one database page are written together.
        rows = ((key, exports[key].state, exports[key].seq) for key in sorted(exports))
        self._db.executemany(sql.UPSERT_PROFILE, rows)

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

    def forget_unsent(self, keys: Iterable[bytes]) -> None:
        """Forget the last exports of those of these profiles whose last message was not sent."""
        self._db.executemany(sql.FORGET_UNSENT, ((key,) for key in keys))

    def add_exclusions(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Add to the counts of excluded profiles, by reason."""
        self._db.executemany(sql.UPSERT_EXCLUSION, ((run_id, r, n) for r, n in counts.items()))

    def add_broken_rows(self, run_id: int, rows: Iterable[tuple[str, int | None, str]]) -> None:
        """Store rows that were not a profile."""
        self._db.executemany(sql.INSERT_BROKEN_ROW, ((run_id, *row) for row in rows))

    def advance(self, run_id: int, rows: int, broken_rows: int, *, finished: bool) -> None:
        """Store how far the source has been read."""
        self._db.execute(sql.ADVANCE_RUN, (rows, broken_rows, finished, run_id))

    def keep_read_digest(self, run_id: int, digest: str) -> None:
        """Store the digest of the rows that a run has read; only the last run's is kept."""
        self._set_meta("read_digest", f"{run_id} {digest}")

    def read_digest(self, run_id: int) -> str | None:
        """Return the digest of the rows that a run has read; None: an older version read them."""
        number, _, digest = (self._meta("read_digest") or "").partition(" ")
        return digest if number == str(run_id) else None

    # Changes of a message's state; called inside a transaction

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

    def replay(self, run_id: int, error_code: str | None) -> int:
        """Make failed messages pending again: all of them, or those with one error code.

        A message stays failed if a later message of the same profile was delivered: sending it now
        would replace newer data.
        """
        self._db.execute(sql.TAKE_OVER, (self._failed_before(run_id, error_code), run_id))
        values = (run_id, error_code, error_code)
        return self._db.execute(sql.REPLAY, values).rowcount

    # Messages still to be sent

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

    def unsent(self, after_seq: int, last_seq: int, limit: int) -> list[StoredMessage]:
        """Return messages that were never sent and wait for none, in order."""
        return self._messages(sql.UNSENT, (after_seq, last_seq, limit))

    def due(self, now: float, limit: int) -> list[StoredMessage]:
        """Return messages whose retry is due, the earliest first."""
        return self._messages(sql.DUE, (now, limit))

    def next_due_at(self) -> float | None:
        """Return the instant of the next retry, if one is waiting."""
        instant = self._db.execute(sql.NEXT_DUE).fetchone()[0]
        return None if instant is None else float(instant)

    def interrupted(self) -> list[StoredMessage]:
        """Return the messages still marked as in flight, because an export was killed."""
        return self._messages(sql.INTERRUPTED, ())

    def traces(self) -> Iterator[Trace]:
        """Return every message's trace id, state and attempts, in order."""
        return (Trace(*row) for row in self._db.execute(sql.TRACES))

    def lost(self) -> Iterator[LostMessage]:
        """Return the messages that failed permanently or are uncertain, in order."""
        found = self._db.execute(sql.LOST)
        return (LostMessage(bool(replayable), *row) for replayable, *row in found)

    def replayable_codes(self) -> dict[str, int]:
        """Count the messages that :meth:`replay` would send, by error code, most frequent first."""
        return dict(self._db.execute(sql.FAILED_CODES))

    def _failed_before(self, run_id: int, error_code: str | None = None) -> int:
        """Count the messages that failed in other runs and could be replayed."""
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


def _dataflow(stored: Any) -> Dataflow:  # noqa: ANN401  JSON
    url = stored.get("url") if isinstance(stored, dict) else None
    hosts = [url_host(url)] if isinstance(url, str) else []  # whether to send is asked again
    dataflow = Dataflow.from_mapping(stored, where="outbox", plain_http_hosts=hosts)
    return dataflow.allowing_plain_http(())
