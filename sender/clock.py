"""Time for the sender: the only module of the package that reads it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

_SLICE_SECONDS = 0.2


class Clock(Protocol):
    """What the sender asks of time."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; only differences mean anything."""
        ...

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return once that many seconds have passed."""
        ...

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Return once that many seconds have passed, or soon after the condition holds."""
        ...


class RealClock:
    """The machine's time."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the machine's instant, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds."""
        time.sleep(max(0.0, seconds))

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Sleep for that many seconds, or until shortly after the condition holds."""
        end = time.monotonic() + seconds
        while not until() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE_SECONDS))


class VirtualClock:
    """A clock that moves only by sleeping on it: hours pass in microseconds."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_seconds = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Return the virtual seconds since the start."""
        return self._elapsed_seconds

    def now(self) -> datetime:
        """Return the virtual instant."""
        return self._start + timedelta(seconds=self._elapsed_seconds)

    def sleep(self, seconds: float) -> None:
        """Move the clock forward by that many seconds."""
        with self._lock:
            self._elapsed_seconds += max(0.0, seconds)

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Move the clock forward by that many seconds, unless the condition holds."""
        if not until():
            self.sleep(seconds)
