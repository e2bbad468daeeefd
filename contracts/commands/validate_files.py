"""``qualtrics-contracts validate``: files under a schema."""

import json
import sys
from collections.abc import Iterable
from typing import IO, Any, Final

import click

from contracts.commands.known_schema import known_schema
from contracts.documents import Document, read_documents
from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.redaction import redact
from contracts.terminal import printable
from contracts.violations import Violation

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


@click.command("validate", epilog="Example: qualtrics-contracts validate dataflow dataflow.toml")
@click.argument("schema_name", metavar="SCHEMA", callback=lambda _, __, name: known_schema(name))
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


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
