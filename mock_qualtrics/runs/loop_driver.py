"""Drives execution from the server's event loop: what is due runs when it is due.

It decides nothing: the engine says what is due and when to come again.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

IDLE_SECONDS: Final = 0.02  # how soon a run that became due meanwhile is noticed
AFTER_ERROR_SECONDS: Final = 1.0


class Stepping(Protocol):
    """What the driver asks of the engine."""

    def step(self) -> float | None:
        """Run what is due; return the seconds until more is, or None."""
        ...


class EventLoopSteps:
    """Calls ``step`` on the running loop, again and again, without ever blocking it for long.

    Args:
        engine: what is driven.
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
        self._handle = asyncio.get_running_loop().call_later(self._step(), self._tick)

    def _step(self) -> float:
        try:
            until_due = self._engine.step()
        except Exception as error:  # noqa: BLE001  one bad step must not end all execution
            self._on_error(error)
            return AFTER_ERROR_SECONDS
        return IDLE_SECONDS if until_due is None else min(until_due, IDLE_SECONDS)
