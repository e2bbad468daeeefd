"""The charts of the Overview: from steps of minutes to what the template draws. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_qualtrics.clock import format_instant
from mock_qualtrics.web.pages.overview import chart_shapes
from mock_qualtrics.web.pages.overview.chart_shapes import Bar, Label, Tick

if TYPE_CHECKING:
    from mock_qualtrics.histograms import Histogram
    from mock_qualtrics.journal.minutes.minute_steps import MinuteStep

SHARES: Final = (0.5, 0.95, 0.99)
_FEWEST: Final = 4  # an axis of counts has whole numbers


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above one step: its time, its numbers and its parts.

    Attributes:
        at: the step's first instant.
        says: its numbers in words.
        numbers: by name.
        bars: the parts of its bar; none in a chart of lines.
        x: its left edge.
        width: its width.
    """

    at: str
    says: str
    numbers: Mapping[str, str]
    bars: Sequence[Bar]
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        id: its id in the page.
        title: what it shows.
        says: the same in a sentence, for those who do not see it.
        names: of its parts or lines, in the order of the legend.
        columns: from the earliest on.
        lines: the path of each line, by name; none in a chart of bars.
        limit_y: how far from the top the line of a limit stands; None when it is off the chart.
        ticks: of its axis.
        labels: the times below it.
    """

    id: str
    title: str
    says: str
    names: Sequence[str]
    columns: Sequence[Column]
    lines: Mapping[str, str]
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    limit_y: float | None = None

    @property
    def areas(self) -> Mapping[str, str]:
        """The path of all bars of a name, by name."""
        bars = [bar for column in self.columns for bar in column.bars]
        return {
            name: "".join(bar.path for bar in bars if bar.name == name)
            for name in (() if self.lines else self.names)
        }

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(column.bars for column in self.columns) and not any(self.lines.values())


def counts_chart(
    chart_id: str, title: str, steps: Sequence["MinuteStep"], names: Sequence[str]
) -> Chart:
    """Return a chart of bars, one a step, of the counts with these names, stacked."""
    counts = [{name: int(getattr(step, name)) for name in names} for step in steps]
    sums = {name: sum(one[name] for one in counts) for name in names}
    top = chart_shapes.top_of_axis(max(_FEWEST, *(sum(one.values()) for one in counts)))
    bars = chart_shapes.stacked_bars(counts, top)
    numbers = [{name: f"{count:,}" for name, count in one.items()} for one in counts]
    says = ", ".join(f"{count:,} {name}" for name, count in sums.items())
    columns = _columns(steps, numbers, bars)
    ticks, labels = chart_shapes.ticks(top), _labels(steps)
    return Chart(chart_id, title, says, names, columns, {}, ticks, labels)


def spans_chart(
    chart_id: str,
    title: str,
    steps: Sequence["MinuteStep"],
    histogram_of: Callable[["MinuteStep"], "Histogram"],
    limit: float | None = None,
) -> Chart:
    """Return a chart of lines: percentiles of a span of time, in seconds, and perhaps its limit."""
    names = [percentile_name(share) for share in SHARES]
    found = [
        {
            name: histogram_of(step).percentile(share)
            for name, share in zip(names, SHARES, strict=True)
        }
        for step in steps
    ]
    values = [value for one in found for value in one.values() if value is not None]
    top = chart_shapes.top_of_axis(max(values, default=0))
    numbers = [{name: seconds_text(value) for name, value in one.items()} for one in found]
    lines = {name: chart_shapes.line([one[name] for one in found], top) for name in names}
    says = f"at most {seconds_text(max(values))}" if values else "nothing yet"
    columns = _columns(steps, numbers, [[] for _ in steps])
    ticks = chart_shapes.ticks(top * 1000, " ms") if top < 1 else chart_shapes.ticks(top, " s")
    labels = _labels(steps)
    limit_y = None if limit is None or limit > top else chart_shapes.height_of(limit, top)
    return Chart(chart_id, title, says, names, columns, lines, ticks, labels, limit_y)


def percentile_name(share: float) -> str:
    """Return the name of a percentile, such as p95."""
    return f"p{share * 100:g}"


def seconds_text(seconds: float | None) -> str:
    """Return seconds with three digits, in milliseconds below one second; a dash for none."""
    if seconds is None:
        return "–"
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _columns(
    steps: Sequence["MinuteStep"],
    numbers: Sequence[Mapping[str, str]],
    bars: Sequence[Sequence[Bar]],
) -> list[Column]:
    width = (chart_shapes.WIDTH - chart_shapes.LEFT) / max(1, len(steps))
    return [
        Column(
            format_instant(step.first),
            ", ".join(f"{number} {name}" for name, number in numbers[place].items()),
            numbers[place],
            bars[place],
            round(chart_shapes.LEFT + place * width, 2),
            round(width, 2),
        )
        for place, step in enumerate(steps)
    ]


def _labels(steps: Sequence["MinuteStep"]) -> list[Label]:
    minutes = sum(step.minutes for step in steps)
    within_a_day = minutes <= 24 * 60
    instants = (format_instant(step.first) for step in steps)
    return chart_shapes.time_labels(
        [instant[11:16] if within_a_day else instant[5:10] for instant in instants]
    )
