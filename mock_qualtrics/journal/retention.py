"""Delete old rows: those past retention (Q-RUN-3), and the oldest ones of a full bounded store.

A waiting run is never deleted, nor the call that started it. Totals do not change. Each statement
covers a limited range of the primary key, so that other writers never wait long.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, exists, select

from mock_qualtrics.journal import duplicates
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    CALL_SHIFT,
    RUNS_PER_CALL,
    State,
    call_sequence,
    first_sequence,
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
    """

    first: Microseconds
    last: Microseconds
    rows: int


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
        with self._store.connection() as connection:
            start = _oldest(connection, tenant_number)
            end = _first_received_from(connection, tenant_number, cutoff, calls)
        rows = 0
        while start is not None and start < end:
            piece_end = min(start + (PIECE_CALLS << CALL_SHIFT), end)
            with self._store.changing() as connection:
                rows += _retire_piece(connection, start, piece_end, cutoff)
            start = piece_end
        return rows

    def drop_oldest(self, tenant_number: int, calls: int) -> Dropped | None:
        """Delete a tenant's oldest calls that have no waiting run, with their runs."""
        with self._store.changing() as connection:
            dropped = connection.execute(droppable_calls(tenant_number, calls)).all()
            rows = 0
            for row in dropped:
                of_call = runs.c.seq.between(row.seq, row.seq + RUNS_PER_CALL - 1)
                rows += connection.execute(delete(runs).where(of_call)).rowcount
                rows += connection.execute(
                    delete(requests).where(requests.c.seq == row.seq)
                ).rowcount
                if row.accepted:
                    _forget_message(connection, tenant_number, row.trace_id, row.body)
        return Dropped(dropped[0].received_at, dropped[-1].received_at, rows) if dropped else None


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


def _oldest(connection: Connection, tenant_number: int) -> int | None:
    first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
    question = select(requests.c.seq).where(requests.c.seq >= first, requests.c.seq < end)
    return connection.execute(question.order_by(requests.c.seq).limit(1)).scalar()


def _first_received_from(
    connection: Connection, tenant_number: int, cutoff: Microseconds, calls: int
) -> int:
    """Return the number of the tenant's first call received at or after an instant."""
    # A binary search: calls are numbered in order of time, and no index on the time is needed.
    low, high = 0, calls + 1
    while low < high:
        middle = (low + high) // 2
        received_at = _received_from(connection, tenant_number, middle)
        if received_at is not None and received_at < cutoff:
            low = middle + 1
        else:
            high = middle
    return call_sequence(tenant_number, low)


def _received_from(connection: Connection, tenant_number: int, call: int) -> Microseconds | None:
    start, end = call_sequence(tenant_number, call), first_sequence(tenant_number + 1)
    question = select(requests.c.received_at).where(requests.c.seq >= start, requests.c.seq < end)
    return connection.execute(question.order_by(requests.c.seq).limit(1)).scalar()


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


def _forget_message(
    connection: Connection, tenant_number: int, trace_id: str | None, body: bytes
) -> None:
    message, fault = (
        duplicates.message_key(trace_id, body),
        duplicates.fault_key(duplicates.digest(body)),
    )
    is_message = (seen.c.tenant_number == tenant_number) & seen.c.digest.in_((message, fault))
    connection.execute(delete(seen).where(is_message))
