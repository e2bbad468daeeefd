"""The chart of a plan: which file it goes to, and what is drawn."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from contracts.errors import UnwritableReportError
from contracts.reports.files import check_kept, check_writable
from contracts.terminal import printable
from loadtests import charts
from loadtests.planning import Forecast
from loadtests.planning.judging import plain

ENDINGS: Final = (".png", ".svg", ".html")
_LABEL: Final = "Arrivals, accepted, refused and dropped calls over time, against the limit"


def check_files(chart: str | None, page: str | None, given: Sequence[str]) -> None:
    """Look, before anything is computed, whether the chart and the page can be made and stored.

    Args:
        chart: the file of ``--chart``; None: it was not given.
        page: the file of ``--html``; None: it was not given.
        given: the files that the command is given to read.

    Raises:
        click.UsageError: one cannot.
    """
    if chart is not None:
        _check_chart(chart)
    named: Mapping[str, str | None] = {"--chart": chart, "--html": page}
    paths = {option: path for option, path in named.items() if path is not None}
    try:
        check_writable(paths)
        check_kept(paths, given)
    except UnwritableReportError as error:
        raise click.UsageError(printable(str(error))) from None


def chart(path: str, forecasts: Sequence[Forecast]) -> bytes:
    """Return forecasts, drawn one below the other, in the format of a file's ending."""
    drawn = [calls_of(forecast) for forecast in forecasts]
    match Path(path).suffix.lower():
        case ".png":
            return charts.png(drawn)
        case ".svg":
            # A viewer that shows it alone has a background of its own, and texts need a colour.
            return charts.svg(drawn).replace("currentColor", "#404040").encode()
        case _:
            return _page(charts.inline_svg(drawn, _LABEL)).encode()


def drawn_for_a_page(forecasts: Sequence[Forecast]) -> str:
    """Return the chart as an element of a page; "" where the extra is not installed."""
    if not charts.is_installed():
        return ""
    return charts.inline_svg([calls_of(forecast) for forecast in forecasts], _LABEL)


def calls_of(forecast: Forecast) -> charts.Calls:
    """Return what is drawn of a forecast."""
    plan, timeline = forecast.plan, forecast.timeline
    return charts.Calls(
        title=f"{forecast.messages:,} messages at {plain(plan.arrival_rate)} a second, "
        f"{plan.policy.name}",
        bin_seconds=timeline.bin_seconds,
        limit=plan.limit_per_minute,
        window_seconds=plan.window_seconds,
        counts={
            "arrivals": timeline.arrivals,
            "accepted": timeline.accepted,
            "refused": timeline.refused,
            "dropped": timeline.dropped,
        },
    )


def _check_chart(path: str) -> None:
    if Path(path).suffix.lower() not in ENDINGS:
        expected = ", ".join(ENDINGS)
        raise click.UsageError(
            printable(f"--chart {path}: expected a name that ends in {expected}")
        )
    try:
        charts.check_installed()
    except charts.ChartsMissingError as error:
        raise click.UsageError(f"--chart: {error}") from None


def _page(element: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_LABEL}</title>\n"
        "<style>:root { color-scheme: light dark; } body { margin: 1rem auto; max-width: 64rem; }"
        "</style>\n</head>\n"
        f"<body>\n{element}\n</body>\n</html>\n"
    )
