"""Acts on the connection itself: what no HTTP framework can say.

`send_answer` sends an answer, late or broken as the faults ask. Everything waits by the event
loop, in real time whatever the tenant's clock says, and never blocks another call. What happens,
and whether, is decided in ``faults``; nothing here knows a tenant.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_qualtrics.faults.base import WireAct
from mock_qualtrics.values import Answer

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

TRANSPORT_KEY: Final = "mock_qualtrics.transport"
DRIBBLE_SECONDS: Final = 0.05  # between two bytes: far under any read timeout
MISSING_BYTES: Final = 64  # how many more a wrong length promises than are sent

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # linger, for no time: close sends RST, not FIN


class WireProtocol(HttpToolsProtocol):
    """uvicorn's fast protocol, with the connection's transport in every scope."""

    def on_message_begin(self) -> None:
        """Start a request's scope."""
        super().on_message_begin()
        self.scope[TRANSPORT_KEY] = self.transport  # type: ignore[typeddict-unknown-key]


class Exchange:
    """One call's connection: the ASGI triple, and the transport below it."""

    __slots__ = ("_receive", "_send", "_transport")

    def __init__(
        self, scope: "HTTPScope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        self._receive = receive
        self._send = send
        self._transport = cast("asyncio.Transport", scope[TRANSPORT_KEY])  # type: ignore[typeddict-item]

    async def start(self, answer: Answer, length_bytes: int) -> None:
        """Send the status line and the headers."""
        headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers]
        headers.append((b"content-length", b"%d" % length_bytes))
        await self._send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": headers,
                "trailers": False,
            }
        )

    async def body(self, chunk: bytes, *, more: bool = False) -> None:
        """Send a part of the body."""
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def gone(self) -> None:
        """Return once the caller has gone, or the connection was ended from here."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def close(self) -> None:
        """Send what was written, then end the connection in order."""
        self._transport.close()
        await self.gone()

    async def reset(self) -> None:
        """End the connection with RST, whatever was written or not read."""
        connection: socket.socket = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._transport.abort()
        await self.gone()

    def abort(self) -> None:
        """Drop the connection at once: the server stops."""
        self._transport.abort()


async def send_answer(
    exchange: Exchange, answer: Answer, act: WireAct | None = None, delay_seconds: float = 0.0
) -> None:
    """Send the answer, or do to the connection what the act says.

    Args:
        exchange: the call's connection.
        answer: what is sent, whole or not.
        act: how it is broken; None sends it as it is.
        delay_seconds: real time to wait before.
    """
    try:
        if delay_seconds > 0:
            await asyncio.sleep(delay_seconds)
        await (_ACTS[act] if act is not None else _whole)(exchange, answer)
    except asyncio.CancelledError:
        exchange.abort()  # the server stops; uvicorn would answer 500 for a call that did not fail


async def _whole(exchange: Exchange, answer: Answer) -> None:
    await exchange.start(answer, len(answer.body))
    await exchange.body(answer.body)


async def _hang(exchange: Exchange, _: Answer) -> None:
    await exchange.gone()


async def _reset(exchange: Exchange, _: Answer) -> None:
    await exchange.reset()


async def _truncate(exchange: Exchange, answer: Answer) -> None:
    await exchange.start(answer, len(answer.body))
    await exchange.body(answer.body[: len(answer.body) // 2], more=True)
    await exchange.close()


async def _wrong_length(exchange: Exchange, answer: Answer) -> None:
    await exchange.start(answer, len(answer.body) + MISSING_BYTES)
    await exchange.body(answer.body, more=True)
    await exchange.close()


async def _dribble(exchange: Exchange, answer: Answer) -> None:
    await exchange.start(answer, len(answer.body))
    gone = asyncio.ensure_future(exchange.gone())
    try:
        for index in range(len(answer.body)):
            await exchange.body(answer.body[index : index + 1], more=True)
            done, _ = await asyncio.wait({gone}, timeout=DRIBBLE_SECONDS)
            if done:
                return
    finally:
        gone.cancel()
    await exchange.body(b"")


_ACTS: Final[dict[WireAct, Callable[[Exchange, Answer], Awaitable[None]]]] = {
    WireAct.HANG: _hang,
    WireAct.RESET: _reset,
    WireAct.TRUNCATE: _truncate,
    WireAct.WRONG_LENGTH: _wrong_length,
    WireAct.DRIBBLE: _dribble,
}
