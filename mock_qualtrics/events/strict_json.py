"""Judge a body by RFC 8259, and read it without losing what other parsers lose.

The standard library reads it, held to the letter: UTF-8 only, no byte order mark, no ``NaN`` or
``Infinity``, no nesting beyond a stated depth, no lone surrogate. Numbers of any size are read.
The gate and whoever reads a stored event later share this module, so that both read the same.
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any, Never

DEEPEST_NESTING = 500


class NotJsonError(ValueError):
    """A body is no JSON document; the message says why, and quotes nothing of the body."""


class HugeNumber(str):
    """A number that the interpreter cannot hold, for its digits or its exponent: as it came."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read.

    Attributes:
        value: the root; of a duplicate key, the last one won.
        duplicate_keys: whether any object repeats a key.
    """

    value: Any
    duplicate_keys: bool = False


class _DuplicateKeyError(Exception):
    """Ends the quick reading; never leaves this module."""


def read(body: bytes) -> Document:
    """Return the document that the body holds.

    Raises:
        NotJsonError: with the reason in a few words.
    """
    text = _decode(body)
    try:
        document = _read_text(text)
    except RecursionError:
        raise NotJsonError(f"nesting deeper than {DEEPEST_NESTING}") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    _refuse_what_cannot_be_handed_on(document.value, text)
    return document


def _decode(body: bytes) -> str:
    if not body:
        raise NotJsonError("the body is empty")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"invalid UTF-8 at byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise NotJsonError("a byte order mark before the document")
    return text


def _read_text(text: str) -> Document:
    try:
        return Document(_QUICK.decode(text))
    except _DuplicateKeyError:
        return Document(_PATIENT.decode(text), duplicate_keys=True)
    except (NotJsonError, json.JSONDecodeError):
        raise
    except ValueError:  # more digits than int() takes
        return Document(_PATIENT.decode(text), duplicate_keys=_has_duplicate_keys(text))


def _has_duplicate_keys(text: str) -> bool:
    try:
        _SEARCHING.decode(text)
    except _DuplicateKeyError:
        return True
    return False


def _refuse_what_cannot_be_handed_on(value: object, text: str) -> None:
    if text.count("{") + text.count("[") > DEEPEST_NESTING and _depth(value) > DEEPEST_NESTING:
        raise NotJsonError(f"nesting deeper than {DEEPEST_NESTING}")
    if "\\u" in text and _has_lone_surrogate(value):
        raise NotJsonError("a lone surrogate in a string")


def _has_lone_surrogate(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _depth(root: object) -> int:
    depth, layer = 0, [root]
    while layer := [value for value in layer if isinstance(value, dict | list)]:
        depth += 1
        layer = [
            inner
            for value in layer
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return depth


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise _DuplicateKeyError
    return unique


def _refuse_constant(name: str) -> Never:
    raise NotJsonError(f"{name} is no JSON value")


def _any_integer(digits: str) -> int | HugeNumber:
    try:
        return int(digits)
    except ValueError:
        return HugeNumber(digits)


def _any_float(text: str) -> float | HugeNumber:
    number = float(text)
    return number if isfinite(number) else HugeNumber(text)


_QUICK = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_any_float
)
_PATIENT = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_int=_any_integer, parse_float=_any_float
)
_SEARCHING = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_any_integer
)
