"""Event streams: answers that stay open, and tell a tenant's changes as they become durable.

A stream is one task: no thread, and no queue. It knows the position that it told last, and compares
it with where the tenant stands whenever it is woken; so many changes become one event, and the last
one is always told. A caller that does not read is held by the connection's flow control, and is cut
off after a while. Streams end at once when the server stops.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Final

from mock_qualtrics.errors import TooManyStreamsError
from mock_qualtrics.server.asgi_types import CONNECTION_KEY, Scope, Send
from mock_qualtrics.server.web_calls.change_looks import ChangeLooks
from mock_qualtrics.server.web_calls.waiting_calls import CallerGoneError
from mock_qualtrics.web.changes import messages
from mock_qualtrics.web.changes.positions import concerns, standing_of

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

MOST_STREAMS: Final = 64
SECONDS_BETWEEN: Final = 0.25  # of two events of one stream, and of two looks at what changed
COMMENT_SECONDS: Final = 15.0  # of silence; then a caller that is gone is found out
SLOWEST_SEND_SECONDS: Final = 30.0  # for a caller that does not read


class _Stream:
    """One open stream."""

    __slots__ = ("changed", "over", "tenant_number")

    def __init__(self, tenant_number: int) -> None:
        self.tenant_number = tenant_number
        self.changed = asyncio.Event()
        self.over = asyncio.Event()

    def end(self) -> None:
        self.over.set()
        self.changed.set()


class EventStreams:
    """All event streams of one server.

    Args:
        engine: whose tenants' changes are told.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._streams: set[_Stream] = set()
        self._looks = ChangeLooks(engine, self._look, lambda: SECONDS_BETWEEN)

    @property
    def open(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def require_room(self) -> None:
        """Refuse one stream more than there may be.

        Raises:
            TooManyStreamsError: `MOST_STREAMS` are open.
        """
        if self.open >= MOST_STREAMS:
            raise TooManyStreamsError(MOST_STREAMS)

    async def tell(self, tenant_number: int, after: str, scope: Scope, send: Send) -> None:
        """Send the body of an answer whose head is sent, until the stream ends.

        Args:
            tenant_number: whose changes.
            after: the position that the caller knows.
            scope: the call's.
            send: sends parts of the answer.

        Raises:
            CallerGoneError: the caller hung up, or does not read.
        """
        connection = scope[CONNECTION_KEY]
        stream = _Stream(tenant_number)
        hung_up: asyncio.Future[None] = asyncio.ensure_future(connection.lost())
        hung_up.add_done_callback(lambda _: stream.end())
        self._looks.attach()
        self._streams.add(stream)
        try:
            await self._tell(stream, after, partial(_send, scope, send))
            if hung_up.done():
                raise CallerGoneError
            await _send(scope, send, b"", more=False)
        except TimeoutError:
            raise CallerGoneError from None
        finally:
            self._streams.discard(stream)
            hung_up.cancel()

    async def _tell(
        self, stream: _Stream, told: str, say: Callable[[bytes], Awaitable[None]]
    ) -> None:
        await say(messages.RETRY)
        while not (stream.over.is_set() or self._engine.journal.waits_ended):
            stream.changed.clear()
            standing = standing_of(self._engine, stream.tenant_number)
            news = messages.news(standing, told)
            if news is not None:
                await say(news)
                if standing is None:
                    return
                told = str(standing.position)
                await _happens(stream.over, SECONDS_BETWEEN)
            elif not await _happens(stream.changed, COMMENT_SECONDS):
                await say(messages.COMMENT)

    def _look(self, tenant_numbers: Collection[int]) -> None:
        """Wake the streams that changes concern; end all when the server stops."""
        if self._engine.journal.waits_ended:
            for stream in self._streams:
                stream.end()
        for stream in self._streams:
            if concerns(stream.tenant_number, tenant_numbers):
                stream.changed.set()

    def close(self) -> None:
        """Hear of no more changes."""
        self._looks.close()


async def _send(scope: Scope, send: Send, part: bytes, *, more: bool = True) -> None:
    """Send a part of the body.

    Raises:
        TimeoutError: the caller has not read for too long.
    """
    scope[CONNECTION_KEY].note_whether_caller_left(scope)
    async with asyncio.timeout(SLOWEST_SEND_SECONDS):
        await send({"type": "http.response.body", "body": part, "more_body": more})


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event; return whether it happened in time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
