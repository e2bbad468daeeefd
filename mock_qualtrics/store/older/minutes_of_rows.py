"""Count the calls and runs of a store of version 5 by the minute, for the migration to version 6.

It holds the table and the rows as these versions have them, and so it never changes.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, column, insert, table, text

from mock_qualtrics.histograms import SpanCounts

_MINUTE: Final = 60_000_000
_TENANT_SHIFT: Final = 40
_TRIGGERS: Final = {f"/inbound-event/v1/events/{kind}/triggers" for kind in ("json", "JSON")}
_COUNTS: Final = (
    "received",
    "refused",
    "accepted",
    "extra_runs",
    "ignored",
    "blocked",
    "succeeded",
    "failed",
    "other_calls",
)
_TEXTS: Final = ("delay", "duration", "latency")
_SUCCEEDED: Final = 1
_BLOCKED: Final = "the daily limit of "
_ROWS_AT_ONCE: Final = 5_000

_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS minutes (tenant_number BIGINT NOT NULL, minute BIGINT NOT NULL, "
    + "".join(f"{name} BIGINT NOT NULL, " for name in _COUNTS)
    + "".join(f"{name} TEXT NOT NULL, " for name in _TEXTS)
    + "PRIMARY KEY (tenant_number, minute))"
)
_TABLE: Final = table("minutes", *map(column, ("tenant_number", "minute", *_COUNTS, *_TEXTS)))
_CALLS: Final = "SELECT seq, path, received_at, accepted, runs FROM requests"
_RUNS: Final = (
    "SELECT seq, state, received_at, started_at, finished_at, error FROM runs WHERE state <> 0"
)


class _Minutes(dict[tuple[int, int], dict[str, Any]]):
    """The counted minutes, by tenant number and minute."""

    def __missing__(self, key: tuple[int, int]) -> dict[str, Any]:
        zeros: dict[str, Any] = dict.fromkeys(_COUNTS, 0)
        minute = self[key] = zeros | {name: SpanCounts() for name in _TEXTS}
        return minute

    def of(self, sequence: int, instant: int) -> dict[str, Any]:
        """Return the minute of an instant, of the tenant that a row belongs to."""
        return self[sequence >> _TENANT_SHIFT, instant // _MINUTE]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table."""
        for (tenant_number, number), counted in self.items():
            texts = {name: counted[name].to_text() for name in _TEXTS}
            yield {"tenant_number": tenant_number, "minute": number, **counted, **texts}


def count_rows_by_minute(connection: Connection) -> None:
    """Create the table ``minutes``, and fill it from calls and runs; inside a transaction.

    Raises:
        SQLAlchemyError: the database refused.
    """
    connection.execute(text(_CREATE))
    minutes = _Minutes()
    for call in _rows(connection, _CALLS):
        _count_call(minutes.of(call.seq, call.received_at), call)
    for run in _rows(connection, _RUNS):
        if run.error is not None and run.error.startswith(_BLOCKED):
            minutes.of(run.seq, run.received_at)["blocked"] += 1
        else:
            _count_end(minutes.of(run.seq, run.finished_at), run)
    if minutes:
        connection.execute(insert(_TABLE), list(minutes.rows()))


def _rows(connection: Connection, query: str) -> Iterator[Row[Any]]:
    # In parts: PostgreSQL's driver would hold all of them.
    options = {"stream_results": True, "yield_per": _ROWS_AT_ONCE}
    yield from connection.execute(text(query), execution_options=options)


def _count_call(minute: dict[str, Any], call: Row[Any]) -> None:
    if call.path not in _TRIGGERS:
        minute["other_calls"] += 1
        minute["extra_runs"] += call.runs
        return
    minute["received"] += 1
    minute["accepted" if call.accepted else "refused"] += 1
    if call.accepted:
        minute["ignored"] += not call.runs
        minute["extra_runs"] += max(0, call.runs - 1)


def _count_end(minute: dict[str, Any], run: Row[Any]) -> None:
    minute["succeeded" if run.state == _SUCCEEDED else "failed"] += 1
    if run.started_at is not None:
        minute["delay"].count(run.started_at - run.received_at)
        minute["duration"].count(run.finished_at - run.started_at)
