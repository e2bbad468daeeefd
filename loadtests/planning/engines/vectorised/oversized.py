"""Which calls carry a message that is over the payload limit (Q-LIM-3)."""

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.plan import Plan

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Oversized:
    """The people whose messages are too large.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._people = np.array(sorted(plan.oversized), dtype=np.int64)
        self._profiles, self._restated = plan.profiles, max(1, plan.restated)

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return len(self._people) > 0

    def are(self, numbers: Whole) -> Mask:
        """Say of each message, by its number, whether it is too large."""
        if not self:
            return np.zeros(len(numbers), dtype=np.bool_)
        later = numbers - self._profiles
        people = np.where(later < 0, numbers, later % self._restated)
        at = np.minimum(np.searchsorted(self._people, people), len(self._people) - 1)
        are: Mask = self._people[at] == people
        return are
