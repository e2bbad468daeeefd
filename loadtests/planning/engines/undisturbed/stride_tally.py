"""Counts many delivered calls at once, as the tally of the exact engine counts one. Needs numpy."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.calls import DROPPED, NO_RUN
from loadtests.planning.engines.destination import TOO_LARGE
from loadtests.planning.engines.tally import MOST_SURVEYS, Tally
from loadtests.planning.engines.undisturbed.arrivals import Arrivals
from loadtests.planning.plan import Plan

Whole = NDArray[np.int64]


class StrideTally(Tally):
    """Counts the calls of an export of which nothing is refused.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._oversized = np.array(sorted(plan.oversized), dtype=np.int64)

    def count_stride(self, instants: Whole, arrivals: Arrivals) -> None:
        """Count calls at ascending instants, for as many messages from the next one on."""
        person, calls = arrivals.person, len(instants)
        self._count_windows(instants)
        first, last = np.searchsorted(self._oversized, (person, person + calls)).tolist()
        too_large = self._oversized[first:last] - person
        self._count_over_time(instants, np.delete(instants, too_large))
        self._accepted += calls - len(too_large)
        self._delivered_by_try[1] += calls - len(too_large)
        self._survey(person, calls, too_large)
        for at in too_large.tolist():
            number = arrivals.segment.first + arrivals.index + at
            self._dropped((int(instants[at]), number, 1, TOO_LARGE, NO_RUN, DROPPED))
        self._finished_at = int(instants[-1]) + self._answer_us

    def _count_windows(self, instants: Whole) -> None:
        windows = instants // self._window_us
        begun = 1 + int(np.count_nonzero(np.diff(windows)))
        self._windows += begun - (int(instants[0]) < self._window_ends)
        self._window_ends = (int(windows[-1]) + 1) * self._window_us

    def _count_over_time(self, instants: Whole, delivered: Whole) -> None:
        bin_us = self._over_time.reach(int(instants[-1]))
        for begins, calls in counted(instants // bin_us):
            self._over_time.go_to(begins * bin_us)
            self._over_time.add(calls, calls)
        for begins, calls in counted(delivered // bin_us) if len(delivered) else ():
            self._over_time.go_to(begins * bin_us)
            self._over_time.accept(calls)

    def _survey(self, person: int, calls: int, too_large: Whole) -> None:
        of_those = np.frombuffer(self._surveys.counted, dtype=np.uint8)[person : person + calls]
        asked = of_those < MOST_SURVEYS
        asked[too_large[too_large < len(asked)]] = False
        of_those += asked
        self._surveys.again += int(np.count_nonzero(asked & (of_those == MOST_SURVEYS)))


def counted(ascending: Whole) -> Iterator[tuple[int, int]]:
    """Yield each number that comes in an ascending row, and how often it does."""
    if ascending[0] == ascending[-1]:
        return iter([(int(ascending[0]), len(ascending))])
    begins = np.flatnonzero(np.diff(ascending, prepend=ascending[:1] - 1))
    counts = np.diff(begins, append=len(ascending))
    return zip(ascending[begins].tolist(), counts.tolist(), strict=True)
