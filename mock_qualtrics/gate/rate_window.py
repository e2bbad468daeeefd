"""The brand's rate limit: exact windows of admitted calls (Q-LIM-1, Q-LIM-5).

Pure: the instant is an argument, no clock is read. A window counts only admitted calls, so a
refused call uses no quota. `checks` decides which answer a refused call gets.
"""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from mock_qualtrics.model import Microseconds
from mock_qualtrics.settings import Window as WindowKind

MICROSECONDS = 1_000_000
EXACT_UP_TO_CALLS = 1_000_000
COARSE_MICROSECONDS = 10_000


class Window(Protocol):
    """A count of admitted calls over time; ``calls`` in a method overrides the window's limit."""

    calls: int

    def has_room(self, now: Microseconds, calls: int | None = None) -> bool:
        """Return whether one more call may be admitted now."""

    def try_take(self, now: Microseconds, calls: int | None = None) -> bool:
        """Count one call if the limit allows it now; return whether it did."""

    def take(self, now: Microseconds) -> None:
        """Count one call, even above the limit."""

    def give_back(self) -> None:
        """Undo the latest `take`; nothing may have been counted since."""

    def retry_after_seconds(self, now: Microseconds, calls: int | None = None) -> int:
        """Return the whole seconds to wait, at least 1; 0 when a call may be admitted now."""

    def used(self, now: Microseconds) -> int:
        """Return how many calls count now."""

    def counted(self) -> Iterable[tuple[Microseconds, int]]:
        """Return the calls that count: instants in order, and how many calls each."""


class SlidingWindow:
    """Admit at most ``calls`` in any span of ``seconds``, wherever it begins.

    Exact to the microsecond up to a million calls. A higher limit is counted in steps of 10 ms,
    rounded up, which bounds the memory. Rounding never admits too many calls.
    """

    __slots__ = ("_counts", "_instants", "_span", "_step", "_total", "calls")

    def __init__(self, calls: int, seconds: int = 60) -> None:
        self.calls = calls
        self._span = seconds * MICROSECONDS
        self._step = 1 if calls <= EXACT_UP_TO_CALLS else COARSE_MICROSECONDS
        self._instants: deque[Microseconds] = deque()
        self._counts: deque[int] = deque()
        self._total = 0

    def has_room(self, now: Microseconds, calls: int | None = None) -> bool:
        """Return whether one more call may be admitted now."""
        self._forget(now)
        return self._total < (self.calls if calls is None else calls)

    def take(self, now: Microseconds) -> None:
        """Count one admitted call; an instant before the latest one counts as the latest."""
        instant = -(-now // self._step) * self._step
        self._total += 1
        if self._instants and self._instants[-1] >= instant:
            self._counts[-1] += 1
            return
        self._instants.append(instant)
        self._counts.append(1)

    def try_take(self, now: Microseconds, calls: int | None = None) -> bool:
        """Count one call if the limit allows it now; return whether it did."""
        if not self.has_room(now, calls):
            return False
        self.take(now)
        return True

    def give_back(self) -> None:
        """Undo the latest `take`; nothing may have been counted since."""
        self._total -= 1
        self._counts[-1] -= 1
        if not self._counts[-1]:
            self._counts.pop()
            self._instants.pop()

    def retry_after_seconds(self, now: Microseconds, calls: int | None = None) -> int:
        """Return the whole seconds to wait, at least 1; 0 when a call may be admitted now."""
        if self.has_room(now, calls):
            return 0
        # A call may be admitted once the oldest `excess` calls have left the window.
        excess = self._total - (self.calls if calls is None else calls) + 1
        for instant, count in zip(self._instants, self._counts, strict=True):
            excess -= count
            if excess <= 0:
                return _whole_seconds(instant + self._span - now)
        return _whole_seconds(self._span)

    def used(self, now: Microseconds) -> int:
        """Return how many calls count now."""
        self._forget(now)
        return self._total

    def counted(self) -> Iterable[tuple[Microseconds, int]]:
        """Return the calls that count: instants in order, and how many calls each."""
        return zip(self._instants, self._counts, strict=True)

    def _forget(self, now: Microseconds) -> None:
        horizon = now - self._span
        instants = self._instants
        while instants and instants[0] <= horizon:
            instants.popleft()
            self._total -= self._counts.popleft()


class FixedWindow:
    """Admit at most ``calls`` in each span of ``seconds`` that starts at a multiple of it."""

    __slots__ = ("_current", "_span", "_total", "calls")

    def __init__(self, calls: int, seconds: int = 60) -> None:
        self.calls = calls
        self._span = seconds * MICROSECONDS
        self._current = 0
        self._total = 0

    def has_room(self, now: Microseconds, calls: int | None = None) -> bool:
        """Return whether one more call may be admitted now."""
        self._roll(now)
        return self._total < (self.calls if calls is None else calls)

    def take(self, now: Microseconds) -> None:
        """Count one admitted call; an instant before this window's start counts in this window."""
        self._roll(now)
        self._total += 1

    def try_take(self, now: Microseconds, calls: int | None = None) -> bool:
        """Count one call if the limit allows it now; return whether it did."""
        if not self.has_room(now, calls):
            return False
        self._total += 1
        return True

    def give_back(self) -> None:
        """Undo the latest `take`; nothing may have been counted since."""
        self._total -= 1

    def retry_after_seconds(self, now: Microseconds, calls: int | None = None) -> int:
        """Return the whole seconds to wait, at least 1; 0 when a call may be admitted now."""
        if self.has_room(now, calls):
            return 0
        return _whole_seconds((self._current + 1) * self._span - now)

    def used(self, now: Microseconds) -> int:
        """Return how many calls count now."""
        self._roll(now)
        return self._total

    def counted(self) -> Iterable[tuple[Microseconds, int]]:
        """Return the calls that count, as if all of them had come when this span began."""
        return ((self._current * self._span, self._total),)

    def _roll(self, now: Microseconds) -> None:
        window = now // self._span
        # Only forwards: an instant may be older than the latest one that was counted.
        if window > self._current:
            self._current, self._total = window, 0


def make_window(kind: WindowKind, calls: int, seconds: int = 60) -> Window:
    """Return an empty window, by default of a minute: ``sliding`` or ``fixed`` (Q-LIM-5)."""
    return SlidingWindow(calls, seconds) if kind == "sliding" else FixedWindow(calls, seconds)


def go_on(window: Window, before: Window) -> Window:
    """Return a new window that has counted what another one counts: its limit was changed.

    What the other one has forgotten stays forgotten, even if the new span is longer.
    """
    for instant, calls in before.counted():
        for _ in range(calls):
            window.take(instant)
    return window


def _whole_seconds(microseconds: int) -> int:
    return max(1, -(-microseconds // MICROSECONDS))
