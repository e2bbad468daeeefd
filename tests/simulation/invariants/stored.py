"""What stands in the two databases, read from the files by plain SQL, as a new process finds it."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PENDING, IN_FLIGHT, ACTIVATED, FAILED, UNCERTAIN, WITHDRAWN = range(6)
RUN_PENDING, RUN_SUCCEEDED, RUN_FAILED, RUN_NOT_STARTED = range(4)
UNFINISHED = (PENDING, IN_FLIGHT)
_TENANT_SHIFT, _CALL_SHIFT = 40, 3
_COUNTS = ("received", "refused", "accepted", "extra_runs")
_COUNTS += ("ignored", "blocked", "succeeded", "failed")
_HISTOGRAMS = ("delay", "duration")


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of the outbox."""

    seq: int
    trace_id: str
    state: int
    attempts: int = 0
    uncertain_attempts: int = 0
    status: int | None = None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call in the mock's journal; ``runs`` is how many it started."""

    number: int
    at_us: int
    accepted: bool
    trace_id: str | None = None
    status: int | None = None
    reason: str | None = None
    faults: str = ""
    runs: int = 0
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run in the mock's journal.

    Attributes:
        number: its number.
        call_number: the number of its call.
        state: one of ``RUN_PENDING`` and the others.
        workflow: its workflow's number.
        received_us: when its call came.
        due_us: when it was due, or its last try.
        finished_us: when it ended; None: it has not.
        skips_tasks: whether its conditions were not met.
    """

    number: int
    call_number: int
    state: int
    workflow: int = 1
    received_us: int = 0
    due_us: int = 0
    finished_us: int | None = None
    skips_tasks: bool = False


@dataclass(frozen=True, slots=True)
class SenderState:
    """All messages of an outbox, in order."""

    messages: Sequence[StoredMessage] = ()


@dataclass(frozen=True, slots=True)
class MockState:
    """All trigger calls and runs of a tenant in order, and what it counted.

    Attributes:
        calls: the calls.
        runs: the runs.
        totals: by their names, camelCase.
        minutes: by minute since 1970 what it counted, by the names of the columns; of a histogram
            how many are in it.
    """

    calls: Sequence[StoredCall] = ()
    runs: Sequence[StoredRun] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[int, Counter[str]] = field(default_factory=dict)

    def runs_by_state(self) -> Counter[int]:
        """Count the runs by state."""
        return Counter(run.state for run in self.runs)


def opened(file: Path) -> sqlite3.Connection:
    """Return a connection that only reads."""
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)


def read_sender(connection: sqlite3.Connection) -> SenderState:
    """Return what an outbox holds."""
    query = """
        SELECT seq, trace_id, state, attempts, uncertain_attempts, status
        FROM messages ORDER BY seq
    """
    return SenderState([StoredMessage(*row) for row in connection.execute(query)])


def read_mock(connection: sqlite3.Connection, tenant_number: int) -> MockState:
    """Return what the mock's store holds of a tenant."""
    first, end = tenant_number << _TENANT_SHIFT, (tenant_number + 1) << _TENANT_SHIFT
    calls = connection.execute(
        """
        SELECT seq, received_at, accepted, trace_id, status, reason, faults, runs, duplicate
        FROM requests WHERE seq >= ? AND seq < ? AND reason IS NOT 'unknown-path' ORDER BY seq
        """,
        (first, end),
    )
    runs = connection.execute(
        """
        SELECT seq, state, workflow_number, received_at, due_at, finished_at,
            coalesce(detail LIKE '%no task ran: conditions not met%', 0)
        FROM runs WHERE seq >= ? AND seq < ? ORDER BY seq
        """,
        (first, end),
    )
    return MockState(
        [StoredCall(seq, at, bool(accepted), *row) for seq, at, accepted, *row in calls],
        [StoredRun(seq, seq >> _CALL_SHIFT << _CALL_SHIFT, *row) for seq, *row in runs],
        _totals(connection, tenant_number),
        _minutes(connection, tenant_number),
    )


def _totals(connection: sqlite3.Connection, tenant_number: int) -> dict[str, int]:
    query = "SELECT document FROM ledgers WHERE tenant_number = ?"
    row = connection.execute(query, (tenant_number,)).fetchone()
    if row is None:
        return {}
    document = json.loads(row[0])
    document["extraRuns"] = document.pop("extra_runs", 0)
    return {name: value for name, value in document.items() if isinstance(value, int)}


def _minutes(connection: sqlite3.Connection, tenant_number: int) -> dict[int, Counter[str]]:
    names = ", ".join(_COUNTS + _HISTOGRAMS)
    query = f"SELECT minute, {names} FROM minutes WHERE tenant_number = ?"
    minutes = {}
    for number, *values in connection.execute(query, (tenant_number,)):
        counted = Counter(dict(zip(_COUNTS, values, strict=False)))
        for name, text in zip(_HISTOGRAMS, values[len(_COUNTS) :], strict=True):
            counted[name] = sum(int(part.partition(":")[2]) for part in text.split())
        minutes[number] = counted
    return minutes
