"""At which call an instant lies: calls are numbered in order of time, so no index is needed."""

from sqlalchemy import Connection, select

from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.schema import (
    CALL_SHIFT,
    LOCAL_BITS,
    call_sequence,
    first_sequence,
    requests,
)


def first_received_from(
    connection: Connection, tenant_number: int, instant: Microseconds, calls: int
) -> int:
    """Return the row number of a tenant's first call received at or after an instant.

    Args:
        connection: to the store.
        tenant_number: the tenant.
        instant: on the tenant's clock.
        calls: the number of the tenant's newest call, or more.

    Returns:
        When there is no such call, the number after all of them.
    """
    low, high = 0, calls + 1
    while low < high:
        middle = (low + high) // 2
        call = first_call(connection, tenant_number, call_sequence(tenant_number, middle))
        if call is not None and call[1] < instant:
            low = middle + 1
        else:
            high = middle
    return call_sequence(tenant_number, low)


def first_call(
    connection: Connection, tenant_number: int, start: int
) -> tuple[int, Microseconds] | None:
    """Return row number and instant of the tenant's first call from a row number on."""
    columns, end = requests.c, first_sequence(tenant_number + 1)
    question = select(columns.seq, columns.received_at).where(columns.seq >= start)
    question = question.where(columns.seq < end).order_by(columns.seq).limit(1)
    row = connection.execute(question).first()
    return None if row is None else (row[0], row[1])


def newest_call(connection: Connection, tenant_number: int) -> int:
    """Return the number of the tenant's newest call that is kept, counted from 1; 0 for none."""
    first, end = first_sequence(tenant_number), first_sequence(tenant_number + 1)
    question = select(requests.c.seq).where(requests.c.seq >= first, requests.c.seq < end)
    newest = connection.scalar(question.order_by(requests.c.seq.desc()).limit(1))
    return 0 if newest is None else (newest & LOCAL_BITS) >> CALL_SHIFT
