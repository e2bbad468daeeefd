"""The clock of this package. Its only module that reads the time or sleeps.

What times a connector, or dates a report, takes a :class:`Clock`, so that its tests wait for
nothing.
"""

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """The time as this package uses it."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; only differences are meaningful."""
        ...

    def now(self) -> dt.datetime:
        """Return the current instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...


class RealClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def now(self) -> dt.datetime:
        """Return the machine's current instant, in UTC."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds; for none when they are negative."""
        time.sleep(max(0.0, seconds))
