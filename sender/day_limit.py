"""The calls of a day: no day gets more than the destination executes (Q-LIM-4). Pure.

Where a day begins nobody knows: at midnight of some time zone, or 24 hours before any moment. A
day of a zone that ends its summer time has 25 hours. So a call counts for 25 hours, and no day,
however it is counted, has more calls than allowed. A call may be counted by the destination later
than it was sent, and is counted by the minute: it counts two minutes longer.

Each attempt counts, refused ones and lost ones too: what the destination counts is not known.
Times are passed in, as seconds since 1970.
"""

from collections import deque
from collections.abc import Iterable

MINUTE_SECONDS = 60
LONGEST_DAY_SECONDS = 25 * 3600
COUNTS_FOR_SECONDS = LONGEST_DAY_SECONDS + 2 * MINUTE_SECONDS  # from the minute's beginning


class DayLimit:
    """Counts calls by the minute, and says when the next one may be made.

    Args:
        calls_per_day: the most calls in any day; None: no limit, calls are only counted.
        counted: minutes, numbered since 1970, and how many calls were made in each.
        now: the current instant; what was counted later, by a clock that was ahead, counts as now.

    Example:
        >>> day = DayLimit(2, [], now=0.0)
        >>> day.sent(0.0), day.sent(30.0)
        (None, None)
        >>> day.wait_seconds(60.0) / 3600 > 25
        True
    """

    def __init__(
        self, calls_per_day: int | None, counted: Iterable[tuple[int, int]], now: float
    ) -> None:
        self._limit = calls_per_day
        self._minutes: deque[list[int]] = deque()
        self._used = 0
        this_minute = _minute_of(now)
        for minute, calls in sorted((min(minute, this_minute), calls) for minute, calls in counted):
            self._add(minute, calls)
        self._forget_before(now)

    @property
    def calls_per_day(self) -> int | None:
        """The most calls in any day; None: no limit."""
        return self._limit

    def counts(self) -> list[tuple[int, int]]:
        """Return the minutes that still count, and how many calls were made in each."""
        return [(minute, calls) for minute, calls in self._minutes]

    def left(self, now: float) -> int | None:
        """Return how many calls may still be made at that instant; None: any number."""
        if self._limit is None:
            return None
        self._forget_before(now)
        return max(0, self._limit - self._used)

    def wait_seconds(self, now: float) -> float:
        """Return how long to wait before the next call; 0 when it may be made now."""
        if self._limit is None or self._used < self._limit:
            return 0.0
        self._forget_before(now)
        if self._used < self._limit or not self._minutes:
            return 0.0
        return max(0.0, self._minutes[0][0] * MINUTE_SECONDS + COUNTS_FOR_SECONDS - now)

    def sent(self, now: float, calls: int = 1) -> None:
        """Record that calls are made now."""
        self._add(_minute_of(now), calls)

    def _add(self, minute: int, calls: int) -> None:
        self._used += calls
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1][1] += calls
        else:
            self._minutes.append([minute, calls])

    def _forget_before(self, now: float) -> None:
        while self._minutes:
            minute, calls = self._minutes[0]
            if minute * MINUTE_SECONDS + COUNTS_FOR_SECONDS > now:
                return
            self._used -= calls
            self._minutes.popleft()


def _minute_of(instant: float) -> int:
    return int(instant // MINUTE_SECONDS)
