"""Whether what is measured over time stays flat, or creeps up. Pure.

The first third of a run is its warm-up: caches, pools and the gate's minute fill. The median of the
last third is held against that of the middle one. A median is not moved by outliers, and a fall is
no leak.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

SPREADS: Final = 2.0
"""By how many median deviations of the middle third the median may grow, whatever the allowance.

A steady creep raises the median by four of them, however steep it is: more than two is no noise.
Between medians of dozens of values, noise of one deviation makes a fraction of one.
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """By how much something may grow and still be flat: the greater of the two counts.

    Attributes:
        absolute: in its own unit.
        relative: as a share of what it was.
    """

    absolute: float
    relative: float = 0.0


@dataclass(frozen=True, slots=True)
class Growth:
    """How something grew from the middle third of a run to its last.

    Attributes:
        before: the median of the middle third.
        after: the median of the last third.
        allowed: by how much the latter may be above the former.
    """

    before: float
    after: float
    allowed: float

    @property
    def is_flat(self) -> bool:
        """Whether it grew by no more than it may."""
        return self.after - self.before <= self.allowed


def growth(values: Sequence[float | None], allowance: Allowance) -> Growth | None:
    """Return how much something grew; None: a third that counts has no value.

    Args:
        values: as they were measured, evenly spaced over the run; None: there is none.
        allowance: by how much it may grow.

    Example:
        >>> growth([9, 1, 2, 2, 3, 3], Allowance(absolute=0.5)).is_flat
        False
    """
    third = len(values) // 3
    middle = [value for value in values[-2 * third : -third] if value is not None]
    last = [value for value in values[-third:] if value is not None]
    if not (third and middle and last):
        return None
    before = median(middle)
    spread = median(abs(value - before) for value in middle)
    allowed = max(allowance.absolute, allowance.relative * before, SPREADS * spread)
    return Growth(before, median(last), allowed)
