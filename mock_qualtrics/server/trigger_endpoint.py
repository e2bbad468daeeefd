"""The JSON Event as an ASGI callable: the slow path of trigger calls.

``web.trigger_routes`` offers the same as Flask routes, for other WSGI servers. Both make the same
`Call` and pass it to the same engine, and answer only once the call is durable. Ordinary calls do
not come here: `fast_path` handles them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from mock_qualtrics.engine.call_handler import answer_not_journalled
from mock_qualtrics.engine.latencies import Latencies
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Answer, Call
from mock_qualtrics.server.asgi_types import TARGET_KEY, Receive, Scope, Send
from mock_qualtrics.server.group_commit import GroupCommit

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.gate.attribution import TriggerTarget
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

_log = logging.getLogger(__name__)


class CarryOut(Protocol):
    """Carry out a connection fault, instead of sending the answer normally."""

    def __call__(
        self,
        connection_fault: Any,  # noqa: ANN401  the faults' own value
        answer: Answer,
        scope: Scope,
        send: Send,
    ) -> Awaitable[None]:
        """Carry the fault out in real time, without blocking the loop."""


class CallerLeftError(Exception):
    """The caller closed the connection before the body was complete."""


class TriggerEndpoint:
    """ASGI callable for trigger paths: read, stage, wait for the group commit, answer.

    Args:
        engine: handles the calls.
        carry_out: carries out connection faults; without it such calls are answered normally.
        commit: the group commit, shared with others that stage calls on the same event loop.
    """

    def __init__(
        self, engine: "Engine", carry_out: CarryOut | None = None, commit: GroupCommit | None = None
    ) -> None:
        self._engine = engine
        self._carry_out = carry_out
        self._commit = commit or GroupCommit(engine)
        self._latencies = Latencies(engine.journal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        try:
            call = await self._read(scope, receive)
        except CallerLeftError:
            return
        began = self._latencies.begin()
        try:
            receipt = self._engine.stage(call, target_of(self._engine, scope))
            await self._commit.done(receipt.call_number)
        except StoreFailedError as error:
            await send_answer(answer_not_journalled(error), send)
            return
        if receipt.delay_seconds:
            await asyncio.sleep(receipt.delay_seconds)
        if receipt.connection_fault is not None and self._carry_out is not None:
            await self._carry_out(receipt.connection_fault, receipt.answer, scope, send)
        else:
            await send_answer(receipt.answer, send)
            self._latencies.note(receipt, began)

    async def _read(self, scope: Scope, receive: Receive) -> Call:
        # One byte above the limit is enough to see that the body is too long.
        body = await read_body(
            receive, lambda: target_of(self._engine, scope).largest_body_bytes + 1
        )
        return call_of(scope, body)


def target_of(engine: "Engine", scope: Scope) -> "TriggerTarget[Tenant, Workflow]":
    """Return what the call's URL names; it is looked up once per call.

    It is looked up again when a workflow or a tenant was changed since. Under the engine's lock the
    answer is current.
    """
    target: TriggerTarget[Tenant, Workflow] | None = scope.get(TARGET_KEY)
    if target is None or target.revision != engine.tenants.revision:
        target = scope[TARGET_KEY] = engine.tenants.resolve(scope["query_string"].decode("latin-1"))
    return target


def call_of(scope: Scope, body: bytes) -> Call:
    """Return the call that consists of a scope and a body."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    query = scope["query_string"].decode("latin-1")
    return Call(scope["method"], scope["path"], query, headers, body)


async def read_body(receive: Receive, most_bytes: Callable[[], int]) -> bytes:
    """Return a call's body, and no more of it than ``most_bytes`` returns, which is asked last.

    Raises:
        CallerLeftError: the caller closed the connection before the body was complete.
    """
    body, more = await _next_part(receive)
    if not more:
        return body
    ceiling_bytes = most_bytes()
    chunks, size = [body], len(body)
    while more and size < ceiling_bytes:
        chunk, more = await _next_part(receive)
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)[:ceiling_bytes]


async def _next_part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerLeftError
    return message.get("body", b""), message.get("more_body", False)


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer with the headers and the body that HTTP allows for its status."""
    lines, body = envelope.as_sent(answer)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in lines]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
