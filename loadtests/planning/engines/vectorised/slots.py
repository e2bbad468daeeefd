"""The rate limit for many calls at once: how much room there is, and when more comes.

These are the windows of ``mock_qualtrics.gate.rate_window``, to the call: a call that is admitted
takes a slot, which is free again from a known instant on (Q-LIM-1, Q-LIM-5).
"""

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.other_clients import MINUTE, calls_before
from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced
from loadtests.planning.plan import SECOND, Plan
from mock_qualtrics.gate.rate_window import COARSE_MICROSECONDS, EXACT_UP_TO_CALLS

Whole = NDArray[np.int64]
_NONE: Whole = np.zeros(0, dtype=np.int64)


class SlidingSlots:
    """Slots of a sliding window: each is free again one window after it was taken.

    Args:
        calls: how many there are.
        span_us: how long the window is.

    Attributes:
        room: how many are free.
    """

    def __init__(self, calls: int, span_us: int) -> None:
        self.room = calls
        self._span = span_us
        self._step = 1 if calls <= EXACT_UP_TO_CALLS else COARSE_MICROSECONDS
        self._freed = _NONE  # when the slots that are taken are free again, ascending

    def reach(self, now: int) -> None:
        """Free what is free by then."""
        free = int(np.searchsorted(self._freed, now, side="right"))
        if free:
            self.room += free
            self._freed = self._freed[free:]

    def next_free(self) -> int | None:
        """Return when the next slot is free; None when none is taken."""
        return int(self._freed[0]) if len(self._freed) else None

    def ends(self, now: int) -> int:
        """Return until when no slot that is taken from now on is free again."""
        return now + self._span

    def room_at(self, instants: Whole) -> Whole:
        """Return how many slots are free at each instant if none is taken meanwhile."""
        return self.room + np.searchsorted(self._freed, instants, side="right")

    def take(self, instants: Whole) -> None:
        """Take slots at ascending instants."""
        self.room -= len(instants)
        freed = -(-instants // self._step) * self._step + self._span
        self._freed = np.concatenate((self._freed, freed))

    def shift(self, by: int) -> None:
        """Let all be as it is, so much later."""
        self._freed = self._freed + by

    def relative_to(self, now: int) -> bytes:
        """Return what is taken, counted from an instant, in a form that can be compared."""
        return (self._freed - now).tobytes()


class FixedSlots:
    """Slots of a fixed window: all are free again when the next window begins.

    Args:
        calls: how many there are.
        span_us: how long a window is.

    Attributes:
        room: how many are free.
    """

    def __init__(self, calls: int, span_us: int) -> None:
        self.room = calls
        self._calls = calls
        self._span = span_us
        self._next = span_us

    def reach(self, now: int) -> None:
        """Free all if a window has begun by then."""
        if now >= self._next:
            self._next = (now // self._span + 1) * self._span
            self.room = self._calls

    def next_free(self) -> int | None:
        """Return when the next window begins."""
        return self._next

    def ends(self, now: int) -> int:  # noqa: ARG002  as the sliding window
        """Return until when no slot that is taken from now on is free again."""
        return self._next

    def room_at(self, instants: Whole) -> Whole:
        """Return how many slots are free at each instant if none is taken meanwhile."""
        return np.full(len(instants), self.room, dtype=np.int64)

    def take(self, instants: Whole) -> None:
        """Take slots at ascending instants."""
        windows = instants // self._span
        self.reach(int(instants[-1]) if len(instants) else 0)
        self.room -= int(np.count_nonzero(windows == self._next // self._span - 1))

    def shift(self, by: int) -> None:
        """Let all be as it is, so much later."""
        self._next += by

    def relative_to(self, now: int) -> bytes:
        """Return what is taken, counted from an instant, in a form that can be compared."""
        return np.array([self._next - now, self.room], dtype=np.int64).tobytes()


Slots = SlidingSlots | FixedSlots


def slots_of(plan: Plan) -> Slots:
    """Return the slots of a plan's destination, as the calls of others have left them."""
    kind = SlidingSlots if plan.window == "sliding" else FixedSlots
    slots = kind(plan.limit_per_minute, plan.window_seconds * SECOND)
    slots.take(admitted_before(plan))
    return slots


def admitted_before(plan: Plan) -> Whole:
    """Return when calls of others were admitted that are in the window when a plan begins."""
    numbers = -np.arange(calls_before(plan), 0, -1, dtype=np.int64)[: plan.limit_per_minute]
    return EvenlySpaced(0, plan.other_traffic or 1.0, MINUTE).instants(numbers)


def admitted(room_at: Whole, wants: Whole) -> NDArray[np.bool_]:
    """Say which of the calls, in their order, find a free slot.

    Before each call as many slots are taken as its forerunners took: ``taken = min(taken + wants,
    room)`` for each, which is the least of all ``room - wants so far`` before it.

    Args:
        room_at: the slots that are free at each call's instant if none is taken meanwhile.
        wants: 1 for a call that takes a slot when it finds one, 0 for one that only looks.
    """
    wanted = np.cumsum(wants)
    short = np.minimum(np.minimum.accumulate(room_at - wanted), 0)
    taken_before = np.concatenate(([0], (wanted + short)[:-1]))
    found: NDArray[np.bool_] = taken_before < room_at
    return found
