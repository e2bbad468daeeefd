"""Which runs the daily cap lets be executed (Q-LIM-4), and whose they are."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.plan import DAY, Plan

Whole = NDArray[np.int64]
OTHERS = -1
"""Stands for a message number in a call of another client."""


class DayRuns:
    """Counts runs by day, those of other clients too.

    Args:
        plan: the plan.

    Attributes:
        total: all runs of all days.
        blocked: runs of the export's messages that were blocked, by day.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._day = 0
        self._today = 0
        self.total = 0
        self.blocked: Counter[int] = Counter()
        self._surveys = np.zeros(plan.restated, dtype=np.uint16)  # of those who are asked again

    @property
    def surveyed_again(self) -> int:
        """People with an executed run in more than one day's export."""
        return int(np.count_nonzero(self._surveys > 1))

    def left(self, now: int) -> int:
        """Return how many runs may still be executed on the day of an instant."""
        self._reach(now // DAY)
        return max(0, self._plan.runs_per_day - self._today)

    def _reach(self, day: int) -> None:
        if day > self._day:
            self._day, self._today = day, 0

    def count(self, now: int, numbers: Whole) -> None:
        """Count the runs of one day in their order, by message number; ``OTHERS`` for another's."""
        left = self.left(now)
        self._today += len(numbers)
        self.total += len(numbers)
        self._block(int(np.count_nonzero(numbers[left:] != OTHERS)))
        self._survey(numbers[:left])

    def repeat(self, now: int, runs: int, own: Whole, period: int, times: int) -> None:
        """Count runs that come again: all are executed, or all blocked.

        Args:
            now: the instant from which on they come again.
            runs: how many they are each time, those of other clients too.
            own: the numbers of the export's messages among them.
            period: how much higher these are each time.
            times: how many times.
        """
        left = self.left(now)
        self._today += runs * times
        self.total += runs * times
        if not left:
            self._block(len(own) * times)
        elif len(self._surveys):
            for time in range(1, times + 1):
                self._survey(own + time * period)

    def _block(self, runs: int) -> None:
        if runs:
            self.blocked[self._day] += runs

    def _survey(self, numbers: Whole) -> None:
        if not len(self._surveys):
            return
        first = self._plan.profiles
        numbers = numbers[numbers != OTHERS]
        people = np.where(numbers < first, numbers, (numbers - first) % self._plan.restated)
        np.add.at(self._surveys, people[people < len(self._surveys)], 1)
