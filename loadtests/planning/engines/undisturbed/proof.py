"""Proves a guess of many calls' instants, each from those before it, in the floats of the pace."""

import enum
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.undisturbed.pace import COUNTS_FOR_SECONDS, NEVER, Pace
from loadtests.planning.plan import SECOND
from sender.delivery.rates.pacing import BURST_SECONDS, CATCH_UP_SECONDS, CATCH_UP_SPEED

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before calls are guessed.

    Attributes:
        turn: when the call before them was made.
        pace: the pace, after that call.
        earlier: when the calls were made that may count still, in microseconds.
        arrivals: when the messages of the calls arrive, in microseconds.
    """

    turn: int
    pace: Pace
    earlier: Whole
    arrivals: Whole

    def before(self, instants: Whole) -> Whole:
        """Return when the call before each one is made."""
        return np.concatenate(([self.turn], instants[:-1]))

    def ended(self, instants: Whole, calls_ago: int) -> Real:
        """Return when the call so many before each one ended, in seconds."""
        known = len(self.earlier) - calls_ago
        missing = min(max(0, -known), len(instants))
        made = np.concatenate((self.earlier, instants))[max(0, known) :]
        ended = (made[: len(instants) - missing] + self.pace.answer_us) / SECOND
        return np.concatenate((np.full(missing, NEVER), ended))


class Goes(enum.Enum):
    """How a sum of the pace goes on from call to call."""

    ON = enum.auto()
    """The step is added again and again."""

    ANEW = enum.auto()
    """It begins anew with each call."""

    EITHER_WAY = enum.auto()
    """Now so, now so: they are made one by one."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How both sums of the pace are guessed to go on.

    Attributes:
        due: when a call's turn comes by the even spacing: anew where two seconds are lost.
        earliest: the same where lost time is made up for: anew where none is.
    """

    due: Goes
    earliest: Goes

    def of_due(self, known: Known, instants: Whole) -> Real:
        """Return when each call's turn comes by the even spacing, and that of one more."""
        pace = known.pace
        return _sums(self.due, pace.due, instants / SECOND - CATCH_UP_SECONDS, pace.interval)

    def of_earliest(self, known: Known, instants: Whole) -> Real:
        """Return the same where lost time is made up for."""
        pace = known.pace
        step = pace.interval / CATCH_UP_SPEED
        return _sums(self.earliest, pace.earliest, instants / SECOND - BURST_SECONDS, step)


def _sums(goes: Goes, first: float, anew: Real, step: float) -> Real:
    if goes is Goes.ON:
        return np.add.accumulate(np.concatenate(([first], np.full(len(anew), step))))
    if goes is Goes.ANEW:
        return np.concatenate(([first], anew + step))
    each = accumulate(anew.tolist(), lambda last, least: max(last, least) + step, initial=first)
    return np.fromiter(each, np.float64, len(anew) + 1)


def _first_that_is_not(mask: Mask) -> int:
    return len(mask) if mask.all() else int(mask.argmin())


class Proof:
    """What follows from a guess.

    Args:
        known: what is known before the calls.
        instants: when they are guessed to be made, in microseconds, ascending.
        sums: how the sums are guessed to go on.

    Attributes:
        instants: when each call is made, if those before it are as guessed.
        proved: how many of the guessed instants are right.
        could_be_better: whether the first that is wrong is so because it is at another instant.
        due: the sums with each call, and with one more.
        earliest: the same.
    """

    def __init__(self, known: Known, instants: Whole, sums: Sums) -> None:
        self._known = known
        self._guessed = instants
        self._before = known.before(instants)
        self._asked = np.maximum(self._before, known.arrivals)
        self._counts = known.ended(instants, known.pace.limit)
        self.due = sums.of_due(known, instants)
        self.earliest = sums.of_earliest(known, instants)
        self._paced = np.maximum(self.due, self.earliest)[:-1]
        self.instants = self._follow()
        is_so = self.instants == instants
        right = is_so & self._sums_are_right(instants / SECOND)
        right &= self._is_sure(known.ended(instants, known.pace.limit + 1))
        self.proved = _first_that_is_not(right)
        self.could_be_better = self.proved == _first_that_is_not(is_so) < len(instants)

    def _follow(self) -> Whole:
        """Return when each call is made: as it arrives, or at the turn for which it waits."""
        asked = self._asked / SECOND
        self._may_be_full = bool((self._counts > asked - COUNTS_FOR_SECONDS).any())
        self._free = np.maximum(self._paced, self._window_frees(asked))
        waits = np.ceil(np.maximum(self._free, asked) * SECOND).astype(np.int64)
        waits = np.maximum(waits, self._asked + (self._asked > self._before))
        waits += ~self._may_call(waits)
        at_once = (self._asked > self._before) & (self._free <= asked)
        return np.where(at_once, self._asked, waits)

    def _window_frees(self, asked: Real) -> Real | float:
        if not self._may_be_full:
            return NEVER
        is_full = self._counts > asked - COUNTS_FOR_SECONDS
        return np.where(is_full, self._counts + COUNTS_FOR_SECONDS, NEVER)

    def _may_call(self, turns: Whole) -> Mask:
        now = turns / SECOND
        if not self._may_be_full:
            return self._paced <= now
        return (self._paced <= now) & (self._window_frees(now) <= now)

    def _sums_are_right(self, now: Real) -> Mask:
        """Say of each call whether the sums after it are as guessed."""
        pace, due, earliest = self._known.pace, self.due, self.earliest
        next_due = np.maximum(due[:-1], now - CATCH_UP_SECONDS) + pace.interval
        made_up = np.maximum(earliest[:-1], now - BURST_SECONDS)
        next_earliest = made_up + pace.interval / CATCH_UP_SPEED
        right: Mask = (next_due == due[1:]) & (next_earliest == earliest[1:])
        return right

    def _is_sure(self, count_no_more: Real) -> Mask:
        """Say of each call whether nothing else has a part in it that is left out here."""
        asked, before = self._asked / SECOND, self._before / SECOND
        # From half of it on, a wait is added to the present instant without a rounding.
        is_near = asked >= self._free / 2
        is_answered = self._counts <= asked
        is_forgotten = (count_no_more <= before - COUNTS_FOR_SECONDS) | self._is_asked_again()
        sure: Mask = self._may_call(self.instants) & is_near & is_answered & is_forgotten
        return sure & ~self._answer_is_in_the_way()

    def _is_asked_again(self) -> Mask:
        """Say of each call whether the window is asked at another instant after the last call.

        At that of the call itself, one that counts no more may still be remembered by a rounding.
        """
        paced_turn = np.ceil(self._paced * SECOND)
        waits = (paced_turn > self._before) & (paced_turn != self.instants - 1)
        asked_again: Mask = waits | (self._asked > self._before)
        return asked_again

    def _answer_is_in_the_way(self) -> Mask:
        """Say of each call whether an answer comes just before it, at which it is made already."""
        answer_us = self._known.pace.answer_us
        if not answer_us:
            return np.zeros(len(self.instants), dtype=np.bool_)
        just_before = self.instants - 1
        made = np.concatenate((self._known.earlier, self._guessed))
        at = np.minimum(np.searchsorted(made, just_before - answer_us), len(made) - 1)
        is_turn = (made[at] + answer_us == just_before) & (just_before > self._asked)
        in_the_way: Mask = is_turn & self._may_call(just_before)
        return in_the_way
