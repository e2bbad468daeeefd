"""Charts of calls over time against the limit; matplotlib, of the extra ``load``, draws them.

The same values give the same bytes: a chart has no date, and its ids are made from a fixed salt.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from contracts.extras import missing_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS: Final = ("png", "svg")
"""What a chart can be drawn as."""

# Blue, green, orange and red that people with colour-blindness tell apart (Okabe and Ito), with a
# line style each, for paper without colours.
_STYLES: Final = {
    "arrivals": ("#0072b2", "-"),
    "accepted": ("#009e73", "-"),
    "refused": ("#e69f00", "--"),
    "dropped": ("#d55e00", "-."),
}
_INK: Final = "#0a0b0c"  # stands for the colour of the page's text, in an SVG
_FAR_ABOVE: Final = 10
_INCHES: Final = (9.0, 5.6)  # of one pair of panels


class Unit(NamedTuple):
    """What a time axis counts in.

    Attributes:
        seconds: how long one is.
        name: as the axis shows it.
    """

    seconds: float
    name: str


_UNITS: Final = (  # the least seconds for which each is used
    (172_800.0, Unit(86_400.0, "days")),
    (10_800.0, Unit(3_600.0, "hours")),
    (300.0, Unit(60.0, "min")),
)


class ChartsMissingError(Exception):
    """The package that draws charts is not installed; the text says how to install it."""

    def __init__(self) -> None:
        super().__init__(missing_extra("charts need", "matplotlib", "load"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Counts over time, in bins of one length.

    Attributes:
        title: what stands above the chart.
        bin_seconds: the length of a bin.
        limit: how many calls a window admits.
        window_seconds: the length of that window.
        counts: arrivals, accepted, refused and dropped, each with one count a bin.
    """

    title: str
    bin_seconds: float
    limit: int
    window_seconds: float
    counts: Mapping[str, Sequence[int]]


def is_installed() -> bool:
    """Return whether charts can be drawn; nothing is imported for it."""
    return find_spec("matplotlib") is not None


def check_installed() -> None:
    """Look whether charts can be drawn.

    Raises:
        ChartsMissingError: they cannot.
    """
    if not is_installed():
        raise ChartsMissingError


def png(charts: Sequence[Calls]) -> bytes:
    """Return the charts, one below the other, as a PNG image.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    return image(lambda: _figure(charts), "png")


def svg(charts: Sequence[Calls]) -> str:
    """Return the charts, one below the other, as an SVG document.

    Texts and axes have the colour of the text around it (``currentColor``), and the background is
    transparent, so that it fits on a light and on a dark page.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    return svg_of(lambda: _figure(charts))


def inline_svg(charts: Sequence[Calls], label: str) -> str:
    """Return the charts as an ``svg`` element for a page of HTML, as wide as its place allows.

    Args:
        charts: what is drawn.
        label: what a screen reader says; without ``"``, ``<`` and ``&``.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    return as_element(svg(charts), label)


def as_element(drawn: str, label: str) -> str:
    """Return an SVG document as an ``svg`` element, as :func:`inline_svg` does."""
    element = drawn[drawn.index("<svg") :]
    head, _, rest = element.partition(">")
    kept = (word for word in head.split(" ") if not word.startswith(("width=", "height=")))
    return f'{" ".join(kept)} width="100%" role="img" aria-label="{label}">{rest}'


def in_the_window_before(
    counts: Sequence[int], bin_seconds: float, window_seconds: float
) -> list[float]:
    """Return, for the end of each bin, how many there were in the window before.

    Of a bin that lies in the window in part, that part is counted. Where a bin is longer than the
    window, its average is.

    Example:
        >>> in_the_window_before([6, 0, 2], bin_seconds=30.0, window_seconds=60.0)
        [6.0, 6.0, 2.0]
    """
    bins = window_seconds / bin_seconds
    totals = [0, *accumulate(counts)]

    def until(position: float) -> float:
        whole = int(position)
        part = (position - whole) * counts[whole] if position > whole else 0.0
        return totals[whole] + part

    return [totals[end] - until(max(0.0, end - bins)) for end in range(1, len(totals))]


def svg_of(make_figure: "Callable[[], Figure]") -> str:
    """Return what a function draws as an SVG document, as :func:`svg` does.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    return image(make_figure, "svg").decode().replace(_INK, "currentColor")


