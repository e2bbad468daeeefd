"""The server's ASGI callable: trigger calls go to `TriggerEndpoint`, others to the Flask app.

Importing Flask takes long, and only people and the control API need it. So the app is made once, in
a thread: under `serve` as soon as calls are accepted, for a server in a thread when the first such
call comes. Others that come meanwhile wait for the same app. An error is told and kept like any
other inside the server, and the next call tries again.

A call takes a thread only while the app answers it: not while its body arrives, not while it waits
for counts, and not while it stays open to tell changes. Of the calls that may keep a thread busy
for longer, only a few are asked at once, and only one of each tenant.
"""

import asyncio
import re
import threading
import urllib.parse
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from contracts import CONTROL_PATH
from mock_qualtrics.errors import ServerStoppedError, TooManyStreamsError
from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.model import Answer, StreamWish
from mock_qualtrics.server.asgi_types import CONNECTION_KEY, Receive, Scope, Send
from mock_qualtrics.server.fault_actions import carry_out
from mock_qualtrics.server.trigger_endpoint import CallerLeftError, TriggerEndpoint, read_body
from mock_qualtrics.server.web_calls.event_streams import EventStreams
from mock_qualtrics.server.web_calls.waiting_calls import CallerGoneError, WaitingCalls

if TYPE_CHECKING:
    from flask import Flask

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.model import Pause
    from mock_qualtrics.server.error_log import ErrorLog
    from mock_qualtrics.server.group_commit import GroupCommit
    from mock_qualtrics.server.web_calls.flask_bridge import FlaskBridge


ASKED_AT_ONCE: Final = {"wait": 2, "clock/advance": 8}  # by kind; the bridge has more threads
_EVENTS: Final = "/events"
_QUERY_CHARACTERS: Final = "%&=+;:/?@!$'()*,-._~[]"
_SLOW: Final = re.compile(
    f"(?:{re.escape(CONTROL_PATH)}/tenants|/controls)/[^/]+/(wait|clock/advance)"
)


class AsgiApp:
    """The ASGI callable of one server.

    Args:
        engine: handles the calls.
        error_log: keeps the errors inside the app.
        commit: the group commit, shared with the fast path.
    """

    def __init__(self, engine: "Engine", error_log: "ErrorLog", commit: "GroupCommit") -> None:
        self._engine = engine
        self._error_log = error_log
        self._trigger_endpoint = TriggerEndpoint(engine, carry_out, commit)
        self._waiting = WaitingCalls(engine)
        self._streams = EventStreams(engine)
        self._turns = {kind: asyncio.Semaphore(most) for kind, most in ASKED_AT_ONCE.items()}
        self._own_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._once = threading.Lock()
        self._made: Future[tuple[Flask, FlaskBridge]] | None = None
        self._bridge: FlaskBridge | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            return
        if is_trigger_path(scope["path"]):
            await self._trigger_endpoint(scope, receive, send)
            return
        bridge = self._bridge
        if bridge is None:
            made = await asyncio.wrap_future(self.warm())
            bridge = self._bridge = made[1]
        scope["query_string"] = _quoted(scope["query_string"])
        try:
            body = await _body(bridge, scope, receive)
            if scope["method"] == "GET" and scope["path"] == _EVENTS:
                await self._stream(bridge, scope, body, send)
            else:
                await _send(await self._answer(bridge, scope, body), send)
        except CallerLeftError:
            return
        except CallerGoneError:
            scope[CONNECTION_KEY].drop()

    async def _stream(self, bridge: "FlaskBridge", scope: Scope, body: bytes, send: Send) -> None:
        """Answer a call of the event stream, and keep the answer open if the route wishes it."""
        wish = StreamWish()
        answer = await bridge.ask(scope, body, stream=wish)
        if wish.tenant_number is None:
            await _send(answer, send)
            return
        try:
            self._streams.require_room()
        except TooManyStreamsError as error:
            await _send(bridge.refusal(error), send)
            return
        await _send(answer, send, whole=False)
        await self._streams.tell(wish.tenant_number, wish.after, scope, send)

    async def _answer(self, bridge: "FlaskBridge", scope: Scope, body: bytes) -> Answer:
        slow = _SLOW.fullmatch(scope["path"])
        if slow is None:
            return await bridge.ask(scope, body)
        ask = partial(self._in_turn, slow[1], bridge, scope, body)
        try:
            if slow[1] == "wait":
                return await self._waiting.answer(ask, scope[CONNECTION_KEY].lost)
            return await ask()
        except ServerStoppedError as error:
            return bridge.refusal(error)

    async def _in_turn(
        self,
        kind: str,
        bridge: "FlaskBridge",
        scope: Scope,
        body: bytes,
        pause: "Pause | None" = None,
    ) -> Answer:
        # One call of a tenant: another would only wait for it, in a turn that others need.
        own_turn = self._own_turns.setdefault(scope["path"], asyncio.Lock())
        async with own_turn, self._turns[kind]:
            if self._engine.journal.waits_ended:
                raise ServerStoppedError
            return await bridge.ask(scope, body, pause)

    def close(self) -> None:
        """Ask the app for no more answers."""
        self._waiting.close()
        self._streams.close()
        if self._bridge is not None:
            self._bridge.close()

    @property
    def app(self) -> "Flask":
        """The Flask app; blocks until it is made."""
        return self.warm().result()[0]

    def warm(self) -> "Future[tuple[Flask, FlaskBridge]]":
        """Start making the app, unless it is made or being made; after an error, try again."""
        with self._once:
            if self._made is None or (self._made.done() and self._made.exception()):
                maker = ThreadPoolExecutor(1, thread_name_prefix="mock-qualtrics-app")
                self._made = maker.submit(self._make)
                maker.shutdown(wait=False)
            return self._made

    def _make(self) -> "tuple[Flask, FlaskBridge]":
        from mock_qualtrics.server.web_calls.flask_bridge import FlaskBridge  # noqa: PLC0415  slow to load
        from mock_qualtrics.web.app import create_app  # noqa: PLC0415  the same

        app = create_app(self._engine.settings, engine=self._engine)
        self._error_log.watch(app)
        return app, FlaskBridge(app, self._engine.tenants.resolve)


async def _body(bridge: "FlaskBridge", scope: Scope, receive: Receive) -> bytes:
    """Return the whole body; empty when the app refuses the call by its head."""
    if not _announces_body(scope):
        return b""
    most_bytes = bridge.body_limit(scope)
    return await read_body(receive, lambda: most_bytes) if most_bytes else b""


def _announces_body(scope: Scope) -> bool:
    names = {name for name, value in scope["headers"] if value != b"0"}
    return not names.isdisjoint((b"content-length", b"transfer-encoding"))


async def _send(answer: Answer, send: Send, *, whole: bool = True) -> None:
    """Send an answer; when it is not whole, of its parts only the head, without a length."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in answer.headers
        if whole or name != "content-length"
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if whole:
        await send({"type": "http.response.body", "body": answer.body})


def _quoted(query: bytes) -> bytes:
    """Return the query with non-ASCII bytes percent-encoded, as WSGI requires."""
    return urllib.parse.quote_from_bytes(query, safe=_QUERY_CHARACTERS).encode("ascii")
