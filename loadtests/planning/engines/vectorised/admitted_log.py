"""Which messages were admitted at one try; periods may repeat a million times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
_Kept = NDArray[np.int32]  # there are at most 10**9 messages
_HIGHEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Repeated:
    """Numbers that come again ``times`` times, each time ``period`` higher.

    They do not count themselves, and may be negative: they are another segment's then.
    """

    numbers: _Kept
    period: int
    times: int

    def below(self, bounds: Whole) -> Whole:
        since = bounds - int(self.numbers[0])
        whole = np.clip(since // self.period - 1, 0, self.times)
        left = (bounds - (whole + 1) * self.period).clip(-_HIGHEST, _HIGHEST).astype(np.int32)
        found = np.where(whole < self.times, np.searchsorted(self.numbers, left), 0)
        return whole * len(self.numbers) + found


class AdmittedLog:
    """Numbers in ascending order.

    Attributes:
        count: how many there are.
    """

    __slots__ = ("_parts", "_repeated", "count")

    def __init__(self) -> None:
        self.count = 0
        self._parts: list[_Kept] = []
        self._repeated: list[_Repeated] = []

    def add(self, numbers: Whole) -> None:
        """Add numbers after all that were added."""
        if len(numbers):
            self.count += len(numbers)
            self._parts.append(numbers.astype(np.int32))

    def mark(self) -> int:
        """Return a mark for `since`."""
        return len(self._parts)

    def since(self, mark: int) -> Whole:
        """Return what was added since a mark."""
        parts = self._parts[mark:]
        return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)

    def repeat(self, numbers: Whole, period: int, times: int) -> None:
        """Add numbers so many times, each time a period higher than the time before."""
        if len(numbers):
            self.count += len(numbers) * times
            self._repeated.append(_Repeated(numbers.astype(np.int32), period, times))

    def below(self, bounds: Whole) -> Whole:
        """Return how many numbers are below each bound."""
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        total = np.zeros(len(bounds), dtype=np.int64)
        for numbers in self._parts:
            total += np.searchsorted(numbers, np.minimum(bounds, _HIGHEST).astype(np.int32))
        for repeated in self._repeated:
            total += repeated.below(bounds)
        return total
