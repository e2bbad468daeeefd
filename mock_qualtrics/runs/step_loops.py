"""Calls the engine's ``step`` again and again: on the server's event loop, or on a thread.

A loop decides nothing: the engine says what is due and when to come again.
"""

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol

IDLE_SECONDS: Final = 0.02  # how soon a run that became due meanwhile is noticed
AFTER_ERROR_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Stepping(Protocol):
    """What a loop asks of the engine."""

    def step(self) -> float | None:
        """Run what is due; return the seconds until more is, or None."""
        ...


class EventLoopSteps:
    """Calls ``step`` on the running event loop, without ever blocking it for long.

    Args:
        engine: whose steps are called.
        on_error: is told of a step that failed; it is tried again a second later.
    """

    def __init__(self, engine: Stepping, on_error: Callable[[Exception], None]) -> None:
        self._engine = engine
        self._on_error = on_error
        self._handle: asyncio.Handle | None = None

    def start(self) -> None:
        """Begin; call it on the running loop."""
        self._handle = asyncio.get_running_loop().call_soon(self._tick)

    def stop(self) -> None:
        """End; nothing is run afterwards. Call it on the running loop."""
        if self._handle is not None:
            self._handle.cancel()

    def _tick(self) -> None:
        wait_seconds = step(self._engine, self._on_error)
        self._handle = asyncio.get_running_loop().call_later(wait_seconds, self._tick)


class ThreadSteps:
    """Calls ``step`` on a thread of its own, where no event loop does (plain WSGI servers).

    It ends when it is stopped, or when the engine is gone: the thread keeps no engine alive.

    Args:
        engine: whose steps are called; a step that fails is logged, and tried again later.
    """

    def __init__(self, engine: Stepping) -> None:
        self._stopped = threading.Event()
        known = weakref.ref(engine)
        self._thread = threading.Thread(
            target=_run, args=(known, self._stopped), name="mock-qualtrics-runs", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Return when nothing is run any more; a second call does nothing."""
        self._stopped.set()
        self._thread.join()


def step(engine: Stepping, on_error: Callable[[Exception], None]) -> float:
    """Take one step; return after how many seconds the next one is to be taken."""
    try:
        until_due = engine.step()
    except Exception as error:  # noqa: BLE001  one bad step must not end all runs
        on_error(error)
        return AFTER_ERROR_SECONDS
    return IDLE_SECONDS if until_due is None else min(until_due, IDLE_SECONDS)


def _run(known: "weakref.ref[Stepping]", stopped: threading.Event) -> None:
    wait_seconds = 0.0
    while not stopped.wait(wait_seconds):
        engine = known()
        if engine is None:
            return
        wait_seconds = step(engine, _log_error)
        del engine


def _log_error(error: Exception) -> None:
    _log.error("runs could not be executed; they are tried again", exc_info=error)
