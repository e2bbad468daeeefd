"""A connection: uvicorn's fast HTTP protocol, able to be broken on purpose.

What happens, and whether, is decided in ``faults``; nothing here knows a tenant.
"""

import asyncio
import socket
import struct
from typing import Final, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Refusal
from mock_qualtrics.server.asgi_types import CONNECTION_KEY

LONGEST_HEAD_BYTES: Final = 65_536

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # linger, for no time: close sends RST, not FIN
_ENDLESS_HEAD: Final = Refusal(
    "head-too-large", 431, f"The request's head is longer than {LONGEST_HEAD_BYTES:,} bytes."
)


class _NoTrailers(list[tuple[bytes, bytes]]):
    """Keeps none of what follows a chunked body: a trailer is no header (RFC 9110, 6.5.1)."""

    def append(self, trailer: tuple[bytes, bytes]) -> None:
        """Drop it."""


_NO_TRAILERS: Final = _NoTrailers()


class ConnectionProtocol(HttpToolsProtocol):
    """uvicorn's fast protocol, in every scope, and able to be broken on purpose."""

    _lost: asyncio.Event | None = None
    _half_closed = False
    _no_call: Refusal | None = None
    _in_head = False
    _head_was_open = False  # before the packet at hand; how much of that is head, nobody says
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is a head that does not end."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data) if self._head_was_open else 0
            self._head_was_open = True
            if self._head_bytes > LONGEST_HEAD_BYTES and not self.transport.is_closing():
                self.refuse_no_call(_ENDLESS_HEAD)

    def on_message_begin(self) -> None:
        """Start a request's scope."""
        super().on_message_begin()
        self._in_head, self._head_was_open, self._head_bytes = True, False, 0
        self.scope[CONNECTION_KEY] = self  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """Start the call."""
        self._in_head = False
        super().on_headers_complete()
        self.headers = _NO_TRAILERS

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits for it."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn keeps a broken connection until then
        if self._lost is not None:
            self._lost.set()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a caller that sends no more but may still listen; of half a call make nothing.

        Returns:
            Whether the connection stays open for the answer; TLS cannot.
        """
        self._half_closed = True
        if self._lost is not None:
            self._lost.set()
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first call
        if cycle is None:
            return False
        waits = not (cycle.more_body or cycle.response_complete)
        if waits and self.scheme == "http":
            cycle.keep_alive = False
            return True
        self._forget_answer()
        return False

    async def lost(self) -> None:
        """Return once the caller has hung up."""
        self._lost = self._lost or asyncio.Event()
        if not (self._half_closed or self.transport.is_closing()):
            await self._lost.wait()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self.refuse_no_call(Refusal("not-http", 400, msg))

    def refuse_no_call(self, refusal: Refusal) -> None:
        """Answer, in the envelope, what no call can be made of for the journal, and hang up.

        A whole call before it is answered first.
        """
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first call
        if cycle is not None and not (cycle.more_body or cycle.response_complete):
            self._no_call = refusal
            return
        answer = envelope.failure(refusal, None)
        lines = [f"{name}: {value}\r\n" for name, value in answer.headers]
        lines += [f"content-length: {len(answer.body)}\r\n", "connection: close\r\n\r\n"]
        head = STATUS_LINE[refusal.status] + "".join(lines).encode("latin-1")
        self.transport.write(head + answer.body)
        self.transport.close()

    def on_response_complete(self) -> None:
        """Go on, with what could not be answered before."""
        super().on_response_complete()
        if self._no_call is not None and not self.transport.is_closing():
            self.refuse_no_call(self._no_call)

    def close(self) -> None:
        """Send what was written, then end the connection in order; no more answer follows."""
        self._forget_answer()
        self.transport.close()

    def drop(self) -> None:
        """End the connection at once; no more answer follows."""
        self._forget_answer()
        self.transport.abort()

    def reset(self) -> None:
        """End the connection with RST, whatever was written or not read."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.drop()

    def _forget_answer(self) -> None:
        self.cycle.disconnected = True  # or uvicorn would complain, and answer 500 itself
