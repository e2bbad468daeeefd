"""The rate limit of many seeds at once: a row an instant, a column a seed (Q-LIM-1, Q-LIM-5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.slots import admitted_before
from loadtests.planning.plan import SECOND, Plan
from mock_qualtrics.gate.rate_window import COARSE_MICROSECONDS, EXACT_UP_TO_CALLS

Whole = NDArray[np.int64]
Counts = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class _Taken:
    """Slots that were taken in one span: when they are free again, and how many are till then."""

    freed: Whole
    counts: Counts  # row i: of the first i instants; one column if all seeds took the same

    def until(self, instants: Whole) -> Counts:
        found: Counts = self.counts[np.searchsorted(self.freed, instants, side="right")]
        return found


class SeededSlots:
    """The slots of a window for each seed.

    Args:
        plan: the plan.
        seeds: how many seeds there are.

    Attributes:
        room: how many slots each seed has free.
        window_us: how long a window is.
    """

    def __init__(self, plan: Plan, seeds: int) -> None:
        self.room: Counts = np.full(seeds, plan.limit_per_minute, dtype=np.int32)
        self.window_us = plan.window_seconds * SECOND
        self._calls = plan.limit_per_minute
        self._is_fixed = plan.window == "fixed"
        self._step = 1 if self._calls <= EXACT_UP_TO_CALLS else COARSE_MICROSECONDS
        self._window = 0
        self._taken = self._taken_before(admitted_before(plan))

    def _taken_before(self, instants: Whole) -> list[_Taken]:
        """Take slots in all seeds alike, before the plan begins."""
        if not len(instants):
            return []
        self.room -= len(instants)
        counts = np.arange(len(instants) + 1, dtype=np.int32)[:, None]
        return [_Taken(self._freed(instants), counts)]

    def _freed(self, instants: Whole) -> Whole:
        """Return when slots that are taken then are free again."""
        return -(-instants // self._step) * self._step + self.window_us

    def reach(self, now: int) -> None:
        """Free what is free by then."""
        if self._is_fixed:
            if now // self.window_us > self._window:
                self._window = now // self.window_us
                self.room[:] = self._calls
            return
        still = []
        for taken in self._taken:
            free = int(np.searchsorted(taken.freed, now, side="right"))
            if free:
                self.room += taken.counts[free]
                taken.counts = taken.counts[free:] - taken.counts[free]
                taken.freed = taken.freed[free:]
            if len(taken.freed):
                still.append(taken)
        self._taken = still

    def next_free(self) -> int:
        """Return when the next slot of some seed is free."""
        if self._is_fixed or not self._taken:
            return (self._window + 1) * self.window_us
        return int(self._taken[0].freed[0])

    def room_at(self, instants: Whole) -> Counts:
        """Return how many slots are free at each instant if none is taken meanwhile."""
        room = np.broadcast_to(self.room, (len(instants), len(self.room)))
        for taken in self._taken:
            if taken.freed[0] <= instants[-1]:
                room = room + taken.until(instants)
        return room

    def take(self, instants: Whole, takes: Mask, taken: Counts) -> None:
        """Take slots.

        Args:
            instants: when, ascending.
            takes: which seeds take one then.
            taken: how many each seed took until then, that one counted.
        """
        self.room -= taken[-1]
        if self._is_fixed:
            return
        some = takes.any(axis=1)
        if not some.any():
            return
        counts = np.zeros((int(some.sum()) + 1, len(self.room)), dtype=np.int32)
        counts[1:] = taken[some]
        self._taken.append(_Taken(self._freed(instants[some]), counts))


def found_room(room: Counts, wanted: Counts) -> Mask:
    """Say which calls find a free slot: as ``vectorised.slots.admitted``, a column a seed.

    Args:
        room: the slots that are free at each call if none is taken meanwhile.
        wanted: how many calls until each want one, it counted.
    """
    short = room - wanted
    np.minimum.accumulate(short, axis=0, out=short)
    np.minimum(short, 0, out=short)
    short += wanted  # how many are taken, each call counted
    before = np.zeros_like(short)
    before[1:] = short[:-1]
    found: Mask = before < room
    return found
