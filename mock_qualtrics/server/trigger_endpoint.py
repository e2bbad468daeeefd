"""The JSON Event's two front doors, and whoami: HTTP in, the engine's answer out.

`TriggerEndpoint` is a plain ASGI callable; ``web.trigger_routes`` holds the same as Flask routes.
Both make the same `Call` and hand it to the same engine, which judges, journals and answers; none
is answered before it is durable. An ordinary call does not even come here: `fast_path` takes it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import trigger_key
from mock_qualtrics.model import Answer, Call, Refusal
from mock_qualtrics.server.group_commit import GroupCommit
from mock_qualtrics.settings import Limits

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


_log = logging.getLogger(__name__)


class CarryOut(Protocol):
    """Does to the connection what a fault asks for, instead of sending the answer."""

    def __call__(
        self,
        connection_fault: Any,  # noqa: ANN401  the faults' own value
        answer: Answer,
        scope: Scope,
        send: Send,
    ) -> Awaitable[None]:
        """Carry the fault out; it works in real time and never blocks the loop."""


class CallerLeftError(Exception):
    """The caller hung up before the body was whole; nothing happened."""


class TriggerEndpoint:
    """ASGI callable for trigger paths: reads, stages, waits for the shared commit, answers.

    Args:
        engine: judges and journals.
        act: what carries out connection faults; without it they are answered as usual.
        commit: shared with others who stage calls on the same event loop.
    """

    def __init__(
        self, engine: "Engine", carry_out: CarryOut | None = None, commit: GroupCommit | None = None
    ) -> None:
        self._engine = engine
        self._carry_out = carry_out
        self._commit = commit or GroupCommit(engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        try:
            call = await self._read(scope, receive)
        except CallerLeftError:
            return
        try:
            receipt = self._engine.stage(call)
            await self._commit.done()
        except StoreFailedError as error:
            await _send(not_journalled(error), send)
            return
        if receipt.delay_seconds:
            await asyncio.sleep(receipt.delay_seconds)
        if receipt.connection_fault is not None and self._carry_out is not None:
            await self._carry_out(receipt.connection_fault, receipt.answer, scope, send)
        else:
            await _send(receipt.answer, send)

    async def _read(self, scope: Scope, receive: Receive) -> Call:
        query = scope["query_string"].decode("latin-1")
        message = await receive()
        body = message.get("body", b"")
        if message.get("more_body"):
            body = await _read_on(body, receive, body_ceiling(self._engine, query))
        elif message["type"] == "http.disconnect":
            raise CallerLeftError
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        )
        return Call(scope["method"], scope["path"], query, headers, body)


def not_journalled(error: StoreFailedError) -> Answer:
    """Return the answer to a call that is not durable: it may be lost or not (Q-FAULT-2)."""
    _log.error("%s", error)
    return envelope.failure(Refusal("store-failed", 503, "The journal cannot be written."), None)


def body_ceiling(engine: "Engine", query: str) -> int:
    """Return how many bytes of a body are worth reading: one more than its tenant takes."""
    key = trigger_key(query)
    found = engine.tenants.by_trigger(key) if key else None
    limit_bytes = Limits().payload_bytes if found is None else found[0].limits.payload_bytes
    return limit_bytes + 1


async def _read_on(first: bytes, receive: Receive, ceiling_bytes: int) -> bytes:
    chunks, size = [first], len(first)
    while size < ceiling_bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeftError
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if not message.get("more_body"):
            break
    return b"".join(chunks)[:ceiling_bytes]


async def _send(answer: Answer, send: Send) -> None:
    lines, body = envelope.as_sent(answer)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in lines]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
