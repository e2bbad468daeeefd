"""Validates a JSON value against one of the package's schemas and returns all problems.

Validators are compiled once and kept. :mod:`contracts.documents` reads files, and
:mod:`contracts.explanations` words the violations.
"""

import json
import re
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from contracts import json_path
from contracts.errors import UnknownSchemaError
from contracts.explanations import explain
from contracts.json_path import NoJsonPathError
from contracts.violations import LARGEST_SHOWN_BITS, MISSING, Violation

__all__ = ["MISSING", "Violation", "load", "schema", "schema_names", "shared_parts", "validate"]

_SUFFIX: Final = ".schema.json"
_SHARED_PARTS: Final = "definitions"


def validate(instance: Any, schema_name: str) -> list[Violation]:  # noqa: ANN401  any JSON value
    """Return all violations of a schema by a JSON value; an empty list if it is valid.

    Args:
        instance: a value as ``json.loads`` or :func:`contracts.documents.read_documents` makes it.
        schema_name: one of :func:`schema_names`.

    Raises:
        UnknownSchemaError: there is no schema of that name.

    Example:
        >>> [str(v) for v in validate({"enabled": "no"}, "workflow-patch")]
        ['$.enabled: found "no", expected true or false']
    """
    validator = _validator(schema_name)
    try:
        try:
            return _violations(validator, instance)
        except ValueError:  # a whole number that is too large to print
            return _violations(validator, _with_printable_integers(instance))
    except RecursionError:
        return [Violation("$", instance, "a value that is not nested so deeply")]


def load() -> None:
    """Read all schemas now, for a caller that must not need the file system later."""
    _registry()


@cache
def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas, sorted."""
    return tuple(sorted(name for name in _documents() if name != _SHARED_PARTS))


def schema(name: str) -> Mapping[str, Any]:
    """Return a schema as it is stored, with its references unresolved; do not change it.

    Raises:
        UnknownSchemaError: there is no schema of that name.
    """
    if name not in schema_names():
        raise UnknownSchemaError(name, schema_names())
    return _documents()[name]


def shared_parts() -> Mapping[str, Any]:
    """Return the parts that several schemas refer to, by their names; do not change them."""
    parts: Mapping[str, Any] = _documents()[_SHARED_PARTS]["$defs"]
    return parts


def _violations(validator: Validator, instance: Any) -> list[Violation]:  # noqa: ANN401  JSON
    violations = [v for error in validator.iter_errors(instance) for v in explain(error)]
    return list({(v.path, v.expected): v for v in violations}.values())  # without duplicates


class _HugeInteger(int):
    """An integer that can be printed: jsonschema uses repr in its errors, which fails for these."""

    def __repr__(self) -> str:
        return f"<integer of {self.bit_length()} bits>"


def _with_printable_integers(value: Any) -> Any:  # noqa: ANN401  any JSON value
    match value:
        case dict():
            return {key: _with_printable_integers(inner) for key, inner in value.items()}
        case list():
            return [_with_printable_integers(inner) for inner in value]
        case int() if value.bit_length() > LARGEST_SHOWN_BITS:
            return _HugeInteger(value)
        case _:
            return value


@cache
def _documents() -> Mapping[str, Mapping[str, Any]]:
    folder = files("contracts") / "schemas"
    return {
        entry.name.removesuffix(_SUFFIX): json.loads(entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(_SUFFIX)
    }


@cache
def _registry() -> Registry[Any]:
    # References between schemas are file names, so the files need no ids: linters and generators
    # would look for an id's host.
    resources = {
        name + _SUFFIX: DRAFT202012.create_resource(document)
        for name, document in _documents().items()
    }
    return Registry().with_resources(resources.items())


@cache
def _validator(name: str) -> Validator:
    validator: Validator = _StrictValidator(
        schema(name), registry=_registry(), format_checker=_formats()
    )
    return validator


def _is_number(_: TypeChecker, value: object) -> bool:
    # JSON has no NaN or infinity, but TOML does, and NaN would pass every minimum and maximum.
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_: Validator, pattern: str, value: object, __: object) -> Any:  # noqa: ANN401  jsonschema's
    if isinstance(value, str) and not _compiled(pattern).search(value):
        yield ValidationError(f"no match for {pattern}")


def _unique_items(validator: Validator, wanted: bool, value: object, part: Any) -> Any:  # noqa: ANN401  jsonschema's
    # jsonschema compares each item with each other one: of long lists only if two may be equal.
    if wanted and isinstance(value, list) and len(set(map(_hashable, value))) < len(value):
        yield from Draft202012Validator.VALIDATORS["uniqueItems"](validator, wanted, value, part)


def _hashable(value: object) -> Hashable:
    """Return what is equal for equal JSON values."""
    match value:
        case dict():
            return frozenset((name, _hashable(inner)) for name, inner in value.items())
        case list():
            return tuple(map(_hashable, value))
        case _:
            return value


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # In JSON Schema `$` matches only at the end; in Python also before a final line break.
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))


@cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_date)
    checker.checks("date-time", raises=ValueError)(_is_instant)
    checker.checks("json-path", raises=NoJsonPathError)(_is_path)
    return checker


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def _is_path(value: object) -> bool:
    if isinstance(value, str):
        json_path.check(value)
    return True


_StrictValidator: Final = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern, "uniqueItems": _unique_items},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)
