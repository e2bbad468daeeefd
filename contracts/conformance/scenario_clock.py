"""The clock of a scenario's tenant, for a connector in the same process: it waits in no time."""

import datetime as dt
import math
import threading
from collections.abc import Callable
from typing import Final

START: Final = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # within the dates of the suite's audiences
LONGEST: Final = dt.timedelta(hours=48)  # a destination is tried again for 24 hours at most


class OutOfTimeError(BaseException):
    """The connector's time is up. No `Exception`, for a connector's retries must not catch it."""


class ScenarioClock:
    """What a connector takes in place of ``time`` and ``datetime``: it moves the tenant's clock.

    The mock's limits, answers and journal go by the same clock, so that a wait of 24 hours is
    judged to the second, in milliseconds. Threads share it: while one sleeps, time passes for all.

    Args:
        start: the tenant's instant when the scenario starts.
        advance: moves the tenant's clock by that many seconds.

    Attributes:
        slept_seconds: how far it was moved.
        is_over: whether the connector wanted to wait for longer than it may.
    """

    def __init__(self, start: dt.datetime, advance: Callable[[float], object]) -> None:
        self._start = start
        self._advance = advance
        self._lock = threading.Lock()
        self.slept_seconds = 0.0
        self.is_over = False

    def now(self) -> dt.datetime:
        """Return the tenant's instant, in UTC."""
        return self._start + dt.timedelta(seconds=self.slept_seconds)

    def monotonic(self) -> float:
        """Return the tenant's seconds since the scenario started."""
        return self.slept_seconds

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass for the tenant, in no time.

        Raises:
            ValueError: the seconds are negative, or no finite number.
            OutOfTimeError: 48 hours have passed, and the connector still waits.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"sleep length must be a finite number from 0, got {seconds!r}")
        until = self.slept_seconds + seconds
        with self._lock:
            if until > LONGEST.total_seconds():
                self.is_over = True
                raise OutOfTimeError
            missing = until - self.slept_seconds
            if missing > 0:  # another thread may have slept as long
                self._advance(missing)
                self.slept_seconds = until
