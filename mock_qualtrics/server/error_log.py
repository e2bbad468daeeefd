"""Log errors inside the server, and keep them, for example for the test that caused them.

Mistakes of callers are not errors of the server, and are answered elsewhere.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from contracts import CONTROL_PATH
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.model import Answer
from mock_qualtrics.server.asgi_types import (
    CONNECTION_KEY,
    Application,
    Message,
    Receive,
    Scope,
    Send,
)

if TYPE_CHECKING:
    from flask import Flask


KEPT: Final = 100
_CONTROL_BROKEN: Final = Answer(500, b'{"error":"Internal Server Error"}', envelope.JSON_HEADERS)

_log = logging.getLogger("mock_qualtrics")


class ErrorLog:
    """The latest errors of one server; any thread may note or take them."""

    def __init__(self) -> None:
        self._errors: deque[Exception] = deque(maxlen=KEPT)

    def note(self, error: Exception) -> None:
        """Keep an error, and log it."""
        self._errors.append(error)
        # Without traceback: not a bug of the mock, and repeated with every attempt to write.
        if isinstance(error, StoreFailedError):
            _log.error("%s", error)
        else:
            _log.error("An error inside the mock", exc_info=error)

    def take(self) -> list[Exception]:
        """Return the errors that were not taken yet, oldest first."""
        taken = []
        while self._errors:
            taken.append(self._errors.popleft())
        return taken

    def watch(self, app: "Flask") -> None:
        """Keep the errors that the app's error handlers do not handle."""
        from flask import got_request_exception  # noqa: PLC0415  the app was made with it

        got_request_exception.connect(self._from_flask, app)

    def _from_flask(self, _: object, exception: Exception, **__: Any) -> None:  # noqa: ANN401  blinker's
        self._errors.append(exception)  # Flask logs it

    def guard(self, application: Application) -> Application:
        """Wrap an ASGI callable: answer and keep its errors; drop what is open at the stop."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_to_caller(message: Message) -> None:
                scope[CONNECTION_KEY].note_whether_caller_left(scope)
                await send(message)

            try:
                await application(scope, receive, send_to_caller)
            except asyncio.CancelledError:
                scope[CONNECTION_KEY].drop()  # otherwise uvicorn logs an error and answers 500
            except Exception as error:  # noqa: BLE001  kept, until a caller takes the errors
                self.note(error)
                await _answer_broken(scope, send)

        return guarded


async def _answer_broken(scope: Scope, send: Send) -> None:
    """Answer 500 in the form of the path's other errors, and close the connection."""
    is_control = scope["path"].startswith(CONTROL_PATH)
    answer = _CONTROL_BROKEN if is_control else envelope.broken()
    pairs, body = envelope.as_sent(answer)
    closing = (*pairs, ("connection", "close"))
    headers = [(name.encode(), value.encode()) for name, value in closing]
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    except RuntimeError:  # a part of another answer was sent
        scope[CONNECTION_KEY].drop()
