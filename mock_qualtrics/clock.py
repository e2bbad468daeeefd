"""Time for the mock: the only module of the package that reads it.

Instants are integers, microseconds since 1970-01-01T00:00:00Z (``values.Microseconds``). A tenant
has either the machine's clock or a virtual one that moves only when told. Waiting on sockets and on
condition variables is not here: it is real time whatever the tenant's clock says.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from mock_qualtrics.errors import ClockGoesBackwardsError, InvalidInstantError
from mock_qualtrics.model import Microseconds

SECOND: Microseconds = 1_000_000
DAY: Microseconds = 86_400 * SECOND
LONGEST_SECONDS = 10 * 366 * 86_400
"""Ten years: the longest delay, and as far as a clock is moved at once. Schemas say it too."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)
_MICROSECOND = timedelta(microseconds=1)


class TenantClock(Protocol):
    """What a tenant asks of time."""

    def now(self) -> Microseconds:
        """Return the instant; it never goes backwards."""
        ...


class RealClock:
    """The machine's time: wall time read once, moved on by the monotonic clock.

    Args:
        not_before: an instant that this clock starts at when the machine's is earlier, so that a
            journal written before a restart stays in order.
    """

    def __init__(self, not_before: Microseconds = 0) -> None:
        wall = max(time.time_ns() // 1_000, not_before)
        self._offset = wall - time.monotonic_ns() // 1_000

    def now(self) -> Microseconds:
        """Return the instant; it never goes backwards."""
        return self._offset + time.monotonic_ns() // 1_000


class VirtualClock:
    """A clock that moves only when told."""

    def __init__(self, start: Microseconds) -> None:
        self._now = start

    def now(self) -> Microseconds:
        """Return the instant that the clock was last moved to."""
        return self._now

    def advance_to(self, instant: Microseconds) -> None:
        """Move to that instant.

        Raises:
            ClockGoesBackwardsError: the instant is before now.
        """
        if instant < self._now:
            raise ClockGoesBackwardsError(
                now=format_instant(self._now), wanted=format_instant(instant)
            )
        self._now = instant


class Countdown:
    """So many seconds for a piece of work; no tenant's time is ever read from it.

    Args:
        seconds: how many.
        read: what is counted, in seconds.
    """

    __slots__ = ("_ends_at", "_read")

    def __init__(self, seconds: float, read: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._ends_at = read() + seconds

    @classmethod
    def of_processor_time(cls, seconds: float) -> Self:
        """Count the calling thread's own work alone, however busy the machine is."""
        return cls(seconds, time.thread_time)

    def left_seconds(self) -> float:
        """Return what is left; negative when it is over."""
        return self._ends_at - self._read()


def format_instant(instant: Microseconds) -> str:
    """Return RFC 3339 in UTC with microseconds and ``Z``."""
    moment = _NAIVE_EPOCH + timedelta(microseconds=instant)
    return moment.isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> Microseconds:
    """Read an RFC 3339 instant; any offset is taken, none is not.

    Raises:
        InvalidInstantError: the text is no instant with an offset from UTC, or in UTC it is before
            the year 1 or after 9999.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise InvalidInstantError(text)
        return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError) as error:
        raise InvalidInstantError(text) from error


def to_microseconds(seconds: float) -> Microseconds:
    """Return that many seconds as whole microseconds, rounded."""
    return round(seconds * SECOND)


VIRTUAL_START: Microseconds = parse_instant("2026-01-01T00:00:00Z")

LAST_INSTANT: Microseconds = parse_instant("9999-12-31T23:59:59.999999Z")
"""The last instant that RFC 3339 can write; no clock goes beyond."""
