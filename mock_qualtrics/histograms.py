"""Histograms of spans of time, as text of a few bytes that adds up.

A bucket's bounds are 2^(1/4) apart, so that what is read from one is at most 9 % off, from a
microsecond to centuries. Stored minutes hold buckets: their bounds never change.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mock_qualtrics.model import Microseconds

BUCKETS_PER_OCTAVE: Final = 4
_SECOND: Final = 1_000_000


def bucket_of(span: Microseconds) -> int:
    """Return the bucket of a span of time: 0 for none at all, else 1 and more."""
    return int(BUCKETS_PER_OCTAVE * math.log2(span)) + 1 if span > 0 else 0


def seconds_of(bucket: int) -> float:
    """Return the span in the middle of a bucket, in seconds; at most 9 % off any span in it."""
    return 2 ** ((bucket - 0.5) / BUCKETS_PER_OCTAVE) / _SECOND if bucket else 0.0


@dataclass(slots=True)
class SpanCounts:
    """A histogram that counts.

    Attributes:
        counts: by bucket.
    """

    counts: dict[int, int] = field(default_factory=dict)
    _text: str | None = field(default=None, compare=False, repr=False)

    def count(self, span: Microseconds, times: int = 1) -> None:
        """Count a span of time; with -1 times, count it no more."""
        bucket = bucket_of(span)
        self.counts[bucket] = self.counts.get(bucket, 0) + times
        self._text = None

    def to_text(self) -> str:
        """Return the histogram's text: ``BUCKET:COUNT`` and so on, with blanks between."""
        if self._text is None:  # it is written far more often than it changes
            self._text = " ".join([f"{b}:{count}" for b, count in self.counts.items() if count])
        return self._text


def counts_in(texts: str) -> dict[int, int]:
    """Return the sum of the histograms whose texts are joined with blanks."""
    counts: Counter[int] = Counter()
    # Many minutes have the same parts: only different ones are read.
    for part, times in Counter(texts.split()).items():
        bucket, _, count = part.partition(":")
        counts[int(bucket)] += int(count) * times
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many spans of time fell into each bucket.

    Attributes:
        counts: by bucket, in ascending order.
    """

    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number of all spans."""
        return sum(self.counts.values())

    def percentile(self, share: float) -> float | None:
        """Return the span that this share of all spans does not exceed; None without any.

        Args:
            share: above 0 and at most 1, such as 0.95.

        Returns:
            Seconds, at most 9 % off.
        """
        wanted = math.ceil(share * self.total)
        for bucket, count in self.counts.items():
            wanted -= count
            if wanted <= 0:
                return seconds_of(bucket)
        return None


def sum_of(histograms: Iterable[Histogram]) -> Histogram:
    """Return the histogram of all spans that some histograms counted."""
    counts: dict[int, int] = {}
    for histogram in histograms:
        for bucket, count in histogram.counts.items():
            counts[bucket] = counts.get(bucket, 0) + count
    return Histogram(dict(sorted(counts.items())))
