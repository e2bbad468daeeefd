"""Prints the cases of a run on standard output.

On a terminal what needs a look follows the table, on lines that can be copied whole. Elsewhere each
case is one line of cells between tabs: outcome, name, why.
"""

from collections.abc import Iterable

import click

from contracts.reports.run_report import RunReport, label, lines_of, needs_a_look
from contracts.reports.texts import on_one_line
from contracts.tables import Column, on_terminal, print_rows
from contracts.terminal import printable
from contracts.verdicts import Verdict

_COLUMNS = (Column("Outcome", whole=True), Column("Case"), Column("Why"))


def print_cases(report: RunReport) -> None:
    """Print all cases, and on a terminal then what is known of those that need a look."""
    if not on_terminal():
        print_rows(_COLUMNS, [(label(case), case.name, _why(case)) for case in report.cases])
        return
    print_rows(_COLUMNS, [(label(case), case.name, _note(case)) for case in report.cases])
    _print_details(filter(needs_a_look, report.cases))


def _why(case: Verdict) -> str:
    replay = () if case.folder is None else (f"replay: {case.folder}",)
    return "; ".join(map(on_one_line, (*case.reasons, *replay)))


def _note(case: Verdict) -> str:
    return "see below" if needs_a_look(case) else _why(case)


def _print_details(cases: Iterable[Verdict]) -> None:
    for case in cases:
        click.echo(printable(f"\n{case.name}: {label(case)}", keep="\n"))
        for line in lines_of(case):
            click.echo(printable(line, keep="\n"))
