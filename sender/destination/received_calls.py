"""What a mock received, copied from its journal for as long as it is compared.

The copy is a temporary database that SQLite moves to the disk as it grows: a journal may have
millions of calls, and none of them is held in memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

_IN_ITSELF = ""  # SQLite's name of a temporary database, which it deletes when it is closed
_TABLES = (
    """
    CREATE TABLE calls (
        trace_id TEXT NOT NULL, request_id TEXT NOT NULL, status INTEGER, reason TEXT, run_id TEXT
    )
    """,
    """
    CREATE TABLE runs (
        request_id TEXT NOT NULL, id TEXT PRIMARY KEY, outcome TEXT NOT NULL, error TEXT,
        identity TEXT
    ) WITHOUT ROWID
    """,
    "CREATE TABLE findings (disagrees INTEGER NOT NULL, document TEXT NOT NULL)",
)
_INDEXES = (
    "CREATE INDEX calls_by_trace ON calls (trace_id)",
    "CREATE INDEX runs_by_call ON runs (request_id)",
)
# Newest first, as the journal lists them.
_CALLS_OF = """
    SELECT calls.request_id, calls.status, calls.reason, coalesce(runs.id, calls.run_id),
        runs.outcome, runs.error, runs.identity
    FROM calls LEFT JOIN runs ON runs.request_id = calls.request_id
    WHERE calls.trace_id = ? ORDER BY calls.rowid, runs.id
"""


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """A trigger call that the mock received, with a run that it started.

    A call that started several runs stands for each of them.

    Attributes:
        request_id: the call's id.
        status: what it was answered; None: nothing.
        reason: why it was refused; None: it was accepted.
        run_id: the run; None: it started none.
        outcome: ``failed``, ``blocked`` or ``pending``; None: the run succeeded, or there is none.
        error: why the run failed.
        identity: whom the event is about, as it may be shown.
    """

    request_id: str
    status: int | None = None
    reason: str | None = None
    run_id: str | None = None
    outcome: str | None = None
    error: str | None = None
    identity: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the mock took it, whatever became of it."""
        return self.reason is None or self.run_id is not None


class ReceivedCalls:
    """The trigger calls that a mock received and their runs, in a temporary database.

    Use it as a context manager. A run that was not added succeeded.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect(_IN_ITSELF, isolation_level=None)
        for statement in _TABLES:
            self._db.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()

    def add_calls(self, calls: Iterable[tuple[str | None, ReceivedCall]]) -> None:
        """Add calls with their trace ids, newest first."""
        rows = (
            (trace_id or "", call.request_id, call.status, call.reason, call.run_id)
            for trace_id, call in calls
        )
        self._add("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", rows)

    def add_runs(self, runs: Iterable[ReceivedCall]) -> None:
        """Add runs; one that is here already is replaced."""
        rows = ((r.request_id, r.run_id, r.outcome or "", r.error, r.identity) for r in runs)
        self._add("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", rows)

    def index(self) -> None:
        """Make the calls findable; to be called when all have been added."""
        for statement in _INDEXES:
            self._db.execute(statement)

    def of(self, trace_id: str) -> list[ReceivedCall]:
        """Return the calls with a trace id, newest first, one for each run."""
        found = self._db.execute(_CALLS_OF, (trace_id,))
        return [
            ReceivedCall(request_id, status, reason, run_id, outcome or None, error, identity)
            for request_id, status, reason, run_id, outcome, error, identity in found
        ]

    def accepted(self) -> int:
        """Return how many calls the mock accepted."""
        query = "SELECT count(*) FROM calls WHERE reason IS NULL OR run_id IS NOT NULL"
        return int(self._db.execute(query).fetchone()[0])

    def keep_findings(self, findings: Iterable[tuple[bool, str]]) -> None:
        """Keep findings, each with whether the two sides disagree, in the order of the outbox."""
        self._add("INSERT INTO findings VALUES (?, ?)", findings)

    def findings(self, *, disagreeing_only: bool = False) -> Iterator[str]:
        """Yield the findings that were kept."""
        query = "SELECT document FROM findings WHERE disagrees >= ? ORDER BY rowid"
        return (document for (document,) in self._db.execute(query, (disagreeing_only,)))

    def _add(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany(statement, rows)
        self._db.execute("COMMIT")
