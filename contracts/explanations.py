"""Turns a JSON Schema error into violations that people can read.

The texts are made from the schema's keywords. A schema can give a better text with the annotation
``x-expected``, and hide a value with ``x-secret``. :mod:`contracts.validation` runs the validators.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import Any, Final

from jsonschema.exceptions import ValidationError

from contracts.json_path import NoJsonPathError
from contracts.redaction import HIDDEN, names_a_secret
from contracts.violations import MISSING, Violation, json_path

Schema = Mapping[str, Any]

_TYPES: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def explain(error: ValidationError) -> Iterator[Violation]:
    """Yield the violations of one validator error.

    An error about several keys becomes one violation per key. An error about alternatives is
    explained by the alternative that fits best, unless the schema says itself what is expected.
    """
    match error.validator:
        case "required":
            yield from _missing_keys(error)
        case "additionalProperties" if not isinstance(error.validator_value, Mapping):
            yield from _unknown_keys(error)
        case "oneOf" | "anyOf" if error.context and "x-expected" not in _schema_of(error):
            yield from _closest_alternative(error.context)
        case _:
            yield _plain(error)


def _plain(error: ValidationError) -> Violation:
    schema = _schema_of(error)
    path = list(error.absolute_path)
    value = HIDDEN if schema.get("x-secret") else error.instance
    if "propertyNames" in list(error.relative_schema_path)[-3:-1]:
        return Violation(json_path([*path, str(value)]), value, f"as key {_expected(error)}")
    return Violation(json_path(path), value, _expected(error))


def _missing_keys(error: ValidationError) -> Iterator[Violation]:
    # A validator makes one error per missing key, but names the key only in its message. So all
    # missing keys are reported for each of these errors; duplicates are removed later.
    for key in _demand(error):
        if key not in _instance(error):
            path = json_path([*error.absolute_path, key])
            yield Violation(path, MISSING, "a value: this key is required")


def _unknown_keys(error: ValidationError) -> Iterator[Violation]:
    known = _schema_of(error).get("properties", {})
    for key, value in _instance(error).items():
        if key not in known:
            shown = HIDDEN if names_a_secret(key) else value
            path = json_path([*error.absolute_path, key])
            yield Violation(path, shown, _known_keys(key, known))


def _known_keys(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, list(known), n=1)
    hint = f' (did you mean "{close[0]}"?)' if close else ""
    return f"no key of this name{hint}: known are {_quoted(known)}"


def _closest_alternative(context: Sequence[ValidationError]) -> Iterator[Violation]:
    ordered = sorted(context, key=_alternative)
    alternatives = [list(errors) for _, errors in groupby(ordered, key=_alternative)]
    fitting = [errors for errors in alternatives if not any(map(_is_wrong_kind, errors))]
    kinds = [error for error in ordered if _is_wrong_kind(error)]
    if kinds and not fitting:
        yield _no_such_kind(kinds)
        yield from _wrong_in_all(alternatives)
        return
    for error in min(fitting or alternatives, key=len):
        yield from explain(error)


def _no_such_kind(errors: Sequence[ValidationError]) -> Violation:
    known = [value for error in errors for value in _allowed(error)]
    first = errors[0]
    return Violation(json_path(first.absolute_path), first.instance, f"one of {_quoted(known)}")


def _wrong_in_all(alternatives: Sequence[Sequence[ValidationError]]) -> Iterator[Violation]:
    """Yield the violations that all alternatives have in common, whatever the kind."""
    violations = [
        {(v.path, v.expected): v for e in errors if not _is_wrong_kind(e) for v in explain(e)}
        for errors in alternatives
    ]
    yield from (v for key, v in violations[0].items() if all(key in other for other in violations))


def _is_wrong_kind(error: ValidationError) -> bool:
    """Return whether the value's `kind` belongs to another alternative."""
    return error.validator in {"const", "enum"} and list(error.relative_path) == ["kind"]


def _alternative(error: ValidationError) -> int:
    return int(error.relative_schema_path[0])


def _allowed(error: ValidationError) -> list[object]:
    return list(_demand(error)) if error.validator == "enum" else [_demand(error)]


def _demand(error: ValidationError) -> Any:  # noqa: ANN401  a keyword's value has any type
    return error.validator_value


def _instance(error: ValidationError) -> Any:  # noqa: ANN401  any JSON value
    return error.instance


def _schema_of(error: ValidationError) -> Schema:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _expected(error: ValidationError) -> str:
    schema = _schema_of(error)
    keyword = str(error.validator)
    if keyword in _ANNOTATED and "x-expected" in schema:
        reason = _reason(error)
        return f"{schema['x-expected']}{reason and ': '}{reason}"
    sentence = _SENTENCES.get(keyword)
    return sentence(_demand(error)) if sentence else f'what "{keyword}" demands'


def _reason(error: ValidationError) -> str:
    if error.validator == "maxLength":
        return f"longer than {_demand(error):,} characters"
    return str(error.cause) if isinstance(error.cause, NoJsonPathError) else ""


def _quoted(values: Iterable[object]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _types(names: str | list[str]) -> str:
    return " or ".join(_TYPES[name] for name in ([names] if isinstance(names, str) else names))


def _counted(bound: str, noun: str) -> Callable[[int], str]:
    return lambda count: f"{bound} {count} {noun}{'' if count == 1 else 's'}"


_ANNOTATED: Final = {
    "anyOf",
    "const",
    "pattern",
    "format",
    "maxLength",
    "minProperties",
    "maxProperties",
}
_SENTENCES: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _types,
    "enum": lambda values: f"one of {_quoted(values)}",
    "const": lambda value: _quoted([value]),
    "minimum": lambda bound: f"at least {bound}",
    "maximum": lambda bound: f"at most {bound}",
    "exclusiveMinimum": lambda bound: f"more than {bound}",
    "minLength": _counted("a text of at least", "character"),
    "minItems": _counted("at least", "item"),
    "maxItems": _counted("at most", "item"),
    "uniqueItems": lambda _: "items that all differ",
    "minProperties": _counted("at least", "key"),
    "maxProperties": _counted("at most", "key"),
    "pattern": lambda pattern: f"a text of the form {pattern}",
    "format": lambda name: f"a text in the format {name}",
}
