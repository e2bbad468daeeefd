"""Both sides' views of the one clock."""

import datetime as dt
from collections.abc import Callable

from simulation.world.timeline import Timeline, whole_us

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class SenderClock:
    """The sender's clock: waiting lets the world go on; its wall clock may be put wrong.

    Attributes:
        wrong_by_us: how far ahead its wall clock is.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.wrong_by_us = 0

    def monotonic(self) -> float:
        """Return the virtual seconds since the start."""
        return self._timeline.now_us / 1e6

    def now(self) -> dt.datetime:
        """Return what the wall clock shows."""
        shown_us = self._timeline.instant_us + self.wrong_by_us
        return _EPOCH + dt.timedelta(microseconds=shown_us)

    def sleep(self, seconds: float) -> None:
        """Let the world go on for that long."""
        self._timeline.run_until(self._timeline.now_us + whole_us(seconds))

    def pause(self, seconds: float, until: Callable[[], bool]) -> None:
        """Let the world go on for that long, or until the condition is true."""
        self._timeline.run_until(self._timeline.now_us + whole_us(seconds), until)


class MockClock:
    """The mock's clock, which shows the world's time."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def now(self) -> int:
        """Return the instant, in microseconds since 1970."""
        return self._timeline.instant_us

    def seconds(self) -> float:
        """Return the instant in seconds, for countdowns."""
        return self._timeline.instant_us / 1e6
