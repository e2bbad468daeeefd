"""Instants that are evenly spaced but for rounding: from a number to its instant, and back."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


class EvenlySpaced:
    """Things that happen at ``start_us + round(index * scale / rate)``; the index counts from 0.

    The rounding is Python's, of the same double: so each instant is that of the exact engine.

    Args:
        start_us: the instant of index 0.
        rate: how many in a time of ``scale``.
        scale: that time, in microseconds.
    """

    __slots__ = ("_rate", "_scale", "start_us")

    def __init__(self, start_us: int, rate: float, scale: float = 1e6) -> None:
        self.start_us = start_us
        self._rate = rate
        self._scale = scale

    def instant(self, index: int) -> int:
        """Return when that one happens."""
        return self.start_us + round(index * self._scale / self._rate)

    def instants(self, indices: Whole) -> Whole:
        """Return when those happen."""
        spaced: Whole = np.rint(indices * self._scale / self._rate).astype(np.int64)
        spaced += self.start_us
        return spaced

    def before(self, instant: int) -> int:
        """Return how many happen before an instant, if they never end."""
        if instant <= self.start_us:
            return 0
        found = int((instant - self.start_us) * self._rate / self._scale)
        while found > 0 and self.instant(found - 1) >= instant:
            found -= 1
        while self.instant(found) < instant:
            found += 1
        return found

    def before_each(self, instants: Whole) -> Whole:
        """Return for each instant how many happen before it, if they never end."""
        since = np.maximum(instants - self.start_us, 0)
        found: Whole = (since * self._rate / self._scale).astype(np.int64)
        while (late := (found > 0) & (self.instants(found - 1) >= instants)).any():
            found -= late
        while (early := self.instants(found) < instants).any():
            found += early
        return found


def repeats_after(rate: float, scale: int, period_us: int, last_us: int) -> int:
    """Return after how many indices all instants are the same, a period later; 0: not known to be.

    Args:
        rate: how many in a time of ``scale``.
        scale: that time, in microseconds.
        period_us: the period, an even number of microseconds.
        last_us: no later instant matters.

    Example:
        >>> repeats_after(1_000.0, 1_000_000, 60_000_000, 10**9)
        60000
        >>> repeats_after(0.7, 1_000_000, 60_000_000, 10**9)
        0
    """
    spacing = scale / Fraction(rate)
    indices = period_us / spacing
    if indices.denominator != 1:
        return 0
    # An instant that is not half-way between two microseconds must not become so as a double.
    nearest = Fraction(1, 2 * spacing.denominator)
    has_no_other = spacing.denominator in (1, 2)
    is_exact = has_no_other or nearest > Fraction(float(np.spacing(float(last_us))))
    return int(indices) if is_exact else 0
