"""The only module of the package that reads the time.

Instants are integers: microseconds since 1970-01-01T00:00:00Z (``model.Microseconds``). A tenant
has the machine's clock; or a skipping one, which goes with it and can be moved ahead; or a virtual
one, which moves only when it is advanced. Waiting on sockets and condition variables takes place
elsewhere, always in real time.

In a process in which freezegun or time-machine sets the time, the mock goes on in real time, as it
does in a process of its own: otherwise no run would become due.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, Self

from mock_qualtrics.errors import ClockGoesBackwardsError, InvalidInstantError
from mock_qualtrics.model import Microseconds

SECOND: Microseconds = 1_000_000
DAY: Microseconds = 86_400 * SECOND
LONGEST_SECONDS = 10 * 366 * 86_400
"""Ten years: the longest delay, and the longest step of a clock. The schemas state it too."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)
_MICROSECOND = timedelta(microseconds=1)

if sys.platform == "win32":  # pragma: no cover  it has no clock_gettime
    _wall_ns, _monotonic_ns = time.time_ns, time.monotonic_ns
else:

    def _wall_ns() -> int:
        """Return the machine's wall clock, whatever libraries that freeze time make of it."""
        time_machine = sys.modules.get("time_machine")
        if time_machine is not None and time_machine.escape_hatch.is_travelling():
            return int(time_machine.escape_hatch.time.time_ns())  # it changes this clock too
        return time.clock_gettime_ns(time.CLOCK_REALTIME)  # freezegun leaves it alone

    # No library that freezes time changes it. As a function it would cost each reading a frame.
    _monotonic_ns = partial(time.clock_gettime_ns, time.CLOCK_MONOTONIC)


def monotonic_seconds() -> float:
    """Return seconds that always pass; only differences are meaningful."""
    return _monotonic_ns() / 1e9


class TenantClock(Protocol):
    """The clock of a tenant."""

    def now(self) -> Microseconds:
        """Return the instant; it never goes backwards."""
        ...


class RealClock:
    """The machine's time: the wall clock is read once, then the monotonic clock is added.

    Args:
        not_before: start at this instant when the wall clock shows an earlier one, so that the
            journal stays in order after a restart.
    """

    def __init__(self, not_before: Microseconds = 0) -> None:
        wall = max(_wall_ns() // 1_000, not_before)
        self._offset = wall - _monotonic_ns() // 1_000

    def now(self) -> Microseconds:
        """Return the instant; it never goes backwards."""
        return self._offset + _monotonic_ns() // 1_000


class VirtualClock:
    """A clock that moves only when it is advanced."""

    def __init__(self, start: Microseconds) -> None:
        self._now = start

    def now(self) -> Microseconds:
        """Return the instant to which the clock was last moved."""
        return self._now

    def advance_to(self, instant: Microseconds) -> None:
        """Move the clock to an instant.

        Raises:
            ClockGoesBackwardsError: the instant is in the clock's past.
        """
        if instant < self._now:
            raise ClockGoesBackwardsError(
                now=format_instant(self._now), wanted=format_instant(instant)
            )
        self._now = instant


class SkippingClock:
    """A clock that goes with another one, and can be moved ahead of it.

    Args:
        base: the clock that it goes with.
        skipped: how far ahead it starts, in microseconds.
        not_before: start at this instant when it would be an earlier one.

    Attributes:
        skipped: how far ahead it is, in microseconds; it never shrinks.
    """

    def __init__(
        self, base: TenantClock, skipped: Microseconds = 0, not_before: Microseconds | None = None
    ) -> None:
        self._base = base
        self.skipped = skipped
        if not_before is not None:
            self.skip_to(not_before)

    def now(self) -> Microseconds:
        """Return the instant; it never goes backwards, and stops at the last one."""
        return min(self._base.now() + self.skipped, LAST_INSTANT)

    def skip_to(self, instant: Microseconds) -> None:
        """Move the clock ahead to an instant; do nothing when it is there or beyond."""
        self.skipped += max(0, instant - self.now())


class Countdown:
    """A time limit for a piece of work, in real time.

    Args:
        seconds: the limit.
        read: returns the time that counts, in seconds.
    """

    __slots__ = ("_ends_at", "_read")

    def __init__(self, seconds: float, read: Callable[[], float] = monotonic_seconds) -> None:
        self._read = read
        self._ends_at = read() + seconds

    @classmethod
    def of_processor_time(cls, seconds: float) -> Self:
        """Count only the calling thread's processor time, however busy the machine is."""
        return cls(seconds, time.thread_time)

    def left_seconds(self) -> float:
        """Return the remaining seconds; negative when the limit is exceeded."""
        return self._ends_at - self._read()


def format_instant(instant: Microseconds) -> str:
    """Return RFC 3339 in UTC with microseconds and ``Z``.

    RFC 3339 has the years 1 to 9999; an instant outside them is shown as the nearest one inside.
    """
    shown = min(max(instant, FIRST_INSTANT), LAST_INSTANT)
    moment = _NAIVE_EPOCH + timedelta(microseconds=shown)
    return moment.isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> Microseconds:
    """Parse an RFC 3339 instant; the offset from UTC is required.

    Raises:
        InvalidInstantError: the text is no instant with an offset from UTC, or the instant in UTC
            is before the year 1 or after 9999.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise InvalidInstantError(text)
        return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError) as error:
        raise InvalidInstantError(text) from error


def to_microseconds(seconds: float) -> Microseconds:
    """Convert seconds to whole microseconds, rounded."""
    return round(seconds * SECOND)


FIRST_INSTANT: Microseconds = parse_instant("0001-01-01T00:00:00Z")
"""The first instant that RFC 3339 can express."""

VIRTUAL_START: Microseconds = parse_instant("2026-01-01T00:00:00Z")

LAST_INSTANT: Microseconds = parse_instant("9999-12-31T23:59:59.999999Z")
"""The last instant that RFC 3339 can express; no clock moves beyond it."""
