"""The figures that thresholds are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from loadtests.measuring import Spans, Tally
from loadtests.verdicts.threshold import Threshold

_MILLISECOND_US: Final = 1_000
_SECOND_US: Final = 1_000_000


class JournalFigures(Protocol):
    """What a journal tells of the judged messages; :mod:`loadtests.reconciling` reads it."""

    @property
    def lost(self) -> int:
        """Messages of which no call was accepted."""
        ...

    @property
    def duplicates(self) -> int:
        """Runs beyond a message's first."""
        ...

    @property
    def runs_succeeded_ratio(self) -> float | None:
        """Runs that succeeded, as a share of all; None: there is none."""
        ...

    @property
    def end_to_end(self) -> Spans | None:
        """Microseconds from when a message was due to the end of its run; None: not known."""
        ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found in a run.

    Attributes:
        counted: the calls of the judged messages, as the generator saw them.
        journal: what the mock's journal says of them; None: the target is no mock.
    """

    counted: Tally
    journal: JournalFigures | None = None

    def of(self, threshold: Threshold) -> float | None:
        """Return the figure that a threshold is about; None: there is nothing to tell it from."""
        if threshold.is_end_to_end:
            return _end_to_end_seconds(self, threshold.percentile or 0.0)
        if threshold.percentile is not None:
            return _latency_ms(self, threshold.percentile)
        return _FIGURES[threshold.metric](self)


def _latency_ms(figures: Figures, percentile: float) -> float | None:
    span_us = figures.counted.latency.percentile_us(percentile)
    return None if span_us is None else span_us / _MILLISECOND_US


def _end_to_end_seconds(figures: Figures, percentile: float) -> float | None:
    spans = figures.journal.end_to_end if figures.journal else None
    span_us = None if spans is None else spans.percentile_us(percentile)
    return None if span_us is None else span_us / _SECOND_US


def _error_ratio(figures: Figures) -> float | None:
    counted = figures.counted
    return counted.errors / counted.calls if counted.calls else None


def _accepted_per_second(figures: Figures) -> float | None:
    counted = figures.counted
    return counted.delivered / counted.seconds if counted.seconds else None


def _lost(figures: Figures) -> float | None:
    """Return how many messages were lost; of a real account, those that may be lost too."""
    if not figures.counted.messages:
        return None
    if figures.journal is not None:
        return figures.journal.lost
    return figures.counted.dropped + figures.counted.uncertain


def _duplicates(figures: Figures) -> float | None:
    journal = figures.journal
    return None if journal is None or not figures.counted.messages else journal.duplicates


_FIGURES: Final[Mapping[str, Callable[[Figures], float | None]]] = {
    "max_ms": lambda figures: _latency_ms(figures, 100.0),
    "error_ratio": _error_ratio,
    "accepted_per_second": _accepted_per_second,
    "runs_succeeded_ratio": lambda of: of.journal.runs_succeeded_ratio if of.journal else None,
    "lost": _lost,
    "duplicates": _duplicates,
}
