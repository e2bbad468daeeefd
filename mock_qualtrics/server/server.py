"""The server: one process, one event loop, one owner of state.

`serve` runs in the foreground until SIGTERM, SIGINT or SIGHUP, `serve_in_thread` runs in a thread.
Both run uvicorn with the same ASGI callable; neither knows what a call means.
"""

import _thread
import asyncio
import contextlib
import dataclasses
import functools
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self, cast

import uvicorn

from contracts import CONTROL_PATH
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NoRealThreadsError
from mock_qualtrics.runs.step_loops import EventLoopSteps
from mock_qualtrics.server.asgi_app import AsgiApp
from mock_qualtrics.server.asgi_types import Application
from mock_qualtrics.server.error_log import ErrorLog
from mock_qualtrics.server.fast_path import FastPath, FastPathProtocol
from mock_qualtrics.server.fault_actions import EarlyReset
from mock_qualtrics.server.group_commit import GroupCommit
from mock_qualtrics.server.listeners import Listeners
from mock_qualtrics.server.signals import hangup_stops
from mock_qualtrics.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from mock_qualtrics.server.tls import Tls

_GRACE_SECONDS = 0.5  # for calls in flight when the server stops
_LOOK_SECONDS = 0.005  # how often they are looked at
_DATE_SECONDS = 1.0  # how long the header Date of answers may be the same


class RunningServer:
    """A server that accepts calls.

    Attributes:
        url: scheme, host and port, those of the public URL if there is one; no path, no trailing
            slash.
        engine: the server's engine.
    """

    def __init__(self, parts: "_Assembly", stop: Callable[[], None]) -> None:
        self.url = parts.url
        self.engine = parts.engine
        self._asgi_app = parts.asgi_app
        self._error_log = parts.error_log
        self._stop = stop

    @property
    def app(self) -> "Flask":
        """The Flask app."""
        return self._asgi_app.app

    @property
    def control_url(self) -> str:
        """The URL of the control API."""
        return self.url + CONTROL_PATH

    def take_errors(self) -> list[Exception]:
        """Return the errors inside the server since the last call, oldest first."""
        return self._error_log.take()

    def close(self) -> None:
        """Stop accepting calls, answer those in flight and commit. Idempotent."""
        self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Uvicorn(uvicorn.Server):
    """uvicorn with a callback when it accepts calls; it returns after a signal.

    It stops at once: uvicorn itself looks ten times a second whether it is to stop, and then waits
    for a tenth of a second whether or not a call is in flight, which every test session would pay.
    """

    def __init__(self, parts: "_Assembly", on_ready: Callable[[], None]) -> None:
        super().__init__(parts.config)
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._driver = parts.driver
        self._engine = parts.engine
        self._asgi_app = parts.asgi_app
        self._on_ready = on_ready

    def stop(self) -> None:
        """Stop soon; from any thread, and from a handler of signals."""
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the server has stopped
                self._loop.call_soon_threadsafe(self._stopping.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.stop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._driver.start()
        self._on_ready()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # which renews the header Date
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _DATE_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._engine.journal.end_waits()
        for accepting in (*self.servers, *(sockets or ())):
            accepting.close()
        await self._finish_calls()
        self._driver.stop()
        self._asgi_app.close()
        await self._end_connections()

    async def _finish_calls(self) -> None:
        """Let the calls in flight be answered, for as long as the grace lasts."""
        state = self.server_state
        for connection in tuple(state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                while state.connections or state.tasks:  # noqa: ASYNC110  uvicorn has no event
                    await asyncio.sleep(_LOOK_SECONDS)
        for task in tuple(state.tasks):
            task.cancel()

    async def _end_connections(self) -> None:
        """Abort connections on which half a call keeps waiting; they would outlive the loop."""
        connections = cast("set[FastPathProtocol]", self.server_state.connections)
        for connection in tuple(connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals(), hangup_stops(self.handle_exit):
            yield
            # uvicorn would raise them again now, and the process would end with their exit code.
            self._captured_signals.clear()


def _config(app: Application, fast_path: FastPath, tls: "Tls | None") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=cast("type[FastPathProtocol]", functools.partial(FastPathProtocol, fast_path)),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        ssl_context_factory=(lambda *_: tls.context) if tls else None,
    )


class _Assembly:
    """The parts of one server, wired together but not yet running."""

    def __init__(self, settings: Settings, host: str, port: int, tls: "Tls | None") -> None:
        # Bound before the store is opened, so that a start on a port in use leaves no store behind.
        self.listeners = Listeners(host, port)
        try:
            self.engine = Engine(settings)
        except BaseException:
            self.listeners.close()
            raise
        self.engine.web_service.own_ports.add(self.listeners.port)
        self.error_log = ErrorLog()
        commit = GroupCommit(self.engine)
        self.asgi_app = AsgiApp(self.engine, self.error_log, commit)
        fast_path = FastPath(self.engine, commit, self.error_log)
        self.driver = EventLoopSteps(self.engine, self.error_log.note)
        self.config = _config(self._guarded(settings), fast_path, tls)
        self.url = settings.public_url or self.listeners.url(host, tls=tls is not None)

    def _guarded(self, settings: Settings) -> Application:
        application: Application = self.asgi_app
        if settings.wire_faults:
            application = EarlyReset(self.engine, application)
        return self.error_log.guard(application)

    def run(self, server: _Uvicorn) -> None:
        """Run until the server is stopped; all accepted calls are committed on return."""
        try:
            server.run(sockets=self.listeners.sockets)
        finally:
            self.listeners.close()
            self.engine.close()


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 8084,
    *,
    tls: "Tls | None" = None,
    on_ready: Callable[[RunningServer], None] | None = None,
) -> None:
    """Serve in the foreground until SIGTERM, SIGINT or SIGHUP; return with everything committed.

    Args:
        settings: the server's settings.
        host: the address to bind.
        port: the port to bind; 0 for any free one.
        tls: the certificate, for ``https``.
        on_ready: called once, on the event loop, when the server accepts calls.

    Raises:
        OSError: the address cannot be bound.
    """
    parts = _Assembly(settings, host, port, tls)

    def ready() -> None:
        if on_ready is not None:
            on_ready(running)
        parts.asgi_app.warm()  # people follow; of a server in a thread many tests need no app

    server = _Uvicorn(parts, ready)
    running = RunningServer(parts, server.stop)
    parts.run(server)


def serve_in_thread(
    settings: Settings | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: "Tls | None" = None,
) -> RunningServer:
    """Serve in a thread; return once calls are accepted. Wire faults are always on.

    The Flask app is made for the first call that needs it: one of the control API or of a page.

    Raises:
        OSError: the address cannot be bound.
        NoRealThreadsError: gevent or eventlet has replaced threads in this process.
    """
    if not inspect.isbuiltin(_thread.start_new_thread):
        raise NoRealThreadsError
    settings = dataclasses.replace(settings or Settings(), wire_faults=True)
    parts = _Assembly(settings, host, port, tls)
    started: Future[None] = Future()
    server = _Uvicorn(parts, lambda: started.set_result(None))

    def run() -> None:
        try:
            parts.run(server)
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)  # the caller gets it

    thread = threading.Thread(target=run, name="mock-qualtrics", daemon=True)
    thread.start()
    try:
        started.result()
    except BaseException:
        thread.join()
        raise

    def stop() -> None:
        server.stop()
        thread.join()

    return RunningServer(parts, stop)
