"""A forecast beside what a run did: rows of a figure, both numbers, and by how much it was off."""

from loadtests.commands.words import percent
from loadtests.planning.comparison import Comparison, Figure

COLUMNS = ("Figure", "Forecast", "Run", "Off by", "Share")


def against_rows(comparison: Comparison) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each figure; what is equal is off by 0."""
    return [_row(figure) for figure in comparison.figures]


def verdict(comparison: Comparison) -> str:
    """Return in a sentence whether the forecast was right."""
    if comparison.is_equal:
        return "The forecast was right to the message."
    off = [figure for figure in comparison.figures if figure.difference]
    worst = max(off, key=lambda figure: abs(figure.difference_share or 1.0))
    if worst.difference_share is None:
        had = f"it expected none, the run had {_number(worst.actual)}"
    else:
        had = f"the run had {_share(worst.difference_share)}"
    return f"The forecast was off most at {worst.name}: {had}."


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    share = figure.difference_share
    return (
        figure.name,
        _number(figure.forecast),
        _number(figure.actual),
        f"{figure.difference:+,.6g}" if figure.difference else "0",
        "" if share is None else _share(share) if share else "0 %",
    )


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _share(share: float) -> str:
    return f"{percent(abs(share))} {'more' if share > 0 else 'less'}"
