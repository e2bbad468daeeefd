"""Many calls of an export at once: a guess when they are made, and the proof that it is right.

A call's instant follows from the instants before it and from two sums of floats. So a guess of
many of them is proved one by one, each from those before it as guessed: all calls up to the first
that is not as it should be are the export's. The others, and whatever is rare (the first call, the
wait for a new day), are left to the export, call by call.
"""

from itertools import islice

import numpy as np

from loadtests.planning.engines.undisturbed.export import Export
from loadtests.planning.engines.undisturbed.proof import Goes, Known, Proof, Real, Sums, Whole
from loadtests.planning.engines.undisturbed.stride_tally import StrideTally, counted
from loadtests.planning.plan import SECOND, Plan

FEWEST, FEW, MANY, MOST = 32, 1 << 8, 1 << 10, 1 << 15
ROUNDS = 3
STEADY = Sums(due=Goes.ON, earliest=Goes.ANEW)
MAKING_UP = Sums(due=Goes.ON, earliest=Goes.ON)
ON_ARRIVAL = Sums(due=Goes.ANEW, earliest=Goes.ANEW)
HELD_UP = Sums(due=Goes.EITHER_WAY, earliest=Goes.EITHER_WAY)


class Strides:
    """Makes an export's calls.

    Args:
        plan: the plan.
        export: its export, of which no call is made.
        tally: counts the calls.
    """

    def __init__(self, plan: Plan, export: Export, tally: StrideTally) -> None:
        self._rate = plan.arrival_rate
        self._export, self._tally = export, tally
        self._calls = export.calls()
        self._sizes = {STEADY: MOST, MAKING_UP: MANY, ON_ARRIVAL: MOST, HELD_UP: MANY}
        self._by_hand = 1

    def go(self) -> None:
        """Make some calls: at once while that can be proved, then one after the other."""
        made = self._stride(self._sums())
        self._by_hand = 1 if made >= FEWEST else min(2 * self._by_hand, FEW)
        if made < FEW:
            self._tally.count(islice(self._calls, self._by_hand))

    def _stride(self, sums: Sums) -> int:
        """Make as many calls as can be proved at once; return how many."""
        export = self._export
        left = export.day.left(export.turn / SECOND)
        calls = min(self._sizes[sums], export.arrivals.left, MOST if left is None else left)
        if not export.made_one or calls < FEWEST:
            return 0
        proof = _proof(self._known(calls), sums)
        self._sizes[sums] = min(max(2 * proof.proved, MANY), MOST)
        if proof.proved:
            self._make(proof)
        return proof.proved

    def _known(self, calls: int) -> Known:
        arrivals, pace = self._export.arrivals, self._export.pace
        indices = np.arange(arrivals.index, arrivals.index + calls)
        after_us = np.rint(indices * 1e6 / self._rate).astype(np.int64)
        earlier = np.array(pace.instants[-pace.limit - 1 :], dtype=np.int64)
        return Known(self._export.turn, pace, earlier, arrivals.segment.start_us + after_us)

    def _sums(self) -> Sums:
        """Return how the sums of the pace go on, as it seems."""
        export, pace = self._export, self._export.pace
        if export.has_waiting:
            if pace.is_held_up(export.turn):
                return HELD_UP
            return MAKING_UP if pace.earliest > pace.due else STEADY
        return ON_ARRIVAL if pace.has_lost_time(export.turn) else STEADY

    def _make(self, proof: Proof) -> None:
        export, calls = self._export, proof.proved
        instants = proof.instants[:calls]
        self._tally.count_stride(instants, export.arrivals)
        due, earliest = float(proof.due[calls]), float(proof.earliest[calls])
        export.pace.sent_many(instants.tobytes(), due, earliest)
        for minute, count in counted(instants // (60 * SECOND)):
            export.day.sent(minute * 60.0, count)
        export.arrivals.advance(calls)
        export.turn = int(instants[-1])


def _proof(known: Known, sums: Sums) -> Proof:
    """Return the proof of a guess, which is made better by what follows from it."""
    proof = Proof(known, _guess(known, sums), sums)
    for _ in range(ROUNDS - 1):
        if not proof.could_be_better:
            break
        proof = Proof(known, np.maximum.accumulate(proof.instants), sums)
    return proof


def _guess(known: Known, sums: Sums) -> Whole:
    """Return when calls are made as far as arrivals and sums say that do not depend on them."""
    instants = known.arrivals
    if sums.due is Goes.ON:
        instants = np.maximum(instants, _ceiled(sums.of_due(known, instants)[:-1]))
    if sums.earliest is Goes.ON:
        instants = np.maximum(instants, _ceiled(sums.of_earliest(known, instants)[:-1]))
    return instants


def _ceiled(seconds: Real) -> Whole:
    return np.ceil(seconds * SECOND).astype(np.int64)
