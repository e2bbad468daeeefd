"""Log errors inside the server, and keep them, for example for the test that caused them.

Mistakes of callers are not errors of the server, and are answered elsewhere.
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
        """Wrap an ASGI callable: keep its errors; drop the connection when the server stops."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await application(scope, receive, send)
            except asyncio.CancelledError:
                scope[CONNECTION_KEY].drop()  # otherwise uvicorn logs an error and answers 500
            except Exception as error:
                self._errors.append(error)  # uvicorn logs it
                raise

        return guarded
