"""The server's ASGI callable: trigger calls go to `TriggerEndpoint`, others to the Flask app.

Importing Flask takes long. So the app is made in a thread once the server accepts calls, and a
connector need not wait for what only people and the control API use.
"""

import asyncio
import sys
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.server.asgi_types import Application, Receive, Scope, Send
from mock_qualtrics.server.fault_actions import carry_out
from mock_qualtrics.server.trigger_endpoint import TriggerEndpoint

if TYPE_CHECKING:
    from flask import Flask

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.error_log import ErrorLog
    from mock_qualtrics.server.group_commit import GroupCommit


WORKER_THREADS: Final = 64  # the number of control calls that may `wait` at the same time
_QUERY_CHARACTERS: Final = "%&=+;:/?@!$'()*,-._~[]"


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
        self._once = threading.Lock()
        self._made: Future[tuple[Flask, Application]] | None = None
        self._bridge: Application | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] == "http" and is_trigger_path(scope["path"]):
            await self._trigger_endpoint(scope, receive, send)
            return
        bridge = self._bridge
        if bridge is None:
            made = await asyncio.wrap_future(self.warm())
            bridge = self._bridge = made[1]
        if scope["type"] == "http":
            scope["query_string"] = _quoted(scope["query_string"])
        await bridge(scope, receive, send)

    @property
    def app(self) -> "Flask":
        """The Flask app; blocks until it is made."""
        return self.warm().result()[0]

    def warm(self) -> "Future[tuple[Flask, Application]]":
        """Start making the app, unless it is made or being made; after an error, try again."""
        with self._once:
            if self._made is None or (self._made.done() and self._made.exception()):
                maker = ThreadPoolExecutor(1, thread_name_prefix="mock-qualtrics-app")
                self._made = maker.submit(self._make)
                maker.shutdown(wait=False)
            return self._made

    def _make(self) -> "tuple[Flask, Application]":
        from a2wsgi import WSGIMiddleware  # noqa: PLC0415  slow, like the next import

        from mock_qualtrics.web.app import create_app  # noqa: PLC0415

        app = create_app(self._engine.settings, engine=self._engine)
        self._error_log.watch(app)
        wsgi_app: Any = _with_complete_environ(app)
        bridge: Any = WSGIMiddleware(wsgi_app, workers=WORKER_THREADS)
        return app, bridge


def _quoted(query: bytes) -> bytes:
    """Return the query with non-ASCII bytes percent-encoded, as WSGI requires."""
    return urllib.parse.quote_from_bytes(query, safe=_QUERY_CHARACTERS).encode("ascii")


def _with_complete_environ(app: "Flask") -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Add to the WSGI environ what the bridge leaves out."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  WSGI's
        # Without this Werkzeug reads no chunked body, because it has no Content-Length.
        environ["wsgi.input_terminated"] = True
        environ["wsgi.errors"] = sys.stderr
        return app(environ, start_response)

    return wrapped
