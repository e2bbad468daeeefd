"""Delete old rows: those past retention (Q-RUN-3), and the oldest ones of a full bounded store.

A waiting run is never deleted, nor the call that started it. Totals do not change. Each statement
covers a limited range of the primary key, so that other writers never wait long.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
)

from mock_qualtrics.clock import LAST_INSTANT
from mock_qualtrics.journal import duplicates
from mock_qualtrics.journal.calls.call_instants import first_call, first_received_from
from mock_qualtrics.journal.minutes.minute import MINUTE
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    CALL_SHIFT,
    RUNS_PER_CALL,
    TENANT_SHIFT,
    State,
    first_sequence,
    minutes,
    requests,
    runs,
    seen,
)

PIECE_CALLS = 5_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """The rows that were deleted from a full bounded store.

    Attributes:
        first: when the first of the calls was received.
        last: when the last of the calls was received.
        rows: the number of rows, calls and runs together.
        calls: the number of calls.
        size_bytes: the bytes of their bodies.
    """

    first: Microseconds
    last: Microseconds
    rows: int
    calls: int
    size_bytes: int


class Pruner:
    """Delete rows from a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def retire(self, tenant_number: int, cutoff: Microseconds, calls: int) -> int:
        """Delete the runs that finished, and the calls received, before an instant.

        Args:
            tenant_number: the tenant.
            cutoff: the instant, on the tenant's clock.
            calls: how many calls the tenant has had.

        Returns:
            The number of deleted rows, calls and runs together.
        """
        self._retire_minutes(tenant_number, cutoff // MINUTE)
        with self._store.connection() as connection:
            start, received_at = _oldest(connection, tenant_number)
            if received_at >= cutoff:  # as in most hours
                return 0
            end = first_received_from(connection, tenant_number, cutoff, calls)
        rows = 0
        while start < end:
            piece_end = min(start + (PIECE_CALLS << CALL_SHIFT), end)
            with self._store.changing() as connection:
                rows += _retire_piece(connection, start, piece_end, cutoff)
            start = piece_end
        return rows

    def _retire_minutes(self, tenant_number: int, end: int) -> None:
        """Delete the counters of the minutes before one: they are as old as the rows."""
        columns = minutes.c
        old = (columns.tenant_number == tenant_number) & (columns.minute < end)
        with self._store.connection() as connection:
            if connection.scalar(select(columns.minute).where(old).limit(1)) is None:
                return
        with self._store.changing() as connection:
            connection.execute(delete(minutes).where(old))

    def sizes_bytes(self) -> dict[int, int]:
        """Return the bytes of the bodies of each tenant's calls, of tenants that have any."""
        tenant = requests.c.seq.bitwise_rshift(TENANT_SHIFT)
        question = select(tenant, func.sum(func.length(requests.c.body))).group_by(tenant)
        with self._store.connection() as connection:
            return {row[0]: row[1] for row in connection.execute(question)}

    def drop_oldest(self, tenant_number: int, calls: int, size_bytes: int) -> Dropped | None:
        """Delete a tenant's oldest calls that have no waiting run, with their runs.

        Args:
            tenant_number: the tenant.
            calls: at most so many calls.
            size_bytes: no further ones once their bodies have so many bytes.

        Returns:
            What was deleted; None when all calls have waiting runs.
        """
        with self._store.changing() as connection:
            oldest = connection.execute(droppable_calls(tenant_number, calls))
            dropped = list(_up_to(size_bytes, oldest))
            oldest.close()
            if not dropped:
                return None
            of_calls = [{"first": row.seq, "last": row.seq + RUNS_PER_CALL - 1} for row in dropped]
            rows = connection.execute(_delete_between(runs), of_calls).rowcount
            rows += connection.execute(_delete_between(requests), of_calls).rowcount
            _forget_messages(connection, tenant_number, [row for row in dropped if row.accepted])
        size = sum(len(row.body) for row in dropped)
        return Dropped(dropped[0].received_at, dropped[-1].received_at, rows, len(dropped), size)


def droppable_calls(tenant_number: int, limit: int) -> Select[tuple[int, int, bool, str, bytes]]:
    """Return the query for a tenant's oldest calls that have no waiting run."""
    first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
    waiting = exists().where(
        runs.c.seq >= requests.c.seq,
        runs.c.seq < requests.c.seq + RUNS_PER_CALL,
        runs.c.state == State.PENDING.value,
    )
    columns = requests.c
    return (
        select(columns.seq, columns.received_at, columns.accepted, columns.trace_id, columns.body)
        .where(columns.seq >= first, columns.seq < end, ~waiting)
        .order_by(columns.seq)
        .limit(limit)
    )


def _oldest(connection: Connection, tenant_number: int) -> tuple[int, Microseconds]:
    """Return the number of the tenant's oldest call, and when it was received."""
    start = first_sequence(tenant_number)
    return first_call(connection, tenant_number, start) or (start, LAST_INSTANT)


def _retire_piece(connection: Connection, start: int, end: int, cutoff: Microseconds) -> int:
    # A waiting run has no finished_at, so the comparison leaves it alone.
    old_runs = delete(runs).where(
        runs.c.seq >= start, runs.c.seq < end, runs.c.finished_at < cutoff
    )
    has_runs = exists().where(
        runs.c.seq >= requests.c.seq, runs.c.seq < requests.c.seq + RUNS_PER_CALL
    )
    old_calls = delete(requests).where(
        requests.c.seq >= start, requests.c.seq < end, requests.c.received_at < cutoff, ~has_runs
    )
    return connection.execute(old_runs).rowcount + connection.execute(old_calls).rowcount


def _up_to(size_bytes: int, rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """Yield rows until the bodies of those that were yielded have so many bytes."""
    for row in rows:
        yield row
        size_bytes -= len(row.body)
        if size_bytes <= 0:
            return


def _delete_between(table: Table) -> Delete:
    return delete(table).where(table.c.seq.between(bindparam("first"), bindparam("last")))


def _forget_messages(connection: Connection, tenant_number: int, calls: Sequence[Row[Any]]) -> None:
    keys = [
        {"key": key}
        for call in calls
        for key in (
            duplicates.message_key(call.trace_id, call.body),
            duplicates.fault_key(duplicates.digest(call.body)),
        )
    ]
    if keys:
        is_key = (seen.c.tenant_number == tenant_number) & (seen.c.digest == bindparam("key"))
        connection.execute(delete(seen).where(is_key), keys)
