"""``qualtrics-contracts validate``: files under a schema."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from contracts.commands.known_schema import known_schema
from contracts.counts import counted
from contracts.documents import LINE_SUFFIXES, Document, read_documents
from contracts.errors import BrokenDocumentError, UnreadableFileError, UnwritableReportError
from contracts.redaction import redact
from contracts.reports.files import write_whole
from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.reports.sarif import Finding, sarif_json
from contracts.terminal import printable
from contracts.verdicts import EXIT_NO_VERDICT, Outcome, Verdict
from contracts.violations import Violation

if TYPE_CHECKING:
    from contracts.reports.line_numbers import Lines

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


UNREADABLE: Final = "readable-file"


@click.command("validate", epilog="Example: qualtrics-contracts validate dataflow dataflow.toml")
@click.argument("schema_name", metavar="SCHEMA", callback=lambda _, __, name: known_schema(name))
@click.argument("files", metavar="FILES...", nargs=-1, required=True)
@click.option(
    "--sarif",
    metavar="FILE",
    help="Write SARIF, which code hosts show beside the lines.",
)
@report_options
def validate_files(
    schema_name: str, files: tuple[str, ...], *, sarif: str | None, reporter: Reporter
) -> None:
    """List all problems of FILES under the schema named SCHEMA.

    FILES are .json, .jsonl (one document per line) or .toml; - is standard input. The command
    `qualtrics-contracts schemas` lists the schemas. Exit code: 0 all valid; 1 something is not
    valid, or not strict JSON or TOML; 2 a file cannot be opened, or the schema is unknown; 3
    interrupted; 5 a report could not be written.
    """
    judged = Judged(schema_name, echo=not reporter.as_json)
    planned = tuple(dict.fromkeys(files))
    with reporter.run("validate", schema_name, planned=planned, cases_key=None) as collected:
        for file in files:
            judged.judge(file, sys.stdin.buffer)
            collected.add(judged.verdict(file))
        if reporter.as_json:
            click.echo(json.dumps(judged.as_json(), indent=2))
        else:
            click.echo(judged.summary(), err=True)
    is_written = _write_sarif(sarif, judged) and reporter.all_written
    sys.exit(judged.exit_code or (0 if is_written else EXIT_NO_VERDICT))


def _write_sarif(path: str | None, judged: "Judged") -> bool:
    try:
        if path is not None:
            write_whole(path, judged.as_sarif())
    except UnwritableReportError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        return False
    return True


class Judged:
    """Collects the problems of all files; with `echo`, also prints each at once."""

    def __init__(self, schema_name: str, *, echo: bool) -> None:
        self._schema_name = schema_name
        self._echo = echo
        self._documents = 0
        self._missing: set[str] = set()
        self._violations: list[dict[str, Any]] = []
        self._unreadable: list[dict[str, Any]] = []
        self._findings: dict[str, list[Finding]] = {}

    def judge(self, file: str, stdin: IO[bytes]) -> None:
        """Validate one file."""
        try:
            for document in read_documents(file, stdin):
                self._add(document)
        except UnreadableFileError as error:
            self._missing.add(file)
            self._add_unreadable(error)

    def verdict(self, file: str) -> Verdict:
        """Return what came of a file; one that cannot be opened is an error."""
        reasons = tuple(
            finding.text if finding.line is None else f"line {finding.line}: {finding.text}"
            for finding in self._findings.get(file, ())
        )
        failed = Outcome.ERROR if file in self._missing else Outcome.FAILED
        return Verdict(file, failed if reasons else Outcome.PASSED, reasons)

    def as_sarif(self) -> bytes:
        """Return all that is wrong as SARIF, each with its line where that can be found."""
        from contracts.validation import schema  # noqa: PLC0415  --help needs no schema

        title = schema(self._schema_name)["title"]
        rules = {
            self._schema_name: f"A file has the form of the schema {self._schema_name}: {title}.",
            UNREADABLE: "A file can be opened, and is strict JSON or TOML.",
        }
        findings = [finding for found in self._findings.values() for finding in found]
        return sarif_json("validate", rules, findings, Path.cwd())

    @property
    def exit_code(self) -> int:
        """0 all valid, 1 something is not valid or not a document, 2 a file cannot be opened."""
        if self._missing:
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
        counts = (
            counted(self._documents, "document"),
            counted(len(self._violations), "violation"),
            f"{len(self._unreadable)} unreadable",
        )
        return f"{self._schema_name}: {', '.join(counts)}"

    def _add(self, document: Document | BrokenDocumentError) -> None:
        if isinstance(document, BrokenDocumentError):
            self._add_unreadable(document)
            return
        from contracts.validation import validate  # noqa: PLC0415  as above

        self._documents += 1
        self._add_violations(document, validate(document.value, self._schema_name))

    def _add_violations(self, document: Document, violations: Iterable[Violation]) -> None:
        lines = _lines_of(document)
        for violation in violations:
            self._say(f"{document.place}: {violation}")
            line = document.line if lines is None else lines.of(violation.path)
            self._find(self._schema_name, document.path, line, str(violation))
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
        self._find(UNREADABLE, error.path, error.line, error.reason)
        self._unreadable.append(
            {"file": printable(error.path), "line": error.line, "reason": error.reason}
        )

    def _find(self, rule: str, file: str, line: int | None, text: str) -> None:
        self._findings.setdefault(file, []).append(Finding(rule, file, line, text))

    def _say(self, line: str) -> None:
        if self._echo:
            click.echo(printable(line))


def _lines_of(document: Document) -> "Lines | None":
    """Return the lines of a file that is one document; None where the document's own line does."""
    from contracts.reports.line_numbers import Lines  # noqa: PLC0415  valid files need none

    path = Path(document.path)
    if path.suffix.lower() in {"", *LINE_SUFFIXES} or not path.is_file():
        return None
    return Lines(document.path, path.read_text("utf-8-sig", errors="replace"))
