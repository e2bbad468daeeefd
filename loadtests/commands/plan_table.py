"""A forecast as a table, for people: one column for each plan."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import click

from contracts.tables import Column, on_terminal, print_rows
from contracts.terminal import printable
from loadtests.commands import words
from loadtests.commands.output import against_table
from loadtests.commands.output.plan_advice import ADVICE, advice_heading, advice_rows
from loadtests.commands.output.plan_sentences import sentences
from loadtests.commands.plan_results import Result
from loadtests.planning.assumptions import Assumption

Row = tuple[str, list[str]]
Cell = Callable[[Result], str]

_ASSUMPTIONS: Final = (Column("Fact", whole=True), Column("Grade", whole=True), Column("What"))


def print_results(results: Sequence[Result], *, by_rate: bool) -> None:
    """Print the table, what follows from it in a sentence, and what it rests on.

    Args:
        results: one, or one for each arrival rate.
        by_rate: whether no arrival rate was given.
    """
    columns = [Column("Forecast", whole=True), *(Column(result.heading) for result in results)]
    rows = [[label, *cells] for label, cells in rows_of(results)]
    if not on_terminal():  # where a table has no headings
        rows.insert(0, [column.heading for column in columns])
    print_rows(columns, rows)
    click.echo()
    for sentence in sentences(results, by_rate=by_rate):
        click.echo(sentence)
    for result in results:
        _print_advice(result, by_rate=by_rate)
        _print_comparison(result, by_rate=by_rate)
    click.echo("\nWhat this rests on:")
    print_rows(_ASSUMPTIONS, assumptions(results))
    click.echo("\nA fact such as A-LIM-1 is a row of: qualtrics-contracts fidelity")


def assumptions(results: Sequence[Result]) -> list[Assumption]:
    """Return what the forecasts rest on, each once: assumed is said to be assumed."""
    each = (assumption for result in results for assumption in result.assumptions)
    return list(dict.fromkeys(each))


def _print_advice(result: Result, *, by_rate: bool) -> None:
    """Print what to do about what is lost; nothing where there is no advice."""
    if result.advice:
        where = f" at {result.heading}" if by_rate else ""
        click.echo(f"\n{advice_heading(result)}{where}:")
        print_rows([Column(name) for name in ADVICE], advice_rows(result.advice))


def _print_comparison(result: Result, *, by_rate: bool) -> None:
    """Print by how much the forecast was off; nothing where there is no run."""
    if result.comparison is None:
        return
    where = f" at {result.heading}" if by_rate else ""
    click.echo(f"\nWas the forecast{where} right?")
    columns = [Column(name) for name in against_table.COLUMNS]
    print_rows(columns, against_table.against_rows(result.comparison))
    for sentence in (*result.comparison.notes, against_table.verdict(result.comparison)):
        click.echo(printable(sentence))


def rows_of(results: Sequence[Result]) -> Iterator[Row]:
    """Yield the rows; those that say nothing of any plan are left out."""
    for label, cell in (*_INPUT, *_tries(results), *_ENDINGS, *_TIMES):
        cells = [cell(result) for result in results]
        if any(cells):
            yield label, cells


def _banded(name: str, shown: Callable[[float], str]) -> Cell:
    """Return the cell of a figure: the plan's own, or the median of many seeds with its band."""

    def cell(result: Result) -> str:
        band = result.band_in_words(name, shown)
        return shown(result.figure(name)) + (f" ({band})" if band else "")

    return cell


def _share_of_messages(name: str) -> Cell:
    def cell(result: Result) -> str:
        band = result.band_in_words(name, words.whole_number)
        return words.part(round(result.figure(name)), result.forecast.messages, band)

    return cell


def _if_any(count: int, text: str = "") -> str:
    return (text or f"{count:,}") if count else ""


def _excluded(result: Result) -> str:
    excluded = result.plan.excluded
    reasons = sorted(excluded.items(), key=lambda each: (-each[1], each[0]))
    return "; ".join(f"{count:,} {reason}" for reason, count in reasons)


def _dropped_by_code(result: Result) -> str:
    by_code = sorted(result.forecast.dropped_by_code.items())
    return ", ".join(f"{count:,} answered {code}" for code, count in by_code)


def _dropped_when(result: Result) -> str:
    first, last = result.forecast.first_dropped_at_seconds, result.forecast.last_dropped_at_seconds
    if first is None or last is None:
        return ""
    return f"from {words.duration(first)} to {words.duration(last)}"


def _tries(results: Sequence[Result]) -> Iterator[tuple[str, Cell]]:
    """Yield a row for each try that a message has."""
    most = max(len(result.forecast.delivered_by_try) for result in results)
    for number in range(1, most + 1):
        yield f"  {words.at_try(number)}", _delivered_at(number)


def _delivered_at(number: int) -> Cell:
    def cell(result: Result) -> str:
        by_try = result.forecast.delivered_by_try
        return f"{by_try[number - 1]:,}" if number <= len(by_try) else ""

    return cell


_INPUT: Final[tuple[tuple[str, Cell], ...]] = (
    ("Profiles", lambda result: f"{result.reading.profiles:,}"),
    ("Broken rows", lambda result: _if_any(result.reading.broken)),
    ("Excluded", _excluded),
    ("Over the payload limit", lambda result: _if_any(len(result.plan.oversized))),
    ("Messages", lambda result: f"{result.forecast.messages:,}"),
    (
        "Seeds",
        lambda result: (
            ""
            if result.band is None
            else f"{result.band.seeds:,} from {result.plan.seed}: median (share; 5 % to 95 %)"
        ),
    ),
    ("Delivered", _share_of_messages("delivered")),
)
_ENDINGS: Final[tuple[tuple[str, Cell], ...]] = (
    ("Dropped for good", _share_of_messages("dropped")),
    ("  why", _dropped_by_code),
    ("  when", _dropped_when),
    ("Uncertain", _share_of_messages("uncertain")),
    ("Pending", lambda result: _if_any(result.forecast.pending)),
    ("Duplicates to expect", _banded("duplicates", words.whole_number)),
    ("Blocked by the daily cap", _share_of_messages("blocked_by_daily_cap")),
    ("  on", lambda result: words.days(sorted(result.forecast.blocked_by_day.items()))),
    (
        "People surveyed again",
        lambda result: _if_any(result.plan.restated, f"{result.forecast.people_surveyed_again:,}"),
    ),
    ("Lost in all", _share_of_messages("lost")),
)
_TIMES: Final[tuple[tuple[str, Cell], ...]] = (
    ("Ends after", _banded("finished_at_seconds", words.duration)),
    ("Share of the minute used", _banded("minute_used_share", words.percent)),
)
