"""``qualtrics-contracts replay``: tries stored failures again."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from contracts.reports.reporter import signals_as_interrupt
from contracts.terminal import printable

if TYPE_CHECKING:
    from contracts.counterexamples.replaying import Finding

FILE: Final = "counterexample.json"


@click.command(
    "replay",
    epilog="Example: qualtrics-contracts replay kept/happy-path/counterexample",
    context_settings={"allow_interspersed_args": False},
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.argument("command", metavar="[-- COMMAND...]", nargs=-1, type=click.UNPROCESSED)
def replay_command(folder: Path, command: tuple[str, ...], *, as_json: bool) -> None:
    """Run a connector again in the scenario in which it failed, with the stored messages.

    FOLDER is what `conformance` has stored: one failure, or a folder with several. The stored
    command is run, in the current folder where its file is found there, else where it ran; or else
    COMMAND. For each it says FIXED (after three runs), STILL FAILING or CANNOT TELL. Exit code: 0
    all are fixed; 1 one still fails; 2 FOLDER has none; 3 interrupted; 5 for one it is CANNOT TELL.
    """
    from contracts.counterexamples.stored import read_stored  # noqa: PLC0415  --help needs no HTTP
    from contracts.errors import CounterexampleError  # noqa: PLC0415  as above

    other = command[1:] if command[:1] == ("--",) else command
    try:
        stored = {each: read_stored(each) for each in _stored_in(folder)}
    except CounterexampleError as error:
        raise click.UsageError(printable(str(error))) from None
    findings = _findings({each: one.scenario.name for each, one in stored.items()}, other)
    _print(findings, as_json=as_json)
    codes = {finding.answer.exit_code for finding in findings}
    sys.exit(max(codes))


def _findings(names: Mapping[Path, str], command: tuple[str, ...]) -> "list[Finding]":
    """Try each stored failure again; without a mock nothing can be told of any."""
    from contracts.conformance.process.suite_mock import start_suite_mock  # noqa: PLC0415  as above
    from contracts.counterexamples.replaying import Answer, Finding, replay  # noqa: PLC0415  as above
    from contracts.errors import MockStartError  # noqa: PLC0415  as above

    try:
        with signals_as_interrupt(), start_suite_mock() as mock:
            return [replay(each, command, mock.control) for each in names]
    except MockStartError as error:
        return [Finding(name, Answer.CANNOT_TELL, (str(error),)) for name in names.values()]


def _stored_in(folder: Path) -> list[Path]:
    if (folder / FILE).exists():
        return [folder]
    found = sorted(file.parent for file in folder.rglob(FILE))
    if not found:
        raise click.UsageError(printable(f"{folder}: expected a folder with a {FILE}"))
    return found


def _print(findings: "list[Finding]", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
        return
    for finding in findings:
        click.echo(printable(str(finding), keep="\n"))
