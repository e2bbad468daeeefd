"""Drives execution from the server's event loop: what is due runs when it is due.

It decides nothing: the engine says what is due and when to come again.
"""

import asyncio
from typing import Protocol

_IDLE_SECONDS = 0.02  # how soon a run that became due meanwhile is noticed


class Stepping(Protocol):
    """What the driver asks of the engine."""

    def step(self) -> float | None:
        """Run what is due; return the seconds until more is, or None."""
        ...


class LoopDriver:
    """Calls ``step`` on the running loop, again and again, without ever blocking it for long."""

    def __init__(self, engine: Stepping) -> None:
        self._engine = engine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._handle: asyncio.Handle | None = None

    def start(self) -> None:
        """Begin; call it on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._handle = self._loop.call_soon(self._tick)

    def stop(self) -> None:
        """End; nothing is run afterwards."""
        if self._handle is not None:
            self._handle.cancel()
        self._loop = None

    def _tick(self) -> None:
        until_due = self._engine.step()
        if self._loop is not None:
            wait = _IDLE_SECONDS if until_due is None else min(until_due, _IDLE_SECONDS)
            self._handle = self._loop.call_later(wait, self._tick)
