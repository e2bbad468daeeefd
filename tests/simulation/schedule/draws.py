"""Chance that is the same on every version of Python: all draws are made of random bits."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Draws of one seed.

    Args:
        seed: the same seed gives the same draws.

    Example:
        >>> Draws(7).below(10) == Draws(7).below(10)
        True
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, end: int) -> int:
        """Return a whole number from 0 up to, and without, ``end``."""
        bits = (end - 1).bit_length()
        while True:
            number = self._random.getrandbits(bits) if bits else 0
            if number < end:
                return number

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def one_in(self, times: int) -> bool:
        """Return True once in so many times, on average."""
        return self.below(times) == 0
