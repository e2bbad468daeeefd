"""Calls counted over time, in at most 1,000 bins however long an export takes."""

from collections.abc import Sequence

from loadtests.planning.outcome import MOST_BINS, Timeline, bin_us
from loadtests.planning.plan import SECOND, Plan


class OverTime:
    """Counts calls by bin; all bins become twice as long when an instant lies beyond the last.

    Args:
        plan: the plan, by which the first length of a bin is chosen.
    """

    __slots__ = ("_accepted", "_arrivals", "_bin", "_bin_us", "_calls", "_dropped")

    def __init__(self, plan: Plan) -> None:
        ends_at = plan.last_arrival_us() + plan.try_offsets_us()[-1] + plan.answer_us
        self._bin_us = bin_us(ends_at)
        self._bin = 0
        self._arrivals = [0] * MOST_BINS
        self._calls = [0] * MOST_BINS
        self._accepted = [0] * MOST_BINS
        self._dropped = [0] * MOST_BINS

    def go_to(self, instant: int) -> int:
        """Make the bin of an instant the one in which is counted; return where it ends."""
        self.reach(instant)
        self._bin = instant // self._bin_us
        return (self._bin + 1) * self._bin_us

    def add(self, calls: int, first_tries: int) -> None:
        """Count calls in this bin, and how many of them are first tries."""
        self._calls[self._bin] += calls
        self._arrivals[self._bin] += first_tries

    def accept(self, calls: int = 1) -> None:
        """Count in this bin calls that the destination admitted."""
        self._accepted[self._bin] += calls

    def drop(self, instant: int) -> None:
        """Count a message that is dropped then, which may be later than this bin."""
        if instant >= self._bin_us * MOST_BINS:
            self.reach(instant)
        self._dropped[instant // self._bin_us] += 1

    def reach(self, instant: int) -> int:
        """Make room for an instant; return how long a bin is then, in microseconds."""
        while instant >= self._bin_us * MOST_BINS:
            for counts in (self._arrivals, self._calls, self._accepted, self._dropped):
                counts[:] = _in_pairs(counts)
            self._bin_us *= 2
            self._bin //= 2
        return self._bin_us

    def timeline(self) -> Timeline:
        """Return what was counted, up to the last bin that has anything."""
        bins = max(
            (i + 1 for i in range(MOST_BINS) if self._calls[i] or self._dropped[i]), default=0
        )
        refused = [made - taken for made, taken in zip(self._calls, self._accepted, strict=True)]
        return Timeline(
            bin_seconds=self._bin_us / SECOND,
            arrivals=self._arrivals[:bins],
            accepted=self._accepted[:bins],
            refused=refused[:bins],
            dropped=self._dropped[:bins],
        )


def _in_pairs(counts: Sequence[int]) -> list[int]:
    merged = [one + other for one, other in zip(counts[::2], counts[1::2], strict=True)]
    return merged + [0] * (len(counts) - len(merged))
