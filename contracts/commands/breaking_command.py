"""``qualtrics-contracts breaking``: what a change breaks, and for whom."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.tables import Column, print_rows
from contracts.terminal import printable
from contracts.verdicts import EXIT_FAILED, EXIT_NO_VERDICT, EXIT_WELL, Outcome, Verdict, own_names

if TYPE_CHECKING:
    from contracts.compatibility.changes.change import Change
    from contracts.compatibility.changes.comparison import Kind

NO_CHANGE = "nothing that matters to anybody differs"


@click.command(
    "breaking", epilog="Example: qualtrics-contracts breaking released/dataflow.toml dataflow.toml"
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--for",
    "whom",
    type=click.Choice(["sender", "receiver"]),
    help="Fail only on what breaks this one.",
)
@report_options
def breaking_command(old: str, new: str, *, whom: str | None, reporter: Reporter) -> None:
    """Say what the change from OLD to NEW breaks, and for whom.

    OLD and NEW are two dataflows, two workflows files, or two JSON Schemas of messages (2020-12,
    complete by themselves). A sender breaks when what it may send is no longer taken, a receiver
    when what it may need no longer comes. Exit code: 0 nothing breaks; 1 something does; 2 wrong
    usage, a broken file, or files that cannot be compared; 3 interrupted; 5 a report could not be
    written.
    """
    kind, found = _compared(old, new)
    broken = [change for change in found if change.breaks and whom in (None, change.breaks)]
    with reporter.run("breaking", f"{old} {new}", cases_key=None) as collected:
        collected.add(*verdicts_of(found, broken))
        if reporter.as_json:
            shown = {
                "kind": kind.name.lower(),
                "breaks": [change.to_mapping() for change in broken],
                "notes": [change.to_mapping() for change in found if change not in broken],
            }
            click.echo(json.dumps(shown, indent=2))
        else:
            _print(found)
        broken_one = f"the {whom}" if whom else "somebody"
        counted = f"{len(broken)} of {len(found)} changes break {broken_one}"
        click.echo(f"breaking: {counted if found else NO_CHANGE}", err=True)
    written = EXIT_WELL if reporter.all_written else EXIT_NO_VERDICT
    sys.exit(EXIT_FAILED if broken else written)


def _compared(old: str, new: str) -> "tuple[Kind, list[Change]]":
    """Return what the files are, and their changes.

    Raises:
        WrongInputError: one is broken, or they cannot be compared.
    """
    from contracts.commands.mapping_files import (  # noqa: PLC0415  --help reads no files
        WrongInputError,
        dataflow_problems,
        read_one,
        refuse,
        refuse_standard_input_twice,
        workflows_problems,
    )
    from contracts.compatibility.changes.change import CannotCompareError  # noqa: PLC0415  as above
    from contracts.compatibility.changes.comparison import (  # noqa: PLC0415  as above
        Kind,
        changes,
        same_kind,
    )

    names = old, new
    refuse_standard_input_twice(*names)
    documents: list[Any] = [read_one(name) for name in names]
    try:
        kind = same_kind(names, *documents)
        problems = {Kind.DATAFLOW: dataflow_problems, Kind.WORKFLOWS: workflows_problems}
        for name, document in zip(names, documents, strict=True):
            refuse(name, problems[kind](document) if kind in problems else ())
        return kind, changes(kind, names, *documents)
    except CannotCompareError as error:
        raise WrongInputError([f"not compared: {error}"]) from None


def verdicts_of(found: Sequence["Change"], broken: Sequence["Change"]) -> list[Verdict]:
    """Return a verdict for each change, or one that there is none."""
    verdicts = [_verdict(change, fails=change in broken) for change in found]
    names = own_names(verdict.name for verdict in verdicts)
    verdicts = [replace(v, name=name) for v, name in zip(verdicts, names, strict=True)]
    return verdicts or [Verdict(NO_CHANGE, Outcome.PASSED)]


def _verdict(change: "Change", *, fails: bool) -> Verdict:
    """Say what the change means once: as a reason, or else in the name, which has a place then."""
    if fails:
        return Verdict(
            change.place, Outcome.FAILED, (f"breaks the {change.breaks}: {change.text}",)
        )
    return Verdict(f"{change.place}: {change.text}", Outcome.PASSED)


def _print(found: Sequence["Change"]) -> None:
    columns = (Column("Breaks", whole=True), Column("Where"), Column("What"))
    rows = [(change.breaks or "nobody", change.place, change.text) for change in found]
    print_rows(columns, [tuple(map(printable, row)) for row in rows])
