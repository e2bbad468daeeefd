"""What a load test's charts are drawn from: lines over time, panel by panel. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.measuring import NO_ANSWER, Bin
from loadtests.report.load_result import LoadResult

_SECOND_US: Final = 1_000_000
_MILLISECOND_US: Final = 1_000
_PERCENTILES: Final = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel.

    Attributes:
        name: what it is of.
        values: one for each bin; None: there is none, and the line has a gap.
    """

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart over time.

    Attributes:
        title: what it shows, with its unit.
        bin_seconds: how long a bin is.
        lines: at least one.
        spans_decades: whether its values differ so much that the axis is logarithmic.
    """

    title: str
    bin_seconds: float
    lines: tuple[Line, ...]
    spans_decades: bool = False


def panels_of(result: LoadResult) -> tuple[Panel, ...]:
    """Return the charts of a result: those of the mock are there when its journal is."""
    timeline = result.measured.timeline
    bins, seconds = timeline.filled(), timeline.width_us / _SECOND_US
    if not bins:
        return ()
    backlog = [Line("due, and not answered", timeline.backlog())]
    runs = result.journal.runs_over_time if result.journal else None
    if runs is not None and runs.begun:
        backlog.append(Line("runs pending in the mock", runs.pending))
    panels = [
        Panel("calls a second", seconds, tuple(_throughput(bins, seconds))),
        Panel("latency from when a call was due, in ms", seconds, tuple(_latency(bins)), True),
        Panel("answers a second, by status", seconds, tuple(_statuses(bins, seconds))),
        Panel("backlog", seconds, tuple(backlog)),
    ]
    if runs is not None and runs.begun:
        run_seconds = runs.bin_us / _SECOND_US
        ended = (Line(name, _rate(counts, run_seconds)) for name, counts in runs.ended.items())
        panels.append(Panel("runs that ended, a second", run_seconds, tuple(ended)))
    return tuple(panels)


def _throughput(bins: Sequence[Bin], seconds: float) -> Iterator[Line]:
    yield Line("due", _rate([each.due for each in bins], seconds))
    yield Line("sent", _rate([each.sent for each in bins], seconds))
    yield Line("accepted", _rate([_taken(each) for each in bins], seconds))
    others = [sum(each.answered.values()) - _taken(each) for each in bins]
    yield Line("not accepted", _rate(others, seconds))


def _latency(bins: Sequence[Bin]) -> Iterator[Line]:
    histograms = [each.latency.histogram() if each.latency.counts else None for each in bins]
    for percentile in _PERCENTILES:
        values = [
            each.get_value_at_percentile(percentile) / _MILLISECOND_US if each else None
            for each in histograms
        ]
        yield Line(f"p{percentile}", values)


def _statuses(bins: Sequence[Bin], seconds: float) -> Iterator[Line]:
    for status in sorted({status for each in bins for status in each.answered}):
        name = "no answer" if status == NO_ANSWER else str(status)
        yield Line(name, _rate([each.answered.get(status, 0) for each in bins], seconds))


def _taken(its: Bin) -> int:
    return sum(count for status, count in its.answered.items() if 200 <= status < 300)  # noqa: PLR2004  HTTP's own class


def _rate(counts: Sequence[int], seconds: float) -> list[float]:
    return [count / seconds for count in counts]
