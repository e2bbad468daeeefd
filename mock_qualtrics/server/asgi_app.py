"""What the server asks first: trigger calls go to their front door, all else to the app behind it.

The app is made when the server already accepts calls, in a thread beside the event loop, so that
a connector need not wait for what only people and the control API use.
"""

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.server.connection import carry_out
from mock_qualtrics.server.trigger_endpoint import TriggerEndpoint

if TYPE_CHECKING:
    from flask import Flask

    from mock_qualtrics.engine import Engine
    from mock_qualtrics.server.connection import Application
    from mock_qualtrics.server.error_log import ErrorLog
    from mock_qualtrics.server.group_commit import GroupCommit
    from mock_qualtrics.server.trigger_endpoint import Receive, Scope, Send


class AsgiApp:
    """The ASGI callable of one server.

    Args:
        engine: the state behind it.
        failures: is told of errors in the app.
        commit: shared with the short way.
    """

    def __init__(self, engine: "Engine", error_log: "ErrorLog", commit: "GroupCommit") -> None:
        self._engine = engine
        self._error_log = error_log
        self._trigger_endpoint = TriggerEndpoint(engine, carry_out, commit)
        self._once = threading.Lock()
        self._made: Future[tuple[Flask, Application]] | None = None
        self._behind: Application | None = None

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one call."""
        if scope["type"] == "http" and is_trigger_path(scope["path"]):
            await self._trigger_endpoint(scope, receive, send)
            return
        behind = self._behind
        if behind is None:
            made = await asyncio.wrap_future(self.warm())
            behind = self._behind = made[1]
        await behind(scope, receive, send)

    @property
    def app(self) -> "Flask":
        """The Flask app; waits until it is made."""
        return self.warm().result()[0]

    def warm(self) -> "Future[tuple[Flask, Application]]":
        """Begin to make the app, if nobody has, or if that failed."""
        with self._once:
            if self._made is None or (self._made.done() and self._made.exception()):
                maker = ThreadPoolExecutor(1, thread_name_prefix="mock-qualtrics-app")
                self._made = maker.submit(self._make)
                maker.shutdown(wait=False)
            return self._made

    def _make(self) -> "tuple[Flask, Application]":
        from mock_qualtrics.web.app import asgi_app, create_app  # noqa: PLC0415  the slow part

        app = create_app(self._engine.settings, engine=self._engine)
        self._error_log.watch(app)
        return app, asgi_app(self._engine, app)
