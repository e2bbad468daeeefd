"""The Flask app behind ASGI: the whole body in, a thread for the answer, the whole answer out.

A thread never waits for the caller: it is taken when the body has arrived, and is free again before
the answer is sent. The threads are daemon threads, which end with the process.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any, Final

from a2wsgi.wsgi import build_environ
from flask import Flask, request

from contracts import CONTROL_PATH
from mock_qualtrics.errors import MockError
from mock_qualtrics.gate.attribution import TriggerTarget
from mock_qualtrics.model import Answer, Pause, StreamWish
from mock_qualtrics.runs.worker_pool import WorkerPool
from mock_qualtrics.server.asgi_types import Scope
from mock_qualtrics.web.context import HEAD_ONLY_KEY, PAUSE_KEY, STREAM_KEY
from mock_qualtrics.web.control.answers import problem
from mock_qualtrics.web.control.problems import status_of

THREADS: Final = 16
_OWN_ROUTES: Final = frozenset(
    {"control", "pages"}
)  # all other paths are answered, and judged, as Qualtrics'

Environ = dict[str, Any]


class FlaskBridge:
    """Asks a Flask app for answers.

    Args:
        app: the app.
        resolve: looks up what a query names, whose limit of a body is the one of Qualtrics' paths.
    """

    def __init__(self, app: Flask, resolve: Callable[[str], TriggerTarget[Any, Any]]) -> None:
        self._app = app
        self._resolve = resolve
        self._pool = WorkerPool(THREADS, "mock-qualtrics-web")

    def body_limit(self, scope: Scope) -> int:
        """Return how many bytes of the call's body to read before the app is asked.

        It is 0 when the app refuses the call by its head: a foreign Host, no control token, a
        Content-Length that is too large. A body one byte over its limit is seen to be too long.
        """
        with self._app.request_context({**environ_of(scope, b""), HEAD_ONLY_KEY: True}):
            if _OWN_ROUTES.isdisjoint(request.blueprints) and not _is_control(request.path):
                query = scope["query_string"].decode("latin-1")
                return self._resolve(query).largest_body_bytes + 1
            most_bytes: int = self._app.config["MAX_CONTENT_LENGTH"]
            too_large = (request.content_length or 0) > most_bytes
            return 0 if too_large or self._is_refused() else most_bytes

    def _is_refused(self) -> bool:
        try:
            self._app.preprocess_request()
        except Exception:  # noqa: BLE001  asked without a body, the app answers the same again
            return True
        return request.routing_exception is not None

    async def ask(
        self,
        scope: Scope,
        body: bytes,
        pause: Pause | None = None,
        stream: StreamWish | None = None,
    ) -> Answer:
        """Return the app's answer to a call.

        Args:
            scope: the call's.
            body: its whole body, or as much of it as `body_limit` says.
            pause: what a route fills that would wait; None lets it wait on its thread.
            stream: what a route fills whose answer is to stay open; None has it end at once.
        """
        environ = {**environ_of(scope, body), PAUSE_KEY: pause, STREAM_KEY: stream}
        asked: Future[Answer] = Future()

        def answer() -> None:
            if not asked.set_running_or_notify_cancel():
                return  # the caller is gone
            try:
                asked.set_result(_answer(self._app, environ))
            except BaseException as error:  # noqa: BLE001  raised where it was asked
                asked.set_exception(error)

        self._pool.submit(answer)
        return await asyncio.wrap_future(asked)

    def refusal(self, error: MockError) -> Answer:
        """Return the control API's answer to an error, without asking the app."""
        refused = problem(status_of(error), str(error))
        return Answer(refused.status_code, refused.get_data(), tuple(refused.headers))

    def close(self) -> None:
        """Answer no more; a call under way is left to itself."""
        self._pool.close(0.0)


def environ_of(scope: Scope, body: bytes) -> Environ:
    """Return the WSGI environ of a call."""
    whole: Any = io.BytesIO(body)
    environ: Any = build_environ(scope, whole)  # type: ignore[arg-type]  # both are mappings
    # Without this Werkzeug reads no chunked body, because it has no Content-Length.
    environ["wsgi.input_terminated"] = True
    environ["wsgi.errors"] = sys.stderr
    return dict(environ)


def _is_control(path: str) -> bool:
    return path.startswith(CONTROL_PATH)


def _answer(app: Flask, environ: Environ) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:  # noqa: ANN401
        started.append((status, headers))

    chunks: Iterable[bytes] = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    status, headers = started[-1]
    lines = tuple((name.lower(), value) for name, value in headers)
    return Answer(int(status.split(" ", 1)[0]), body, lines)
