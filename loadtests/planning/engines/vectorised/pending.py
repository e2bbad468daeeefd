"""Messages that wait for a try, as runs of consecutive numbers: two arrays of firsts and lasts."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Runs = tuple[Whole, Whole]

_NONE: Whole = np.zeros(0, dtype=np.int64)
NO_RUNS: Runs = (_NONE, _NONE)


def numbers_of(runs: Runs) -> Whole:
    """Return every number of the runs.

    Example:
        >>> numbers_of((np.array([1, 7]), np.array([3, 7]))).tolist()
        [1, 2, 3, 7]
    """
    firsts, lasts = runs
    if len(firsts) == 1:
        return np.arange(firsts[0], lasts[0] + 1, dtype=np.int64)
    lengths = lasts - firsts + 1
    ends = np.cumsum(lengths)
    numbers: Whole = np.repeat(firsts - ends + lengths, lengths)
    numbers += np.arange(len(numbers), dtype=np.int64)
    return numbers


def runs_of(numbers: Whole) -> Runs:
    """Return ascending numbers as runs.

    Example:
        >>> firsts, lasts = runs_of(np.array([1, 2, 3, 7]))
        >>> firsts.tolist(), lasts.tolist()
        ([1, 7], [3, 7])
    """
    if not len(numbers):
        return NO_RUNS
    last = np.flatnonzero(np.diff(numbers) != 1)
    firsts = numbers[np.concatenate(([0], last + 1))]
    lasts = numbers[np.concatenate((last, [len(numbers) - 1]))]
    return firsts, lasts


class Pending:
    """Numbers that wait, in ascending order."""

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: deque[Runs] = deque()

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._runs)

    @property
    def next(self) -> int:
        """The first number that waits."""
        return int(self._runs[0][0][0])

    def add(self, runs: Runs) -> None:
        """Add numbers after all that wait."""
        if len(runs[0]):
            self._runs.append(runs)

    def take(self, until: int) -> Runs:
        """Remove and return the numbers below ``until``."""
        taken = []
        while self._runs and self._runs[0][1][-1] < until:
            taken.append(self._runs.popleft())
        if self._runs and self._runs[0][0][0] < until:
            taken.append(self._take_part(until))
        if len(taken) < 2:  # noqa: PLR2004  one needs no joining
            return taken[0] if taken else NO_RUNS
        return np.concatenate([each[0] for each in taken]), np.concatenate(
            [each[1] for each in taken]
        )

    def _take_part(self, until: int) -> Runs:
        firsts, lasts = self._runs[0]
        stays = int(np.searchsorted(lasts, until))  # the first run that does not end before it
        if firsts[stays] >= until:
            self._runs[0] = firsts[stays:], lasts[stays:]
            return firsts[:stays], lasts[:stays]
        stay_firsts = firsts[stays:].copy()
        stay_firsts[0] = until
        self._runs[0] = stay_firsts, lasts[stays:]
        taken_lasts = lasts[: stays + 1].copy()
        taken_lasts[-1] = until - 1
        return firsts[: stays + 1], taken_lasts

    def shift(self, by: int) -> None:
        """Let the numbers wait that are so many later."""
        self._runs = deque((firsts + by, lasts + by) for firsts, lasts in self._runs)

    def relative_to(self, number: int) -> bytes:
        """Return all that wait, counted from a number, in a form that can be compared."""
        if not self._runs:
            return b""
        numbers_first = np.concatenate([each[0] for each in self._runs])
        numbers_last = np.concatenate([each[1] for each in self._runs])
        joined = np.flatnonzero(numbers_first[1:] != numbers_last[:-1] + 1)
        firsts = numbers_first[np.concatenate(([0], joined + 1))] - number
        lasts = numbers_last[np.concatenate((joined, [len(numbers_last) - 1]))] - number
        return firsts.tobytes() + lasts.tobytes()
