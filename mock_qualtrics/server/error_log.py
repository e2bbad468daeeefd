"""Errors inside the server: kept for whoever asks, such as the test that caused them; and logged.

What a caller did wrong is no error of the server, and is answered elsewhere.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.server.asgi_types import CONNECTION_KEY, Application, Receive, Scope, Send

if TYPE_CHECKING:
    from flask import Flask


KEPT: Final = 100

_log = logging.getLogger("mock_qualtrics")


class ErrorLog:
    """The latest errors of one server; any thread may note or take them."""

    def __init__(self) -> None:
        self._errors: deque[Exception] = deque(maxlen=KEPT)

    def note(self, error: Exception) -> None:
        """Keep an error, and log it."""
        self._errors.append(error)
        if isinstance(error, StoreFailedError):  # the machine's, and told again at every try
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
        """Note what no error handler of the app expects."""
        from flask import got_request_exception  # noqa: PLC0415  the app was made with it

        got_request_exception.connect(self._from_flask, app)

    def _from_flask(self, _: object, exception: Exception, **__: Any) -> None:  # noqa: ANN401  blinker's
        self._errors.append(exception)  # Flask logs it

    def guard(self, application: Application) -> Application:
        """Return the ASGI callable, its errors noted; when the server stops it ends in silence."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await application(scope, receive, send)
            except asyncio.CancelledError:
                scope[CONNECTION_KEY].drop()  # or uvicorn would log, and answer 500
            except Exception as error:
                self._errors.append(error)  # uvicorn logs it
                raise

        return guarded
