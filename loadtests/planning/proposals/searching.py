"""Finds the smallest or largest whole number that does, with few trials. Pure.

A trial is a forecast, so each number is tried once. The search takes it that all numbers on one
side of the answer do, and proves the answer by trying it and its neighbour. Whether it was right to
take it so is looked at afterwards, at a few numbers on that side: a forecast need not be monotone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

_BESIDE: Final = (1.02, 1.1, 1.3, 2.0)  # how far beyond an answer it is looked at
_MOST_ANSWERS: Final = 4


@dataclass(slots=True)
class Tries:
    """What a number came to, each tried once.

    Attributes:
        does: tries one number.
        known: what has been tried.
    """

    does: Callable[[int], bool]
    known: dict[int, bool] = field(default_factory=dict)

    def __call__(self, number: int) -> bool:
        """Try a number, unless that was done."""
        if number not in self.known:
            self.known[number] = self.does(number)
        return self.known[number]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search.

    Attributes:
        number: it does, and its neighbour does not, if that is in the range.
        tried: how many numbers were tried.
        exception: a number on the side where all should do, which does not; None: none was met.
    """

    number: int
    tried: int
    exception: int | None = None


def smallest(
    does: Callable[[int], bool], low: int, high: int, guess: int | None = None
) -> Found | None:
    """Return the smallest number that does; None when the largest of the range does not.

    If a number well above an answer turns out not to do, the search goes on above that one, so that
    a user who takes a little more than the answer is safe too.

    Args:
        does: tries one number.
        low: the smallest number of the range.
        high: the largest.
        guess: where to begin.

    Example:
        >>> smallest(lambda number: number >= 42, 1, 1000)
        Found(number=42, tried=14, exception=None)
    """
    tries = Tries(does)
    if not tries(high):
        return None
    exception: int | None = None
    answer = low
    for _ in range(_MOST_ANSWERS):
        answer = _edge(tries, low, high, guess)
        met = next((n for n in _beside(answer, high) if not tries(n)), None)
        if met is None:
            break
        exception, low, guess = met, met + 1, None
    return Found(answer, len(tries.known), exception)


def largest(
    does: Callable[[int], bool], low: int, high: int, guess: int | None = None
) -> Found | None:
    """Return the largest number below the first that does not; None when the smallest does not.

    Args:
        does: tries one number.
        low: the smallest number of the range.
        high: the largest.
        guess: where to begin.

    Example:
        >>> largest(lambda number: number <= 42, 1, 1000)
        Found(number=42, tried=20, exception=None)
    """
    mirrored = smallest(
        lambda number: does(-number), -high, -low, None if guess is None else -guess
    )
    if mirrored is None:
        return None
    exception = None if mirrored.exception is None else -mirrored.exception
    return Found(-mirrored.number, mirrored.tried, exception)


def _edge(tries: Tries, low: int, high: int, guess: int | None) -> int:
    """Return a number that does and whose lower neighbour does not; the largest is known to do."""
    bad, good = _bracket(tries, low, high, guess)
    while good - bad > 1:
        middle = (bad + good) // 2
        if tries(middle):
            good = middle
        else:
            bad = middle
    return good


def _bracket(tries: Tries, low: int, high: int, guess: int | None) -> tuple[int, int]:
    """Return a number that does not, and a greater one that does, in steps that grow fourfold."""
    here = low if guess is None else min(max(guess, low), high)
    step = 1
    if tries(here):
        good = here
        while good > low:
            below = max(low, good - step)
            if not tries(below):
                return below, good
            good, step = below, 4 * step
        return low - 1, low
    bad = here
    while True:
        above = min(high, bad + step)
        if tries(above):
            return bad, above
        bad, step = above, 4 * step


def _beside(answer: int, high: int) -> Iterable[int]:
    """Yield numbers above an answer, at distances that grow."""
    size = abs(answer)
    for factor in _BESIDE:
        away = round(size * (factor - 1)) if answer > 0 else round(size * (1 - 1 / factor))
        number = answer + max(1, away)
        if number <= high:
            yield number
