"""The command ``qualtrics-contracts``: options, printing and exit codes."""

import io
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import IO, Any, Final

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts import __version__
from contracts.documents import Document, read_documents
from contracts.errors import (
    BrokenDocumentError,
    ProbeError,
    UnknownSchemaError,
    UnreadableFileError,
)
from contracts.fidelity import Behaviour, Grade, Side, behaviours
from contracts.flag_values import FlagCheckingGroup
from contracts.option_numbers import Integer
from contracts.redaction import redact
from contracts.tables import Column, on_terminal, print_rows
from contracts.terminal import printable
from contracts.violations import Violation

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


@click.group(
    cls=FlagCheckingGroup, epilog="Example: qualtrics-contracts validate dataflow dataflow.toml"
)
@click.version_option(__version__, prog_name="qualtrics-contracts")
def main() -> None:
    """Validate what Adobe Experience Platform and Qualtrics exchange."""
    for stream in (sys.stdout, sys.stderr):
        # Escape a character that the terminal's encoding lacks, instead of failing on it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@main.command("schemas", epilog="Example: qualtrics-contracts schemas --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_schemas(*, as_json: bool) -> None:
    """List the schemas that files can be validated against."""
    from contracts.validation import schema, schema_names  # noqa: PLC0415  --help needs no schema

    titles = {name: schema(name)["title"] for name in schema_names()}
    if as_json:
        click.echo(json.dumps(titles, indent=2))
        return
    print_rows((Column("Schema", whole=True), Column("Title")), titles.items())


@main.command("schema", epilog="Example: qualtrics-contracts schema exported-message")
@click.argument("schema_name", metavar="NAME", callback=lambda _, __, name: _known(name))
def print_schema(schema_name: str) -> None:
    """Print one schema, complete by itself: JSON Schema 2020-12 for any validator.

    ajv takes it with `ajv/dist/2020`, and the formats of dates with the package ajv-formats.

    The command `qualtrics-contracts schemas` lists the names.
    """
    from contracts.one_piece import schema_in_one_piece  # noqa: PLC0415  as above

    text = json.dumps(schema_in_one_piece(schema_name), indent=2, ensure_ascii=False)
    click.echo(printable(text, keep="\n"))


@main.command("validate", epilog="Example: qualtrics-contracts validate dataflow dataflow.toml")
@click.argument("schema_name", metavar="SCHEMA", callback=lambda _, __, name: _known(name))
@click.argument("files", metavar="FILES...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def validate_files(schema_name: str, files: tuple[str, ...], *, as_json: bool) -> None:
    """List all problems of FILES under the schema named SCHEMA.

    FILES are .json, .jsonl (one document per line) or .toml; - is standard input. The command
    `qualtrics-contracts schemas` lists the schemas. Exit code: 0 all valid; 1 something is not
    valid, or not strict JSON or TOML; 2 a file cannot be opened, or the schema is unknown.
    """
    verdict = Verdict(schema_name, echo=not as_json)
    for file in files:
        verdict.judge(file, sys.stdin.buffer)
    if as_json:
        click.echo(json.dumps(verdict.as_json(), indent=2))
    else:
        click.echo(verdict.summary(), err=True)
    sys.exit(verdict.exit_code)


@main.command("fidelity", epilog="Example: qualtrics-contracts fidelity --grade assumed")
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


@main.command("probe", epilog="Example: qualtrics-contracts probe --i-have-an-account")
@click.option(
    "--i-have-an-account",
    "is_meant",
    is_flag=True,
    help="Send the calls; without it they are only listed.",
)
@click.option("--use-up-the-minute", is_flag=True, help="Probe the rate limit too.")
@click.option(
    "--calls-per-minute",
    type=Integer(1, 3_000),
    default=3_000,
    show_default=True,
    help="The brand's limit, for --use-up-the-minute.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def probe_account(
    *, is_meant: bool, use_up_the_minute: bool, calls_per_minute: int, as_json: bool
) -> None:
    """Check assumptions about Qualtrics against a real account.

    Needs QUALTRICS_URL (an enabled workflow's trigger URL), QUALTRICS_USERNAME and
    QUALTRICS_API_TOKEN; QUALTRICS_DISABLED_URL is optional. Accepted events start the workflow.
    Exit code: 0 everything that was checked is as assumed, 1 something differs, 2 the account could
    not be probed.
    """
    from contracts.probe import report  # noqa: PLC0415  the other commands need no HTTP

    minute = calls_per_minute if use_up_the_minute else None
    if not is_meant:
        click.echo(report.plan(minute))
        return
    try:
        findings = report.ask(os.environ, minute)
    except ProbeError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        sys.exit(EXIT_USAGE)
    rows = [asdict(finding) for finding in findings]
    click.echo(
        json.dumps(rows, indent=2) if as_json else printable(report.told(findings), keep="\n")
    )
    sys.exit(EXIT_FAILED if any(finding.differs for finding in findings) else 0)


class Verdict:
    """Collects the problems of all files; with `echo`, also prints each at once."""

    def __init__(self, schema_name: str, *, echo: bool) -> None:
        self._schema_name = schema_name
        self._echo = echo
        self._documents = 0
        self._missing_file = False
        self._violations: list[dict[str, Any]] = []
        self._unreadable: list[dict[str, Any]] = []

    def judge(self, file: str, stdin: IO[bytes]) -> None:
        """Validate one file."""
        try:
            for document in read_documents(file, stdin):
                self._add(document)
        except UnreadableFileError as error:
            self._missing_file = True
            self._add_unreadable(error)

    @property
    def exit_code(self) -> int:
        """0 all valid, 1 something is not valid or not a document, 2 a file cannot be opened."""
        if self._missing_file:
            return EXIT_USAGE
        return EXIT_FAILED if self._violations or self._unreadable else 0

    def as_json(self) -> dict[str, Any]:
        """Return everything as one JSON object."""
        return {
            "schema": self._schema_name,
            "valid": self.exit_code == 0,
            "documents": self._documents,
            "violations": self._violations,
            "unreadable": self._unreadable,
        }

    def summary(self) -> str:
        """Return one line of counts."""
        counted = (
            _counted(self._documents, "document"),
            _counted(len(self._violations), "violation"),
            f"{len(self._unreadable)} unreadable",
        )
        return f"{self._schema_name}: {', '.join(counted)}"

    def _add(self, document: Document | BrokenDocumentError) -> None:
        if isinstance(document, BrokenDocumentError):
            self._add_unreadable(document)
            return
        from contracts.validation import validate  # noqa: PLC0415  as above

        self._documents += 1
        self._add_violations(document, validate(document.value, self._schema_name))

    def _add_violations(self, document: Document, violations: Iterable[Violation]) -> None:
        for violation in violations:
            self._say(f"{document.place}: {violation}")
            self._violations.append(
                {
                    "file": printable(document.path),
                    "line": document.line,
                    "path": printable(redact(violation.path)),
                    "value": violation.found,
                    "expected": violation.expected,
                }
            )

    def _add_unreadable(self, error: UnreadableFileError) -> None:
        self._say(str(error))
        self._unreadable.append(
            {"file": printable(error.path), "line": error.line, "reason": error.reason}
        )

    def _say(self, line: str) -> None:
        if self._echo:
            click.echo(printable(line))


def _known(schema_name: str) -> str:
    from contracts.validation import schema_names  # noqa: PLC0415  as above

    if schema_name not in schema_names():
        raise click.BadParameter(str(UnknownSchemaError(schema_name, schema_names())))
    return schema_name


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
