"""A connection: uvicorn's httptools protocol, extended so that faults can break it.

``faults`` decides what happens to a connection; nothing here knows about tenants.
"""

import asyncio
import socket
import struct
from typing import Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Refusal
from mock_qualtrics.server.asgi_types import CONNECTION_KEY, CYCLE_KEY, Scope

LONGEST_HEAD_BYTES: Final = 65_536
LONGEST_REQUEST_SECONDS = 60.0

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: close sends RST, not FIN
_HEAD_TOO_LARGE: Final = Refusal(
    "head-too-large", 431, f"The request's head is longer than {LONGEST_HEAD_BYTES:,} bytes."
)
_REQUEST_TOO_SLOW: Final = Refusal(
    "request-too-slow", 408, "The request did not arrive as a whole in time."
)


class _NoTrailers(list[tuple[bytes, bytes]]):
    """Drop the trailers of a chunked body: a trailer is no header (RFC 9110, section 6.5.1)."""

    def append(self, trailer: tuple[bytes, bytes]) -> None:
        """Drop the trailer."""


_NO_TRAILERS: Final = _NoTrailers()
_NO_TUNNEL: Final = Refusal(
    "not-implemented", 501, "CONNECT is not implemented: this server is no proxy."
)


class ConnectionProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which puts itself into every scope and can be broken by faults."""

    _lost: asyncio.Event | None = None
    _half_closed = False
    _pending_refusal: Refusal | None = None
    _in_head = False
    _head_was_open = False  # whether the head began before the current packet
    _head_bytes = 0
    _arrives = False  # whether a request has begun and is not whole yet
    _deadline: asyncio.TimerHandle | None = None
    _headers_as_sent: list[tuple[bytes, bytes]] | None = None  # while a head is parsed again

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request within `LONGEST_REQUEST_SECONDS`."""
        super().connection_made(transport)
        self._set_deadline()

    def data_received(self, data: bytes) -> None:
        """Parse the data; refuse a head that is too long. After a refusal nothing is parsed."""
        if self._pending_refusal is not None:
            return
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        self._limit_head(len(data))
        # After what is no request, such as a blank line, or the body of a call that was refused by
        # its head, the next request has a deadline too.
        if self._deadline is None and (self._arrives or self.is_idle()):
            self._set_deadline()

    def is_idle(self) -> bool:
        """Return whether no call is under way, and nothing else ends the connection in time."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first call
        return self.timeout_keep_alive_task is None and (cycle is None or cycle.response_complete)

    def _parse(self, data: bytes) -> None:
        """Parse the data, with each call that asks for another protocol as an ordinary call.

        The parser stops after the head of such a call and would take its body for the next call. No
        upgrade is taken, so the head is parsed again without it (RFC 9110, section 7.8).
        """
        rest = memoryview(data)
        while True:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:
                rest = rest[upgrade.args[0] :]
                if self.parser.get_method() == b"CONNECT":
                    self.refuse_no_call(_NO_TUNNEL)  # what follows belongs to the tunnel
                    return
                self._parse_head_again()
            else:
                return

    def _parse_head_again(self) -> None:
        head, self._headers_as_sent = self._head_without_upgrade(), self.headers
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self.parser.feed_data(head)

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode("ascii")
        lines = [b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        return b"".join([*lines, b"\r\n"])

    def _limit_head(self, received_bytes: int) -> None:
        if self._in_head:
            # The packet in which a head begins is not counted: the parser does not say where.
            self._head_bytes += received_bytes if self._head_was_open else 0
            self._head_was_open = True
            if self._head_bytes > LONGEST_HEAD_BYTES and not self.transport.is_closing():
                self.refuse_no_call(_HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Start a request's scope."""
        super().on_message_begin()
        self._arrives = True
        self._in_head, self._head_was_open, self._head_bytes = True, False, 0
        self.scope[CONNECTION_KEY] = self  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """Start the call, unless its head is to be parsed again without an upgrade."""
        self._in_head = False
        if self.parser.should_upgrade():
            return
        if self._headers_as_sent is not None:
            self.headers[:] = self._headers_as_sent
            self._headers_as_sent = None
        self.begin_call()

    def begin_call(self) -> None:
        """Start the call whose head is complete."""
        super().on_headers_complete()
        self.scope[CYCLE_KEY] = self.cycle  # type: ignore[typeddict-unknown-key]
        self.headers = _NO_TRAILERS

    def on_message_complete(self) -> None:
        """End the call's body."""
        if not self.parser.should_upgrade():
            self.end_call()

    def end_call(self) -> None:
        """End the body of the call that has begun."""
        self._arrived()
        super().on_message_complete()

    def _arrived(self) -> None:
        """Note that a request is whole, so that it has no deadline any longer."""
        self._arrives = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _set_deadline(self) -> None:
        # By the loop's own clock: a test that moves a virtual one does not hurry callers.
        self._deadline = self.loop.call_later(LONGEST_REQUEST_SECONDS, self._end_late_request)

    def _end_late_request(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if not self._arrives:
            self.transport.close()  # no request has begun on this connection
        elif self.flow.read_paused or self.pipeline:
            self._set_deadline()  # it is this server that does not read on
        else:
            self._refuse_late_request()

    def _refuse_late_request(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first call
        body_is_late = not self._in_head and cycle is not None and cycle.more_body
        if body_is_late and cycle is not None and cycle.response_started:
            self.close()  # it was answered before its body had arrived
            return
        self.refuse_no_call(_REQUEST_TOO_SLOW)
        if body_is_late:
            self._forget_answer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake the tasks in `lost`."""
        self._arrived()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # its timer would keep the lost connection in memory
        if self._lost is not None:
            self._lost.set()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a caller that half-closed the connection after a whole call; ignore half a call.

        Returns:
            Whether the connection stays open for the answer, which TLS does not support.
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

    def note_whether_caller_left(self, scope: Scope) -> None:
        """Have uvicorn send nothing more to a call once the transport is closed.

        It learns of that a turn of the loop later, and of several calls that were sent at once only
        for the last. For each part of an answer uvloop would raise an error.
        """
        if self.transport.is_closing():
            scope[CYCLE_KEY].disconnected = True

    async def lost(self) -> None:
        """Wait until the caller has closed the connection."""
        self._lost = self._lost or asyncio.Event()
        if not (self._half_closed or self.transport.is_closing()):
            await self._lost.wait()

    def send_400_response(self, msg: str) -> None:
        """Answer data that is not HTTP."""
        self.refuse_no_call(Refusal("not-http", 400, msg))

    def refuse_no_call(self, refusal: Refusal) -> None:
        """Refuse data that is no call, without the journal, and close the connection.

        A whole call before it is answered first.
        """
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first call
        if cycle is not None and not (cycle.more_body or cycle.response_complete):
            self._pending_refusal = refusal
            self._arrived()  # nothing more is read
            return
        answer = envelope.failure(refusal, None)
        lines = [f"{name}: {value}\r\n" for name, value in answer.headers]
        lines += [f"content-length: {len(answer.body)}\r\n", "connection: close\r\n\r\n"]
        head = STATUS_LINE[refusal.status] + "".join(lines).encode("latin-1")
        self.transport.write(head + answer.body)
        self.transport.close()

    def on_response_complete(self) -> None:
        """Continue with the next call, or send a refusal that waited for this answer."""
        super().on_response_complete()
        if self._pending_refusal is not None and not self.transport.is_closing():
            self.refuse_no_call(self._pending_refusal)

    def send_interim(self, status: int) -> None:
        """Send an interim answer before the call's own; HTTP/1.0 has none."""
        if self.parser.get_http_version() != "1.0" and not self.transport.is_closing():
            self.transport.write(STATUS_LINE[status] + b"\r\n")

    def close(self) -> None:
        """Send what was written, then close the connection; no further answer is sent."""
        self._forget_answer()
        self.transport.close()

    def drop(self) -> None:
        """Close the connection at once; no further answer is sent."""
        self._forget_answer()
        self.transport.abort()

    def reset(self) -> None:
        """Close the connection with RST, discarding unsent and unread data."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.drop()

    def _forget_answer(self) -> None:
        self.cycle.disconnected = True  # otherwise uvicorn logs an error and answers 500