def image(make_figure: "Callable[[], Figure]", kind: str) -> bytes:
    """Return what a function draws as an image: the same values give the same bytes.

    Args:
        make_figure: draws.
        kind: one of ``FORMATS``.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    check_installed()
    with _settings(kind):
        figure = make_figure()
        content = io.BytesIO()
        # Without a date and a version, so that the same values give the same bytes.
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(content, format=kind, metadata=metadata, transparent=kind == "svg", dpi=150)
        return content.getvalue()


@contextmanager
def _settings(kind: str) -> Iterator[None]:
    """Draw as matplotlib does by itself, whatever settings the caller has made."""
    import matplotlib as mpl  # noqa: PLC0415  the extra `load`
    import matplotlib.style as mpl_style  # noqa: PLC0415  as above

    ink = _INK if kind == "svg" else "black"
    coloured = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    own: dict[Any, Any] = {
        **dict.fromkeys(coloured, ink),
        "svg.hashsalt": "qualtrics-load",
        "svg.fonttype": "none",  # text stays text
        "text.parse_math": False,  # a title may have dollar signs
    }
    with mpl_style.context("default"), mpl.rc_context(own):
        yield


def _figure(charts: Sequence[Calls]) -> "Figure":
    from matplotlib.figure import Figure  # noqa: PLC0415  the extra `load`

    width, height = _INCHES
    figure = Figure(figsize=(width, height * len(charts)), layout="constrained")
    panels = figure.subplots(2 * len(charts), 1, squeeze=False, height_ratios=[3, 2] * len(charts))
    for number, chart in enumerate(charts):
        _draw_rates(panels[2 * number][0], chart)
        _draw_totals(panels[2 * number + 1][0], chart)
    return figure


def _draw_rates(panel: "Axes", chart: Calls) -> None:
    import matplotlib as mpl  # noqa: PLC0415  the extra `load`

    times, unit = ends(len(chart.counts["arrivals"]), chart.bin_seconds)
    for name, counts in chart.counts.items():
        colour, style = _STYLES[name]
        before = in_the_window_before(counts, chart.bin_seconds, chart.window_seconds)
        panel.plot(times, [0.0, *before], color=colour, linestyle=style, label=name)
    ink = mpl.rcParams["text.color"]  # above the accepted calls, which mostly run along it
    panel.axhline(chart.limit, color=ink, linestyle=":", zorder=3, label=f"limit {chart.limit:,}")
    panel.set_title(chart.title, loc="left", pad=24)
    panel.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, frameon=False, ncols=5
    )
    peak = max(map(max, chart.counts.values()), default=0) * chart.window_seconds
    window = "minute" if chart.window_seconds == 60 else f"{chart.window_seconds:g} s"  # noqa: PLR2004
    label = f"in the {window} before"
    if peak > _FAR_ABOVE * chart.limit * chart.bin_seconds:  # else the limit would be at the bottom
        panel.set_yscale("symlog", linthresh=float(chart.limit))
        label += f",\nlogarithmic above {chart.limit:,}"
    panel.set_ylabel(label)
    finish(panel, unit)


def _draw_totals(panel: "Axes", chart: Calls) -> None:
    times, unit = ends(len(chart.counts["arrivals"]), chart.bin_seconds)
    for name in ("arrivals", "accepted", "dropped"):
        colour, style = _STYLES[name]
        totals = [0.0, *map(float, accumulate(chart.counts[name]))]
        panel.plot(times, totals, color=colour, linestyle=style)
    panel.set_ylabel("in total")
    finish(panel, unit)


def finish(panel: "Axes", unit: str) -> None:
    """Give a panel over time the look of all."""
    panel.set_xlabel(f"time since the first message ({unit})")
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    panel.margins(x=0.01, y=0.15)
    panel.yaxis.set_major_formatter("{x:,.0f}")
    if panel.get_yscale() == "linear":  # else a tick at 2.5 would be labelled 2
        panel.locator_params(axis="y", integer=True)
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="y", alpha=0.3)


def unit_of(seconds: float) -> Unit:
    """Return the unit that suits a time axis so long.

    Example:
        >>> unit_of(600.0)
        Unit(seconds=60.0, name='min')
    """
    return next((unit for least, unit in _UNITS if seconds >= least), Unit(1.0, "s"))


def ends(bins: int, bin_seconds: float) -> tuple[list[float], str]:
    """Return where each bin begins, and the last one ends, in a unit that suits; and the unit."""
    unit = unit_of(bins * bin_seconds)
    return [number * bin_seconds / unit.seconds for number in range(bins + 1)], unit.name
