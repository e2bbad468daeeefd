"""The runs of an outbox: what each has read, done and counted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sender.outbox import schema as sql
from sender.outbox.database import CLOCK, Database
from sender.outbox.losses import failed_before
from sender.outbox.records import Run, Tally, WorkDone


class Runs:
    """Stores runs; what a batch of rows changes is called inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._db = database.connection

    def last(self) -> Run | None:
        """Return the last run, if there is one."""
        row = self._db.execute(sql.LAST_RUN).fetchone()
        if row is None:
            return None
        number, started_at, seconds, source_text, rows_read, finished, *rest = row
        source = None if source_text is None else json.loads(source_text)
        return Run(number, started_at, seconds, source, rows_read, bool(finished), *rest)

    def begin(
        self, started_at: float, source: Mapping[str, Any] | None, *, restated: bool = False
    ) -> Run:
        """Begin a run, which takes over all messages that are still pending.

        Args:
            started_at: seconds since 1970.
            source: a JSON description of where its profiles come from.
            restated: whether its rows count as ingested anew.
        """
        text = None if source is None else json.dumps(source)
        with self._database.transaction():
            insert = "INSERT INTO runs (started_at, source) VALUES (?, ?)"
            number = int(self._db.execute(insert, (started_at, text)).lastrowid or 0)
            taken_over = self._db.execute(sql.ADOPT, (number, number)).rowcount
            self._db.execute(sql.TAKE_OVER, (taken_over, number))
            if restated:
                self._database.keep_value("restated", str(number))
        return Run(number, started_at, source=source, taken_over=taken_over)

    def pace(self, run_id: int, paced_as: str) -> None:
        """Store at which pace a run's messages are sent; another one begins a rate of its own."""
        self._db.execute(sql.PACE_RUN, (paced_as, run_id))

    def note_work(self, run_id: int, done: WorkDone, now: float) -> None:
        """Add what an invocation has done to its run, and store what the clock showed."""
        values = (done.seconds, done.rate_intervals, done.rate_seconds, done.rows_expected)
        self._db.execute(sql.NOTE_WORK, (*values, run_id))
        self._database.keep_value(CLOCK, repr(now))

    def advance(self, run_id: int, rows: int, broken_rows: int, *, finished: bool) -> None:
        """Store how far the source has been read."""
        self._db.execute(sql.ADVANCE_RUN, (rows, broken_rows, finished, run_id))

    def end(self, run_id: int, stopped_because: str | None) -> None:
        """Store why a run's last invocation ended early; None: it did not, or it goes on."""
        self._db.execute(sql.END_RUN, (stopped_because, run_id))

    def is_restated(self, run_id: int) -> bool:
        """Return whether the rows of the last run count as ingested anew."""
        return self._database.value("restated") == str(run_id)

    def keep_read_digest(self, run_id: int, digest: str) -> None:
        """Store the digest of the rows that a run has read; only the last run's is kept."""
        self._database.keep_value("read_digest", f"{run_id} {digest}")

    def read_digest(self, run_id: int) -> str | None:
        """Return the digest of the rows that a run has read; None: an older version read them."""
        number, _, digest = (self._database.value("read_digest") or "").partition(" ")
        return digest if number == str(run_id) else None

    def tally(self, run_id: int) -> Tally:
        """Count a run's messages by state, and its exclusions by reason."""
        return Tally(
            states=_states(self._db.execute(sql.COUNT_STATES, (run_id,)).fetchone()),
            excluded=dict(self._db.execute(sql.COUNT_EXCLUDED, (run_id,))),
            failed=self._db.execute(sql.COUNT_FAILED, (run_id,)).fetchall(),
            uncertain_attempts=self._database.number(sql.UNCERTAIN_ATTEMPTS),
            failed_before=failed_before(self._db, run_id),
        )

    def add_exclusions(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Add to the counts of excluded profiles, by reason."""
        self._db.executemany(sql.UPSERT_EXCLUSION, ((run_id, r, n) for r, n in counts.items()))

    def add_broken_rows(self, run_id: int, rows: Iterable[tuple[str, int | None, str]]) -> None:
        """Store rows that were not a profile."""
        self._db.executemany(sql.INSERT_BROKEN_ROW, ((run_id, *row) for row in rows))

    def broken_rows(self, run_id: int) -> list[tuple[str, int | None, str]]:
        """Return source, line and reason of a run's stored broken rows."""
        return self._db.execute(sql.BROKEN_ROWS, (run_id,)).fetchall()

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


def _states(counts: Sequence[float]) -> dict[int, int]:
    return {state: int(count) for state, count in enumerate(counts) if count}
