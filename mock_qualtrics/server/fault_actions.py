"""Faults of the connection, carried out: what no HTTP framework can do.

Everything waits by the event loop, in real time whatever the tenant's clock says, and never blocks
another call.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.faults.effects import ConnectionFault
from mock_qualtrics.faults.fault_set import Counts
from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.model import Answer
from mock_qualtrics.server.asgi_types import CONNECTION_KEY, Application, Receive, Scope, Send
from mock_qualtrics.server.trigger_endpoint import call_of, target_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.connection import ConnectionProtocol

DRIBBLE_SECONDS: Final = 0.05  # between two bytes: far under any read timeout
MISSING_BYTES: Final = 64  # how many more a wrong length promises than are sent

_log = logging.getLogger(__name__)


class EarlyReset:
    """ASGI callable in front of another: passes on every call that it does not reset.

    Args:
        engine: knows the tenants and their faults, and journals.
        inner: answers the other calls.
    """

    def __init__(self, engine: "Engine", inner: Application) -> None:
        self._engine = engine
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the call's connection, or pass the call on."""
        if scope["type"] != "http" or not self._matches(scope):
            await self._inner(scope, receive, send)
            return
        try:
            receipt = self._engine.stage(call_of(scope, b""), target_of(self._engine, scope))
            self._engine.journal.commit()  # not what others of this turn wait for
            await asyncio.sleep(receipt.delay_seconds)
        except StoreFailedError as error:
            _log.error("%s", error)
        scope[CONNECTION_KEY].reset()

    def _matches(self, scope: Scope) -> bool:
        if not is_trigger_path(scope["path"]):
            return False
        with self._engine.lock:
            tenant = target_of(self._engine, scope).tenant
            if tenant is None or not tenant.faults:
                return False
            counts = Counts(self._engine.journal.counters(tenant.number).received)
            return tenant.faults.resets_before_body(counts, tenant.clock.now())


async def carry_out(
    connection_fault: ConnectionFault, answer: Answer, scope: Scope, send: Send
) -> None:
    """Do to the connection what the fault says, instead of sending the answer as it is.

    Args:
        connection_fault: what is done.
        answer: what would have been sent; of some of it the caller sees a part.
        scope: the call's, from a `ConnectionProtocol`.
        send: the call's.
    """
    connection: ConnectionProtocol = scope[CONNECTION_KEY]
    try:
        await _ACTS[connection_fault](connection, answer, send)
    except asyncio.CancelledError:
        connection.drop()  # the server stops; the caller learns no more than it would have


async def _hang(connection: "ConnectionProtocol", _: Answer, __: Send) -> None:
    await connection.lost()
    connection.drop()


async def _reset(connection: "ConnectionProtocol", _: Answer, __: Send) -> None:
    connection.reset()


async def _truncate(connection: "ConnectionProtocol", answer: Answer, send: Send) -> None:
    await _head(answer, len(answer.body), send)
    await _part(answer.body[: len(answer.body) // 2], send)
    connection.close()


async def _wrong_length(connection: "ConnectionProtocol", answer: Answer, send: Send) -> None:
    await _head(answer, len(answer.body) + MISSING_BYTES, send)
    await _part(answer.body, send)
    connection.close()


async def _dribble(connection: "ConnectionProtocol", answer: Answer, send: Send) -> None:
    await _head(answer, len(answer.body), send)
    for index in range(len(answer.body)):
        await _part(answer.body[index : index + 1], send)
        await asyncio.sleep(DRIBBLE_SECONDS)
        if connection.transport.is_closing():
            return
    await send({"type": "http.response.body", "body": b""})


async def _head(answer: Answer, length_bytes: int, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers]
    headers.append((b"content-length", b"%d" % length_bytes))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _part(chunk: bytes, send: Send) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


_ACTS: Final[
    "dict[ConnectionFault, Callable[[ConnectionProtocol, Answer, Send], Awaitable[None]]]"
] = {
    ConnectionFault.HANG: _hang,
    ConnectionFault.RESET: _reset,
    ConnectionFault.TRUNCATE: _truncate,
    ConnectionFault.WRONG_LENGTH: _wrong_length,
    ConnectionFault.DRIBBLE: _dribble,
}
