"""Drives execution from a thread of its own, where no event loop does (plain WSGI servers)."""

import threading
import weakref
from typing import Protocol

_IDLE_SECONDS = 0.02  # how soon a run that became due meanwhile is noticed


class Stepping(Protocol):
    """What the scheduler asks of the engine."""

    def step(self) -> float | None:
        """Run what is due; return the seconds until more is, or None."""
        ...


class Scheduler:
    """Calls ``step`` again and again until stopped, or until the engine is gone."""

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
        until_due = engine.step()
        del engine
        wait_seconds = _IDLE_SECONDS if until_due is None else min(until_due, _IDLE_SECONDS)
