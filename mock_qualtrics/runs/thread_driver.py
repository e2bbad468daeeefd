"""Drives execution from a thread of its own, where no event loop does (plain WSGI servers)."""

import logging
import threading
import weakref
from typing import Protocol

IDLE_SECONDS = 0.02  # how soon a run that became due meanwhile is noticed
AFTER_ERROR_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Stepping(Protocol):
    """What the scheduler asks of the engine."""

    def step(self) -> float | None:
        """Run what is due; return the seconds until more is, or None."""
        ...


class ThreadSteps:
    """Calls ``step`` again and again until stopped, or until the engine is gone.

    A step that fails is logged, and tried again a second later.
    """

    def __init__(self, engine: Stepping) -> None:
        self._stopped = threading.Event()
        known = weakref.ref(engine)
        self._thread = threading.Thread(
            target=_drive, args=(known, self._stopped), name="mock-qualtrics-runs", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Return when nothing is run any more; again is harmless."""
        self._stopped.set()
        self._thread.join()


def _drive(known: "weakref.ref[Stepping]", stopped: threading.Event) -> None:
    wait_seconds = 0.0
    while not stopped.wait(wait_seconds):
        engine = known()
        if engine is None:
            return
        wait_seconds = _step(engine)
        del engine


def _step(engine: Stepping) -> float:
    try:
        until_due = engine.step()
    except Exception:  # noqa: BLE001  one bad step must not end all execution
        _log.exception("runs could not be executed; they are tried again")
        return AFTER_ERROR_SECONDS
    return IDLE_SECONDS if until_due is None else min(until_due, IDLE_SECONDS)
