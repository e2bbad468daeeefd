"""The luck of many calls and seeds at once: that of ``loadtests.planning.chance``, to the bit."""

import math

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.chance import (
    ATTEMPT_FACTOR,
    FIRST_MIX,
    NUMBER_FACTOR,
    SECOND_MIX,
    SEED_FACTOR,
)
from loadtests.planning.plan import Plan

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
_Bits = NDArray[np.uint64]
_MASK = (1 << 64) - 1
_SHIFTS = [np.uint64(shift) for shift in (30, 27, 31)]
_MIXES = [np.uint64(mix) for mix in (FIRST_MIX, SECOND_MIX)]


class Luck:
    """Says which calls meet a fault, and whose answers are lost: a row a call, a column a seed.

    Args:
        plan: the plan.
        seeds: the seeds.
    """

    def __init__(self, plan: Plan, seeds: range) -> None:
        factors = [(seed + 1) * SEED_FACTOR & _MASK for seed in seeds]
        self._seeds: _Bits = np.array(factors, dtype=np.uint64)
        self._faults = _Below(plan.fault_ratio)
        self._endings = _Below(plan.fault_ratio + plan.lost_ratio)
        self._has_lost = plan.lost_ratio > 0
        self._is_late = plan.answers_late

    def of(self, numbers: Whole, attempts: Whole) -> tuple[Mask, Mask]:
        """Return which tries of messages meet a fault, and whose answers are lost."""
        bits = self._bits(numbers, attempts)
        faults = self._faults.of(bits)
        if self._is_late:
            return faults, np.ones_like(faults)
        lost = self._endings.of(bits) & ~faults if self._has_lost else np.zeros_like(faults)
        return faults, lost

    def _bits(self, numbers: Whole, attempts: Whole) -> _Bits:
        rows = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(NUMBER_FACTOR)
        rows += attempts.astype(np.uint64) * np.uint64(ATTEMPT_FACTOR)
        bits: _Bits = rows[:, None] + self._seeds[None, :]
        for shift, mix in zip(_SHIFTS, _MIXES, strict=False):
            bits ^= bits >> shift
            bits *= mix
        bits ^= bits >> _SHIFTS[-1]
        return bits


class _Below:
    """Says where luck is below a share: the same as of the numbers from 0 to 1, without them."""

    def __init__(self, share: float) -> None:
        steps = math.ceil(share * 2**53)
        self._always = steps >= 2**53
        self._bound = np.uint64(0 if self._always else steps << 11)

    def of(self, bits: _Bits) -> Mask:
        if self._always:
            return np.ones(bits.shape, dtype=np.bool_)
        below: Mask = bits < self._bound
        return below
