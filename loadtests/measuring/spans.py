"""How often each span of time occurred, with an HdrHistogram's precision at a fraction of its size.

A dense HdrHistogram of a microsecond to an hour has 23,552 counters, 184 KiB: too many for each
second of a run and for each report of a worker. So only the counters that are not zero are kept,
under the lowest span that the library counts in the same one, and the library reads them.
"""

from collections.abc import Iterable
from typing import Any, Final

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it has no stubs

LONGEST_US: Final = 3_600_000_000
"""An hour: what took longer counts as this, and how often is counted, too."""

SIGNIFICANT_DIGITS: Final = 3
_PRECISE_BITS: Final = 11  # the bits of a span that three digits need: 2^11 ≥ 2 × 10^3


def new_histogram() -> HdrHistogram:
    """Return an empty HdrHistogram of microseconds, up to ``LONGEST_US``, of three digits."""
    return HdrHistogram(1, LONGEST_US, SIGNIFICANT_DIGITS)


def percentile_us(histogram: HdrHistogram, percentile: float) -> int | None:
    """Return the span that this percentage of all do not exceed, in µs; None: there is none.

    Args:
        histogram: of microseconds.
        percentile: above 0 and at most 100.

    Returns:
        The longest span that the histogram cannot tell from it: at most 0.1 % too long.
    """
    if not histogram.get_total_count():
        return None
    return int(histogram.get_value_at_percentile(percentile))


def count_at_percentile(total: int, percentile: float) -> int:
    """Return how many of so many spans a percentile does not fall below: the library rounds.

    Example:
        >>> count_at_percentile(20, 95), count_at_percentile(11, 95)
        (19, 10)
    """
    histogram = new_histogram()
    histogram.record_value(0, total)
    return int(histogram.get_target_count_at_percentile(percentile))


class Spans:
    """Spans of time, counted.

    Attributes:
        counts: how many spans there were, by the lowest one that counts as the same, in µs.
        clamped: how many were longer than ``LONGEST_US``.

    Example:
        >>> spans = Spans()
        >>> spans.record(250_100)
        >>> spans.counts, spans.percentile_us(99)
        ({250112: 1}, 250239)
    """

    __slots__ = ("clamped", "counts")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.clamped = 0

    def record(self, span_us: int) -> None:
        """Count a span; one below zero, of clocks that were set, counts as zero."""
        if not 0 <= span_us <= LONGEST_US:
            self.clamped += span_us > LONGEST_US
            span_us = min(max(span_us, 0), LONGEST_US)
        shift = span_us.bit_length() - _PRECISE_BITS
        if shift > 0:
            span_us = span_us >> shift << shift
        counts = self.counts
        counts[span_us] = counts.get(span_us, 0) + 1

    @property
    def total(self) -> int:
        """How many spans there were."""
        return sum(self.counts.values())

    def histogram(self) -> HdrHistogram:
        """Return them as a new HdrHistogram of microseconds: a few ms for thousands of counters."""
        histogram = new_histogram()
        for span_us, count in self.counts.items():
            histogram.record_value(span_us, count)
        return histogram

    def percentile_us(self, percentile: float) -> int | None:
        """Return a percentile, as the function of this name does; for several: ``histogram``."""
        return percentile_us(self.histogram(), percentile)

    def merge(self, other: "Spans") -> None:
        """Count what another has counted, too."""
        add_counts(self.counts, other.counts.items())
        self.clamped += other.clamped

    def packed(self) -> list[Any]:
        """Return what :meth:`unpacked` takes, of lists and numbers alone."""
        return [list(self.counts.items()), self.clamped]

    @classmethod
    def unpacked(cls, packed: list[Any]) -> "Spans":
        """Return what was packed, perhaps on another machine."""
        spans = cls()
        counts, spans.clamped = packed
        spans.counts.update(counts)
        return spans


def add_counts(counts: dict[int, int], more: Iterable[tuple[int, int]]) -> None:
    """Add counts to counts, in place."""
    for key, count in more:
        counts[key] = counts.get(key, 0) + count
