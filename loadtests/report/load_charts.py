"""Draws the charts of a load test; matplotlib, of the extra ``load``."""

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Final

from loadtests import charts
from loadtests.report.panels import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours that people with colour-blindness tell apart (Okabe and Ito), with a line style each.
_STYLES: Final = (
    ("#0072b2", "-"),
    ("#009e73", "--"),
    ("#e69f00", "-."),
    ("#d55e00", ":"),
    ("#cc79a7", "-"),
    ("#56b4e9", "--"),
)
_INCHES: Final = (9.0, 2.4)  # of one panel
_LABEL: Final = "Charts over time: the tables on this page have the same figures in total"


def inline_svg(panels: Sequence[Panel]) -> str:
    """Return the panels, one below the other, as an ``svg`` element; empty without any.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    if not panels:
        return ""
    return charts.as_element(charts.svg_of(lambda: _figure(panels)), _LABEL)


def _figure(panels: Sequence[Panel]) -> "Figure":
    from matplotlib.figure import Figure  # noqa: PLC0415  the extra `load`

    width, height = _INCHES
    figure = Figure(figsize=(width, height * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 1, squeeze=False, sharex=True)
    seconds = max(line.seconds for panel in panels for line in panel.lines)
    for number, panel in enumerate(panels):
        _draw(axes[number][0], panel, charts.unit_of(seconds))
    return figure


def _draw(axes: "Axes", panel: Panel, unit: charts.Unit) -> None:
    for line, (colour, style) in zip(panel.lines, cycle(_STYLES), strict=False):
        values = [float("nan") if value is None else value for value in line.values]
        times = [number * line.bin_seconds / unit.seconds for number in range(len(values))]
        axes.step(times, values, where="post", color=colour, linestyle=style, label=line.name)
    axes.set_title(panel.title, loc="left", pad=20)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.1, frameon=False, ncols=6
    )
    if panel.spans_decades:
        axes.set_yscale("symlog", linthresh=1.0)
    charts.finish(axes, unit.name)
    axes.tick_params(labelbottom=True)  # each panel is read by itself
