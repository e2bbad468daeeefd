"""The sender's clocks. The only module of the package that reads the time or sleeps.

In a process in which freezegun or time-machine sets the time, the wall clock shows the time that
was set, because that is what the messages are dated by. The monotonic clock stays the machine's:
otherwise no wait would end.
"""

import datetime as dt
import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol

_POLL_SECONDS = 0.2  # how soon a pause notices a request to stop


if sys.platform == "win32":  # pragma: no cover  it has no clock_gettime
    _monotonic = time.monotonic
else:

    def _monotonic() -> float:
        """Return the machine's monotonic seconds; no library that freezes time changes them."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """The time as the sender uses it; pass another one to test without waiting."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; only differences are meaningful."""
        ...

    def now(self) -> dt.datetime:
        """Return the current instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Return after that many seconds, or soon after the condition becomes true."""
        ...


class RealClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return _monotonic()

    def now(self) -> dt.datetime:
        """Return the machine's current instant, in UTC."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds."""
        time.sleep(max(0.0, seconds))

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Sleep for that many seconds, or until shortly after the condition becomes true."""
        end = _monotonic() + seconds
        while not until() and (left := end - _monotonic()) > 0:
            time.sleep(min(left, _POLL_SECONDS))


class VirtualClock:
    """A clock that only sleeping moves forward, so that hours pass in microseconds."""

    def __init__(self, start: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) -> None:
        self._start = start
        self._elapsed_seconds = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Return the virtual seconds since the start."""
        return self._elapsed_seconds

    def now(self) -> dt.datetime:
        """Return the virtual current instant."""
        return self._start + dt.timedelta(seconds=self._elapsed_seconds)

    def sleep(self, seconds: float) -> None:
        """Move the clock forward by that many seconds."""
        with self._lock:
            self._elapsed_seconds += max(0.0, seconds)

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Move the clock forward by that many seconds, unless the condition is true."""
        if not until():
            self.sleep(seconds)
