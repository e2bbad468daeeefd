"""What was found of pairs of parts of two schemas, which may contain themselves. Pure."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from contracts.compatibility.changes.change import CannotCompareError

Pair = tuple[str, str]
Found = tuple[tuple[str, str], ...]

MOST_REFUSALS: Final = 1_000
"""So many are kept of each pair: a schema may use one part in any number of places."""
_MOST_PAIRS: Final = 50_000


class KnownPairs:
    """Judges each pair once.

    A pair that contains itself is met again while it is judged. Values are finite, so nothing more
    is found of it there. What was found on the strength of that of a pair inside is not kept: it
    holds only where the outer one is refused nothing.
    """

    def __init__(self) -> None:
        self._known: dict[Pair, Found] = {}
        self._open: dict[Pair, int] = {}
        self._outermost = 0  # of the open pairs that were met again
        self._judged = 0

    def found(self, pair: Pair, judge: Callable[[], Iterable[tuple[str, str]]]) -> Found:
        """Return what is refused of a pair: places in it, with texts.

        Raises:
            CannotCompareError: too many pairs were judged.
        """
        if pair in self._open:
            self._outermost = min(self._outermost, self._open[pair])
            return ()
        if pair not in self._known:
            return self._judge(pair, judge)
        return self._known[pair]

    def _judge(self, pair: Pair, judge: Callable[[], Iterable[tuple[str, str]]]) -> Found:
        self._judged += 1
        if self._judged > _MOST_PAIRS:
            raise CannotCompareError(f"more than {_MOST_PAIRS:,} parts would have to be compared")
        depth, earlier = len(self._open), self._outermost
        self._open[pair] = self._outermost = depth
        found = tuple(islice(judge(), MOST_REFUSALS))
        del self._open[pair]
        if self._outermost >= depth:
            self._known[pair] = found
            self._outermost = earlier
        else:
            self._outermost = min(self._outermost, earlier)
        return found
