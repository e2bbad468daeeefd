"""The deliveries of one message: calls with the same trace id, or without one the same body.

They are looked for among the `CALLS_AROUND` calls before and after the given one, and the nearest
are taken: no index has trace ids or bodies, and retries of a message are not far apart. Refused
calls belong to them: a first try that was answered 429, and the second that was accepted.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    Select,
    and_,
    false,
    func,
    literal,
    or_,
    select,
)

from mock_qualtrics import ids
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import CALL_SHIFT, first_sequence, requests, tenant_of

CALLS_AROUND: Final = 5_000
MOST_ON_A_SIDE: Final = 25
_COLUMNS: Final = (
    requests.c.seq,
    requests.c.request_id,
    requests.c.received_at,
    requests.c.status,
    requests.c.reason,
    requests.c.accepted,
    requests.c.runs,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call that brought a message.

    Attributes:
        request_id: the call's id.
        received_at: when it was received.
        status: the status that it was answered with; None when a fault left it unanswered.
        reason: why it was refused; None when it was not.
        accepted: whether it was accepted.
        run_ids: the runs that it started; several when a fault ran it twice.
        is_given: whether it is the call that was asked about.
    """

    request_id: str
    received_at: Microseconds
    status: int | None
    reason: str | None
    accepted: bool
    run_ids: tuple[str, ...]
    is_given: bool


def deliveries(store: Store, key: bytes, call: int) -> tuple[Delivery, ...]:
    """Return the deliveries of the message of a call, newest first, the call itself too.

    Args:
        store: the database.
        key: the seed's key, from which the ids of runs derive.
        call: the number of the call's row.

    Raises:
        NotFoundError: the call is not kept.
    """
    with store.connection() as connection:
        given = connection.execute(select(requests).where(requests.c.seq == call)).first()
        if given is None:
            raise NotFoundError("call", str(call))
        same = same_message(given.trace_id, given.body, given.body_bytes)
        later = connection.execute(calls_after(call, same)).all()
        earlier = connection.execute(calls_before(call, same)).all()
    return tuple(_delivery(key, row, call) for row in [*reversed(later), given, *earlier])


def same_message(trace_id: str | None, body: bytes, body_bytes: int) -> ColumnElement[bool]:
    """Return the condition that a call brought the same message.

    Of a refused call only the beginning of the body is kept: so much of both is compared.
    """
    columns = requests.c
    if trace_id is not None:
        return columns.trace_id == trace_id
    if not body and body_bytes:
        return false()  # nothing is kept of it, so nothing can be compared
    given = literal(body, LargeBinary)
    begins = func.substr(columns.body, 1, len(body)) == func.substr(
        given, 1, func.length(columns.body)
    )
    is_kept = or_(columns.body_bytes == 0, func.length(columns.body) > 0)
    return and_(columns.trace_id.is_(None), columns.body_bytes == body_bytes, is_kept, begins)


def calls_before(call: int, same: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the nearest calls before one that meet a condition."""
    first = max(first_sequence(tenant_of(call)), call - (CALLS_AROUND << CALL_SHIFT))
    query = select(*_COLUMNS).where(requests.c.seq >= first, requests.c.seq < call, same)
    return query.order_by(requests.c.seq.desc()).limit(MOST_ON_A_SIDE)


def calls_after(call: int, same: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the nearest calls after one that meet a condition."""
    last = call + (CALLS_AROUND << CALL_SHIFT)
    end = min(first_sequence(tenant_of(call) + 1), last + 1)
    query = select(*_COLUMNS).where(requests.c.seq > call, requests.c.seq < end, same)
    return query.order_by(requests.c.seq).limit(MOST_ON_A_SIDE)


def _delivery(key: bytes, row: Row[Any], given: int) -> Delivery:
    return Delivery(
        row.request_id,
        row.received_at,
        row.status,
        row.reason,
        bool(row.accepted),
        tuple(ids.run_id(key, row.seq + place) for place in range(row.runs)),
        row.seq == given,
    )
