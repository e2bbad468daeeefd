"""Prints the cases of a run on standard output.

On a terminal what needs a look follows the table, on lines that can be copied whole. Elsewhere each
case is one line of cells between tabs: outcome, name, why; what reproduces a failure is told on
standard error, on lines of its own, so that the log of a CI job reads well.
"""

from collections.abc import Iterable

import click

from contracts.reports.run_report import (
    RunReport,
    label,
    lines_of,
    needs_a_look,
    replay_line,
)
from contracts.reports.texts import on_one_line
from contracts.tables import Column, on_terminal, print_rows
from contracts.terminal import printable
from contracts.verdicts import Verdict

_COLUMNS = (Column("Outcome", whole=True), Column("Case"), Column("Why"))


def print_cases(report: RunReport) -> None:
    """Print all cases, and on a terminal then what is known of those that need a look."""
    if not on_terminal():
        print_rows(_COLUMNS, [(label(case), case.name, _why(case)) for case in report.cases])
        _tell_reproductions(filter(needs_a_look, report.cases))
        return
    print_rows(_COLUMNS, [(label(case), case.name, _note(case)) for case in report.cases])
    _print_details(filter(needs_a_look, report.cases))


def _why(case: Verdict) -> str:
    return "; ".join(map(on_one_line, case.reasons))


def _note(case: Verdict) -> str:
    return "see below" if needs_a_look(case) else _why(case)


def _tell_reproductions(cases: Iterable[Verdict]) -> None:
    for case in cases:
        replay = () if case.folder is None else (f"to replay it: {replay_line(case.folder)}",)
        if lines := (*case.notes, *replay):
            _tell(f"{case.name}:")
            for line in lines:
                _tell(f"  {on_one_line(line)}")


def _tell(line: str) -> None:
    click.echo(printable(line), err=True)


def _print_details(cases: Iterable[Verdict]) -> None:
    for case in cases:
        click.echo(printable(f"\n{case.name}: {label(case)}", keep="\n"))
        for line in lines_of(case):
            click.echo(printable(line, keep="\n"))
