"""What becomes of the messages of each seed, counted: a column a seed."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.plan import DAY, SECOND, Plan

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


class Tallies:
    """Counts for each seed.

    Args:
        plan: the plan.
        seeds: how many seeds there are.
    """

    def __init__(self, plan: Plan, seeds: int) -> None:
        self._plan = plan
        self._window = self._day = -1
        self._called: Mask = np.zeros(seeds, dtype=np.bool_)  # in the window that goes on
        self._today = _none(seeds)
        self.accepted, self.delivered = _none(seeds), _none(seeds)
        self.dropped, self.uncertain = _none(seeds), _none(seeds)
        self.duplicates, self.blocked = _none(seeds), _none(seeds)
        self.windows, self.last_call = _none(seeds), _none(seeds)

    def reach(self, now: int) -> None:
        """Begin the window and the day of an instant; a span lies in one of each."""
        if (window := now // (self._plan.window_seconds * SECOND)) != self._window:
            self._window = window
            self._called[:] = False
        if (day := now // DAY) != self._day:
            self._day = day
            self._today[:] = 0

    def call(self, calls: Mask | None) -> None:
        """Note which seeds made a call of those of a span, a row each; None: all did."""
        called = np.ones_like(self._called) if calls is None else np.any(calls, axis=0)
        self.windows += called & ~self._called
        self._called |= called

    def pass_runs(self, runs: int) -> None:
        """Count runs of other clients on the present day."""
        self._today += runs

    def may_run(self, taken: NDArray[np.int32]) -> Mask | None:
        """Count runs, and return which may be executed; None: all (Q-LIM-4).

        Args:
            taken: how many runs there were until each call of a span, it counted.
        """
        left = self._plan.runs_per_day - self._today
        self._today += taken[-1]
        if (left >= taken[-1]).all():
            return None
        may: Mask = taken <= left
        return may

    def figures(self) -> Mapping[str, Sequence[float]]:
        """Return each figure of a band, by seed."""
        plan = self._plan
        lost = plan.messages - self.delivered + self.blocked
        most = np.maximum(1, self.windows * plan.limit_per_minute)
        return {
            "delivered": self.delivered.tolist(),
            "dropped": self.dropped.tolist(),
            "uncertain": self.uncertain.tolist(),
            "duplicates": self.duplicates.tolist(),
            "blocked_by_daily_cap": self.blocked.tolist(),
            "lost": lost.tolist(),
            "loss_share": (lost / max(1, plan.messages)).tolist(),
            "finished_at_seconds": ((self.last_call + plan.answer_us) / SECOND).tolist(),
            "minute_used_share": (self.accepted / most).tolist(),
        }


def _none(seeds: int) -> Counts:
    return np.zeros(seeds, dtype=np.int64)
