"""What happened when: counts and latencies in equally wide bins of a run's time.

A run of any length has at most ``MOST_BINS``: when one more would be needed, each bin becomes twice
as wide, and two and two become one. So how wide they are depends on nothing but the latest moment,
and the timelines of several workers are as wide as one of all, however they are merged.
"""

from itertools import accumulate
from typing import Any, Final

from loadtests.measuring.spans import Spans, add_counts

MOST_BINS: Final = 720
"""Enough for twelve minutes of seconds, and for each pixel of a chart."""


class Bin:
    """What happened between two moments.

    Attributes:
        arrivals: messages whose first call was due.
        due: calls that were due, retries too.
        sent: calls that were sent.
        answered: calls that were answered or given up, by status.
        latency: of the calls that were due, whenever they were answered.
    """

    __slots__ = ("answered", "arrivals", "due", "latency", "sent")

    def __init__(self) -> None:
        self.arrivals = 0
        self.due = 0
        self.sent = 0
        self.answered: dict[int, int] = {}
        self.latency = Spans()

    def count_due(self, attempt: int, latency_us: int) -> None:
        """Count a call that was due."""
        self.arrivals += attempt == 1
        self.due += 1
        self.latency.record(latency_us)

    def count_answer(self, status: int) -> None:
        """Count an answer."""
        self.answered[status] = self.answered.get(status, 0) + 1

    def merge(self, other: "Bin") -> None:
        """Add what another counted."""
        self.arrivals += other.arrivals
        self.due += other.due
        self.sent += other.sent
        add_counts(self.answered, other.answered.items())
        self.latency.merge(other.latency)

    def packed(self) -> list[Any]:
        """Return what :meth:`unpacked` takes, of lists and numbers alone."""
        answered = list(self.answered.items())
        return [self.arrivals, self.due, self.sent, answered, self.latency.packed()]

    @classmethod
    def unpacked(cls, packed: list[Any]) -> "Bin":
        """Return what was packed."""
        made = cls()
        made.arrivals, made.due, made.sent, answered, latency = packed
        made.answered.update(answered)
        made.latency = Spans.unpacked(latency)
        return made


class Timeline:
    """The bins of a run.

    Attributes:
        width_us: how wide each bin is.
        bins: by their place from the run's beginning; one in which nothing happened is not there.
    """

    __slots__ = ("bins", "width_us")

    def __init__(self, width_us: int) -> None:
        self.width_us = width_us
        self.bins: dict[int, Bin] = {}

    def at(self, moment_us: int) -> Bin:
        """Return the bin of a moment; after the next call it may be a part of another one."""
        return self.bins.get(moment_us // self.width_us) or self._new(moment_us)

    def _new(self, moment_us: int) -> Bin:
        while moment_us // self.width_us >= MOST_BINS:
            self._widen()
        return self.bins.setdefault(moment_us // self.width_us, Bin())

    def _widen(self) -> None:
        narrow, self.bins = self.bins, {}
        self.width_us *= 2
        for place, its in narrow.items():
            if place // 2 in self.bins:
                self.bins[place // 2].merge(its)
            else:
                self.bins[place // 2] = its

    def filled(self) -> tuple[Bin, ...]:
        """Return all bins from the run's beginning to the last, those without anything too."""
        return tuple(
            self.bins.get(place) or Bin() for place in range(max(self.bins, default=-1) + 1)
        )

    def backlog(self) -> tuple[int, ...]:
        """Return at the end of each bin how many calls had been due and were not answered."""
        return tuple(accumulate(each.due - sum(each.answered.values()) for each in self.filled()))

    def merge(self, other: "Timeline") -> None:
        """Add what another counted; its bins may have become wider."""
        while self.width_us < other.width_us:
            self._widen()
        for place, its in other.bins.items():
            self.at(place * other.width_us).merge(its)

    def packed(self) -> list[Any]:
        """Return what :meth:`unpacked` takes, of lists and numbers alone."""
        return [self.width_us, [[place, its.packed()] for place, its in self.bins.items()]]

    @classmethod
    def unpacked(cls, packed: list[Any]) -> "Timeline":
        """Return what was packed."""
        width_us, bins = packed
        timeline = cls(width_us)
        timeline.bins.update((place, Bin.unpacked(its)) for place, its in bins)
        return timeline
