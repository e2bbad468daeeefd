"""What a load test's charts are drawn from: lines over time, panel by panel. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from loadtests.measuring import NO_ANSWER, Bin, Timeline
from loadtests.planning import Timeline as ExpectedTimeline
from loadtests.reconciling.run_times import RunsOverTime
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
        bin_seconds: how long a bin is.
    """

    name: str
    values: Sequence[float | None]
    bin_seconds: float

    @property
    def seconds(self) -> float:
        """How long the line is."""
        return len(self.values) * self.bin_seconds


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart over time.

    Attributes:
        title: what it shows, with its unit.
        lines: at least one.
        spans_decades: whether its values differ so much that the axis is logarithmic.
    """

    title: str
    lines: tuple[Line, ...]
    spans_decades: bool = False


def panels_of(result: LoadResult) -> tuple[Panel, ...]:
    """Return the charts of a result: those of the mock are there when its journal is."""
    if not result.measured.timeline.filled():
        return ()
    panels = [*_calls(result.measured.timeline), _backlog(result)]
    if runs := _runs(result):
        ended = (_rate(name, counts, runs.bin_us) for name, counts in runs.ended.items())
        panels.append(Panel("runs that ended, a second", tuple(ended)))
    if result.forecast is not None:
        panels.append(_beside_the_forecast(result.measured.timeline, result.forecast.timeline))
    return tuple(panels)


def _calls(timeline: Timeline) -> Iterator[Panel]:
    bins, width_us = timeline.filled(), timeline.width_us
    yield Panel("calls a second", tuple(_throughput(bins, width_us)))
    yield Panel("latency from when a call was due, in ms", tuple(_latency(bins, width_us)), True)
    yield Panel("answers a second, by status", tuple(_statuses(bins, width_us)))


def _backlog(result: LoadResult) -> Panel:
    timeline = result.measured.timeline
    lines = [Line("due, and not answered", timeline.backlog(), timeline.width_us / _SECOND_US)]
    if runs := _runs(result):
        lines.append(Line("runs pending in the mock", runs.pending, runs.bin_us / _SECOND_US))
    return Panel("backlog", tuple(lines))


def _beside_the_forecast(timeline: Timeline, expected: ExpectedTimeline) -> Panel:
    accepted = [_taken(each) for each in timeline.filled()]
    return Panel(
        "accepted in total, beside the planner's forecast",
        (
            Line("this run", list(accumulate(accepted)), timeline.width_us / _SECOND_US),
            Line("forecast", list(accumulate(expected.accepted)), expected.bin_seconds),
        ),
    )


def _runs(result: LoadResult) -> RunsOverTime | None:
    runs = result.journal.runs_over_time if result.journal else None
    return runs if runs is not None and runs.begun else None


def _throughput(bins: Sequence[Bin], width_us: int) -> Iterator[Line]:
    yield _rate("due", [each.due for each in bins], width_us)
    yield _rate("sent", [each.sent for each in bins], width_us)
    yield _rate("accepted", [_taken(each) for each in bins], width_us)
    others = [sum(each.answered.values()) - _taken(each) for each in bins]
    yield _rate("not accepted", others, width_us)


def _latency(bins: Sequence[Bin], width_us: int) -> Iterator[Line]:
    histograms = [each.latency.histogram() if each.latency.counts else None for each in bins]
    for percentile in _PERCENTILES:
        values = [
            each.get_value_at_percentile(percentile) / _MILLISECOND_US if each else None
            for each in histograms
        ]
        yield Line(f"p{percentile}", values, width_us / _SECOND_US)


def _statuses(bins: Sequence[Bin], width_us: int) -> Iterator[Line]:
    for status in sorted({status for each in bins for status in each.answered}):
        name = "no answer" if status == NO_ANSWER else str(status)
        yield _rate(name, [each.answered.get(status, 0) for each in bins], width_us)


def _taken(its: Bin) -> int:
    return sum(count for status, count in its.answered.items() if 200 <= status < 300)  # noqa: PLR2004  HTTP's own class


def _rate(name: str, counts: Sequence[int], width_us: int) -> Line:
    seconds = width_us / _SECOND_US
    return Line(name, [count / seconds for count in counts], seconds)
