"""``qualtrics-contracts fidelity``: the ledger, as a table."""

import json
from dataclasses import asdict

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.fidelity import Behaviour, Grade, Side, behaviours
from contracts.tables import on_terminal, print_rows


@click.command("fidelity", epilog="Example: qualtrics-contracts fidelity --grade assumed")
@click.option(
    "--grade",
    type=click.Choice([grade.value for grade in Grade]),
    help="Only behaviours of this grade.",
)
@click.option(
    "--side",
    type=click.Choice([side.value for side in Side]),
    help="Only the mock's or the sender's behaviours.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_fidelity(grade: str | None, side: str | None, *, as_json: bool) -> None:
    """Show the reproduced behaviours of the real systems, and how certain each is.

    Off a terminal each is one line of cells between tabs: id, grade, behaviour, source, setting.
    """
    rows = [row for row in behaviours() if grade in (None, row.grade) and side in (None, row.side)]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    if not on_terminal():
        print_rows((), map(_ledger_cells, rows))
        return
    table = Table(box=SIMPLE)
    table.add_column("Id", no_wrap=True)
    table.add_column("Grade", no_wrap=True)
    table.add_column("Behaviour", overflow="fold")
    for row in rows:
        table.add_row(row.id, row.grade, escape(_explained(row)))
    Console().print(table)


def _ledger_cells(row: Behaviour) -> tuple[str, ...]:
    return row.id, row.grade, row.statement, _dated_source(row), _set_by(row)


def _explained(row: Behaviour) -> str:
    source = f"\nSource: {_dated_source(row)}" if row.source else ""
    setting = f"\nSetting: {_set_by(row)}" if row.setting else ""
    return f"{row.statement}{source}{setting}"


def _dated_source(row: Behaviour) -> str:
    is_dated = row.source and row.grade not in (Grade.ASSUMED, Grade.HOUSE)
    return f"{row.source} ({row.date})" if is_dated else row.source


def _set_by(row: Behaviour) -> str:
    return row.setting + ("" if row.default is None else f" = {json.dumps(row.default)}")
