"""Carry out faults of the connection, which no HTTP framework can do.

All waiting is done by the event loop, in real time, and never blocks another call.
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
from mock_qualtrics.server.trigger_endpoint import call_of, send_answer, target_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.connection import ConnectionProtocol

DRIBBLE_SECONDS: Final = 0.05  # between two bytes; far below any read timeout
MISSING_BYTES: Final = 64  # the difference between a wrong length and the body

_log = logging.getLogger(__name__)


class EarlyReset:
    """ASGI middleware that resets connections before the body is read.

    Args:
        engine: knows the tenants and their faults, and journals.
        inner: answers the other calls.
    """

    def __init__(self, engine: "Engine", inner: Application) -> None:
        self._engine = engine
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the call's connection, or pass the call to the inner callable."""
        if scope["type"] != "http" or not self._matches(scope):
            await self._inner(scope, receive, send)
            return
        try:
            receipt = self._engine.stage(call_of(scope, b""), target_of(self._engine, scope))
            self._engine.journal.commit()  # not the group commit, for which others wait
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
    """Carry out a connection fault instead of sending the answer normally.

    Args:
        connection_fault: the fault.
        answer: the answer, of which some faults send a part.
        scope: the call's scope, from a `ConnectionProtocol`.
        send: sends ASGI messages.
    """
    connection: ConnectionProtocol = scope[CONNECTION_KEY]
    try:
        await _ACTS[connection_fault](connection, answer, send)
    except asyncio.CancelledError:
        connection.drop()  # the server stops: end the fault without an answer


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


async def _processing(connection: "ConnectionProtocol", answer: Answer, send: Send) -> None:
    connection.send_interim(102)
    await send_answer(answer, send)


async def _early_hints(connection: "ConnectionProtocol", answer: Answer, send: Send) -> None:
    connection.send_interim(103)
    await send_answer(answer, send)


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
    ConnectionFault.PROCESSING: _processing,
    ConnectionFault.EARLY_HINTS: _early_hints,
}
