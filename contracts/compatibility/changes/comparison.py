"""Compares two documents of the same kind: dataflows, workflows files or schemas. Pure."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jsonschema import Draft202012Validator

from contracts.compatibility.changes.change import CannotCompareError, Change, Whom
from contracts.compatibility.changes.dataflow_changes import dataflow_changes
from contracts.compatibility.changes.known_pairs import MOST_REFUSALS
from contracts.compatibility.changes.refusals import Comparison, Refusal
from contracts.compatibility.changes.schema_document import SchemaDocument
from contracts.compatibility.changes.workflow_changes import workflow_changes

_KEYWORDS: Final = frozenset(
    {"$schema", "$id", "$defs", "$anchor", "definitions", *Draft202012Validator.VALIDATORS}
)


class Kind(enum.StrEnum):
    """What a document is."""

    DATAFLOW = "a dataflow"
    WORKFLOWS = "a workflows file"
    SCHEMA = "a message's schema"


def kind_of(name: str, document: object) -> Kind:
    """Return what a document is, by its keys.

    Raises:
        CannotCompareError: it is none of the kinds.
    """
    if isinstance(document, bool):
        return Kind.SCHEMA
    if isinstance(document, Mapping):
        if "workflows" in document and "$schema" not in document:
            return Kind.WORKFLOWS
        if "identities" in document or {"url", "username"} <= document.keys():
            return Kind.DATAFLOW
        if not document or not _KEYWORDS.isdisjoint(document):
            return Kind.SCHEMA
    expected = "; expected a dataflow, a workflows file, or a JSON Schema of messages"
    raise CannotCompareError(f"{name}: neither of what can be compared{expected}")


def same_kind(names: tuple[str, str], old: object, new: object) -> Kind:
    """Return what both documents are.

    Raises:
        CannotCompareError: they are of two kinds, or of none.
    """
    before, after = kind_of(names[0], old), kind_of(names[1], new)
    if before is not after:
        raise CannotCompareError(f"{names[0]} is {before}, and {names[1]} is {after}")
    return before


def changes(kind: Kind, names: tuple[str, str], old: Any, new: Any) -> list[Change]:  # noqa: ANN401  JSON
    """Return all changes between two valid documents of a kind, those that break somebody first.

    Raises:
        CannotCompareError: a part of them cannot be compared.
    """
    try:
        found = list(_changes(kind, names, old, new))
    except RecursionError:
        raise CannotCompareError(f"{names[0]} or {names[1]} is nested too deeply") from None
    return sorted(dict.fromkeys(found), key=lambda change: change.breaks is None)


def _changes(kind: Kind, names: tuple[str, str], old: Any, new: Any) -> Iterator[Change]:  # noqa: ANN401  JSON
    match kind:
        case Kind.DATAFLOW:
            return dataflow_changes(old, new)
        case Kind.WORKFLOWS:
            return workflow_changes(old["workflows"], new["workflows"])
    return _schema_changes(SchemaDocument(names[0], old), SchemaDocument(names[1], new))


def _schema_changes(old: SchemaDocument, new: SchemaDocument) -> Iterator[Change]:
    found = list(Comparison(old, new).refusals(old.root, new.root))
    for place, text in found:
        told = f"the new schema {text}: what could be sent before may be refused"
        yield Change(place, told, Whom.SENDER)
    yield from _more(found, Whom.SENDER)
    found = list(Comparison(new, old).refusals(new.root, old.root))
    for place, text in found:
        told = f"only the old schema {text}: what never came before may come"
        yield Change(place, told, Whom.RECEIVER)
    yield from _more(found, Whom.RECEIVER)


def _more(found: Sequence[Refusal], whom: Whom) -> Iterator[Change]:
    if len(found) == MOST_REFUSALS:
        yield Change("$", f"only the first {MOST_REFUSALS:,} of these places are listed", whom)
