"""The journal's tables, and the numbers of their rows. No statement is run here.

A row's number contains its tenant: ``tenant << 40 | call << 3``. So the rows of one tenant lie
together and in order under the primary key, and paging needs no second index. A run's number is the
number of its call plus its place among the runs of that call. Calls that name no tenant belong to
tenant 0.
"""

import enum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

TENANT_SHIFT = 40
CALL_SHIFT = 3
RUNS_PER_CALL = 1 << CALL_SHIFT
LOCAL_BITS = (1 << TENANT_SHIFT) - 1
UNATTRIBUTED = 0

_Number = BigInteger().with_variant(Integer(), "sqlite")
metadata = MetaData()


class State(enum.IntEnum):
    """The state of a run.

    NOT_STARTED is a state of its own so that one index serves both views of Run history (Q-RUN-2).
    """

    PENDING = 0
    SUCCEEDED = 1
    FAILED = 2
    NOT_STARTED = 3


meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

tenants = Table(
    "tenants",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
)

workflows = Table(
    "workflows",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("tenant_number", _Number, nullable=False),
    Column("document", Text, nullable=False),
)

# The table keeps its first name, "ledgers", so that stores of older versions open.
tenant_counters = Table(
    "ledgers",
    metadata,
    Column("tenant_number", _Number, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
)

# What each minute of a tenant's clock counted: sums of the totals, and histograms as text.
minutes = Table(
    "minutes",
    metadata,
    Column("tenant_number", _Number, primary_key=True, autoincrement=False),
    Column("minute", _Number, primary_key=True, autoincrement=False),
    Column("received", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("extra_runs", BigInteger, nullable=False),
    Column("ignored", BigInteger, nullable=False),
    Column("blocked", BigInteger, nullable=False),
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("other_calls", BigInteger, nullable=False),
    Column("delay", Text, nullable=False),
    Column("duration", Text, nullable=False),
    Column("latency", Text, nullable=False),
    sqlite_with_rowid=False,
)

requests = Table(
    "requests",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("request_id", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", SmallInteger),
    Column("error_code", Text),
    Column("reason", Text),
    Column("trace_id", Text),
    Column("headers", Text, nullable=False),
    Column("body_bytes", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("duplicate", Boolean, nullable=False),
    Column("runs", SmallInteger, nullable=False),
    Column("note", Text),
    Column("query", Text, info={"since": 3}),
    Column("answer", Text, info={"since": 3}),
    Column("token_places", SmallInteger, info={"since": 4}),
    Column("faults", Text, info={"since": 5}),
)

runs = Table(
    "runs",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("workflow_number", _Number, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("lane", _Number, nullable=False),  # a clock's number; older stores have this name
    Column("due_at", BigInteger, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("scripted_failure", Text),
    Column("error", Text),
    Column("detail", Text),
    Column("run_now", Boolean, nullable=False, info={"since": 3}),
)

_without_run = text("runs = 0")
# Of calls that started nothing only: an accepted call costs no entry.
calls_without_run = Index(
    "calls_without_run", requests.c.reason, requests.c.seq, sqlite_where=_without_run
)
_pending = text(f"state = {State.PENDING.value}")
Index("runs_by_state", runs.c.workflow_number, runs.c.state, runs.c.seq)
_runs_due = Index(
    "runs_due",
    runs.c.lane,
    runs.c.due_at,
    runs.c.priority,
    runs.c.seq,
    sqlite_where=_pending,
)

seen = Table(
    "seen",
    metadata,
    Column("tenant_number", _Number, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


def metadata_for(dialect_name: str) -> MetaData:
    """Return the tables for a dialect.

    Setting an option of PostgreSQL's imports its dialect, which a start on SQLite must not pay for.
    """
    if dialect_name == "postgresql":
        _runs_due.dialect_kwargs["postgresql_where"] = _pending
        calls_without_run.dialect_kwargs["postgresql_where"] = _without_run
    return metadata


def first_sequence(tenant_number: int) -> int:
    """Return the lowest number that a row of that tenant can have."""
    return tenant_number << TENANT_SHIFT


def call_sequence(tenant_number: int, call_number: int) -> int:
    """Return the row number of a tenant's call; calls are counted from 1."""
    return tenant_number << TENANT_SHIFT | call_number << CALL_SHIFT


def call_of_run(run_sequence: int) -> int:
    """Return the number of the call that started a run."""
    return run_sequence >> CALL_SHIFT << CALL_SHIFT


def tenant_of(sequence: int) -> int:
    """Return the tenant that a row belongs to."""
    return sequence >> TENANT_SHIFT
