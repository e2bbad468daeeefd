"""Calls counted over time, in at most 1,000 bins however long an export takes."""

from collections.abc import Sequence

from loadtests.planning.outcome import MOST_BINS, Timeline, bin_us
from loadtests.planning.plan import SECOND, Plan


class OverTime:
    """Counts calls by bin; all bins become twice as long when an instant lies beyond the last.

    Args:
        plan: the plan, by which the first length of a bin is chosen.

    Attributes:
        bin_us: how long a bin is.
        until_us: where the last bin ends.
        arrivals: first tries by bin.
        calls: all tries.
        accepted: those that the destination admitted.
        dropped: messages dropped for good.
    """

    __slots__ = ("accepted", "arrivals", "bin_us", "calls", "dropped", "until_us")

    def __init__(self, plan: Plan) -> None:
        self.bin_us = bin_us(plan.last_arrival_us() + plan.try_offsets_us()[-1] + plan.answer_us)
        self.until_us = self.bin_us * MOST_BINS
        self.arrivals = [0] * MOST_BINS
        self.calls = [0] * MOST_BINS
        self.accepted = [0] * MOST_BINS
        self.dropped = [0] * MOST_BINS

    def reach(self, instant: int) -> None:
        """Make the bins longer until one of them has that instant; the lists stay the same."""
        while instant >= self.until_us:
            for counts in (self.arrivals, self.calls, self.accepted, self.dropped):
                counts[:] = _in_pairs(counts)
            self.bin_us *= 2
            self.until_us *= 2

    def drop(self, instant: int) -> None:
        """Count a message that is dropped then."""
        self.reach(instant)
        self.dropped[instant // self.bin_us] += 1

    def timeline(self) -> Timeline:
        """Return what was counted, up to the last bin that has anything."""
        bins = max((i + 1 for i in range(MOST_BINS) if self.calls[i] or self.dropped[i]), default=0)
        refused = [made - taken for made, taken in zip(self.calls, self.accepted, strict=True)]
        return Timeline(
            bin_seconds=self.bin_us / SECOND,
            arrivals=self.arrivals[:bins],
            accepted=self.accepted[:bins],
            refused=refused[:bins],
            dropped=self.dropped[:bins],
        )


def _in_pairs(counts: Sequence[int]) -> list[int]:
    merged = [one + other for one, other in zip(counts[::2], counts[1::2], strict=True)]
    return merged + [0] * (len(counts) - len(merged))
