"""The dataflow, workflows and profiles files that `compatible` and `breaking` read.

Each is read whole and judged before anything else; what is wrong with it is one error, exit code 2.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from contracts.dataflow_rules import rule_violations
from contracts.documents import LINE_SUFFIXES, STANDARD_INPUT, Document, read_documents
from contracts.errors import UnreadableFileError
from contracts.problem_lines import ProblemsError
from contracts.redaction import HIDDEN
from contracts.violations import MISSING, Violation

Row = tuple[str, Mapping[str, Any]]

_PERSONAL: Final = ("$.url", "$.username")
_TABLES: Final = {".csv": "CSV", ".parquet": "Parquet"}


class WrongInputError(ProblemsError):
    """A file is not what it should be; nothing was judged."""


def refuse_standard_input_twice(*paths: str) -> None:
    """Go on if standard input is named once at most.

    Raises:
        WrongInputError: it is named more often; what is read of it is gone then.
    """
    if paths.count(STANDARD_INPUT) > 1:
        raise WrongInputError(["-: standard input is named twice, and can be read only once"])


def read_one(path: str) -> Any:  # noqa: ANN401  any JSON value
    """Return the only document of a file.

    Raises:
        WrongInputError: the file cannot be read, is broken, or has several documents.
    """
    documents = list(_documents(path))
    if len(documents) != 1:
        raise WrongInputError([f"{path}: {len(documents)} documents; expected one"])
    return documents[0].value


def read_dataflow(path: str) -> dict[str, Any]:
    """Return a valid dataflow's document.

    Raises:
        WrongInputError: it is none; lists all problems.
    """
    raw = read_one(path)
    if isinstance(raw, Mapping) and "workflows" in raw and "identities" not in raw:
        raise WrongInputError([f"{path}: is a workflows file; expected a dataflow"])
    refuse(path, dataflow_problems(raw))
    return dict(raw)


def read_workflows(path: str) -> list[dict[str, Any]]:
    """Return the workflows of a valid workflows file.

    Raises:
        WrongInputError: it is none; lists all problems.
    """
    raw = read_one(path)
    if isinstance(raw, Mapping) and "identities" in raw and "workflows" not in raw:
        raise WrongInputError([f"{path}: is a dataflow; expected a workflows file"])
    refuse(path, workflows_problems(raw))
    return list(raw["workflows"])


def dataflow_problems(raw: object) -> list[Violation]:
    """Return what is wrong with a dataflow's document; values of a person are not shown."""
    from contracts.validation import validate  # noqa: PLC0415  --help needs no schema

    found = list(rule_violations(raw)) if isinstance(raw, Mapping) else []
    known = {violation.path for violation in found}
    found += [v for v in validate(raw, "dataflow") if v.path not in known]
    return [_without_person(violation) for violation in found]


def _without_person(violation: Violation) -> Violation:
    """Hide a value that tells of a person; that there is none is no secret."""
    is_personal = violation.path in _PERSONAL and violation.value is not MISSING
    return replace(violation, value=HIDDEN) if is_personal else violation


def workflows_problems(raw: object) -> list[Violation]:
    """Return what is wrong with a workflows file's document."""
    from contracts.validation import validate  # noqa: PLC0415  as above

    return validate(raw, "workflows-file") or list(_repeated_fields(raw))


def _repeated_fields(raw: Any) -> Iterator[Violation]:  # noqa: ANN401  a valid document
    for number, workflow in enumerate(raw["workflows"]):
        names = Counter(field["name"] for field in workflow.get("fields", ()))
        for name in (name for name, count in names.items() if count > 1):
            yield Violation(f"$.workflows[{number}].fields", name, "each field's name once")


def read_rows(paths: Iterable[str]) -> Iterator[Row]:
    """Yield each profile of these files, with where it stands.

    Raises:
        WrongInputError: a file cannot be read, or a row is no profile.
    """
    for path in paths:
        if kind := _TABLES.get(Path(path).suffix.lower()):
            raise WrongInputError(
                [f"{path}: is {kind}; expected profiles as JSON lines (.jsonl, .ndjson or .json)"]
            )
        for document in _documents(path):
            yield from _rows(document)


def _rows(document: Document) -> Iterator[Row]:
    is_list = isinstance(document.value, list) and Path(document.path).suffix not in LINE_SUFFIXES
    for number, value in enumerate(document.value if is_list else [document.value]):
        place = f"{document.path}[{number}]" if is_list else document.place
        if not isinstance(value, Mapping):
            kind = "a list" if isinstance(value, list) else "a plain value or null"
            raise WrongInputError([f"{place}: {kind}; expected a profile, which is an object"])
        yield place, value


def _documents(path: str) -> Iterator[Document]:
    try:
        for document in read_documents(path, sys.stdin.buffer):
            if not isinstance(document, Document):
                raise document
            yield document
    except UnreadableFileError as error:
        raise WrongInputError([str(error)]) from None


def refuse(path: str, problems: Iterable[Violation]) -> None:
    """Go on if a file has no problem.

    Raises:
        WrongInputError: it has; lists them all.
    """
    sentences = [f"{path}: {violation}" for violation in problems]
    if sentences:
        raise WrongInputError(sentences)
