"""Loops that call the engine's ``step``: on the server's event loop, or on a thread.

A loop decides nothing: the engine knows what is due, and how long to wait until the next step.
"""

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol

IDLE_SECONDS: Final = 0.02  # how long a run that a call made due at once may wait
TOGETHER_SECONDS: Final = 0.01  # runs that fall due within it are executed, and written, together
AFTER_ERROR_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Stepping(Protocol):
    """The engine, as a loop sees it."""

    def step(self) -> float | None:
        """Execute runs that are due; return the seconds until the next, None when none waits."""
        ...


class EventLoopSteps:
    """Calls ``step`` on the running event loop; each step is short, so calls are not held up.

    Args:
        engine: whose steps are called.
        on_error: called with the error of a failed step; the next step follows a second later.
    """

    def __init__(self, engine: Stepping, on_error: Callable[[Exception], None]) -> None:
        self._engine = engine
        self._on_error = on_error
        self._handle: asyncio.Handle | None = None

    def start(self) -> None:
        """Start; call it on the running loop."""
        self._handle = asyncio.get_running_loop().call_soon(self._tick)

    def stop(self) -> None:
        """Stop; no step follows. Call it on the running loop."""
        if self._handle is not None:
            self._handle.cancel()

    def _tick(self) -> None:
        wait_seconds = step(self._engine, self._on_error)
        self._handle = asyncio.get_running_loop().call_later(wait_seconds, self._tick)


class ThreadSteps:
    """Calls ``step`` on a thread of its own, for plain WSGI servers, which have no event loop.

    It ends when it is stopped, or when the engine is garbage-collected: the thread holds only a
    weak reference.

    Args:
        engine: whose steps are called; a failed step is logged, and the next follows later.
    """

    def __init__(self, engine: Stepping) -> None:
        self._stopped = threading.Event()
        engine_ref = weakref.ref(engine)
        self._thread = threading.Thread(
            target=_run, args=(engine_ref, self._stopped), name="mock-qualtrics-runs", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop, and return once the thread has ended; a second call does nothing."""
        self._stopped.set()
        self._thread.join()


def step(engine: Stepping, on_error: Callable[[Exception], None]) -> float:
    """Take one step; return the seconds until the next one."""
    try:
        until_due = engine.step()
    except Exception as error:  # noqa: BLE001  one bad step must not end all runs
        on_error(error)
        return AFTER_ERROR_SECONDS
    return _until_next(until_due)


def _until_next(until_due: float | None) -> float:
    """Return the seconds until the next step, by those until the next run is due."""
    if until_due is None:
        return IDLE_SECONDS
    if not until_due:
        return 0.0  # the step was full: more runs are due already
    if until_due > IDLE_SECONDS:
        # So that a run of which is known long before is executed when it is due, and no later.
        return min(IDLE_SECONDS, until_due - TOGETHER_SECONDS)
    return max(TOGETHER_SECONDS, until_due)


def _run(engine_ref: "weakref.ref[Stepping]", stopped: threading.Event) -> None:
    wait_seconds = 0.0
    while not stopped.wait(wait_seconds):
        engine = engine_ref()
        if engine is None:
            return
        wait_seconds = step(engine, _log_error)
        del engine  # while this thread waits, nothing here keeps the engine alive


def _log_error(error: Exception) -> None:
    _log.error("runs could not be executed; they are tried again", exc_info=error)
