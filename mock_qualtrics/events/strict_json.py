"""Parse a body strictly by RFC 8259, without loss of large numbers.

The standard library's parser is made strict: UTF-8 only, no byte order mark, no ``NaN`` or
``Infinity``, no nesting beyond ``DEEPEST_NESTING``, no lone surrogate. Numbers of any size are
read. The gate and later readers of a stored event use this same module, so that they agree.
"""

import json
from typing import Any, NamedTuple, Never

from contracts.exact_json import HugeNumber, any_float, any_integer

__all__ = ["DEEPEST_NESTING", "Document", "HugeNumber", "NotJsonError", "has_huge_number", "read"]

DEEPEST_NESTING = 500
_SHORTEST_DEEP = 2 * (DEEPEST_NESTING + 1)  # characters: each level is opened and closed


class NotJsonError(ValueError):
    """A body is no JSON document. The message says why, without quoting the body."""


class Document(NamedTuple):
    """A parsed document.

    Attributes:
        value: the root value. The last value of a repeated key counts.
        duplicate_keys: whether any object repeats a key.
    """

    value: Any
    duplicate_keys: bool = False


def has_huge_number(root: object) -> bool:
    """Return whether there is a number in a value that is too large, or has too many digits."""
    to_visit = [root]
    while to_visit:
        value = to_visit.pop()
        if isinstance(value, HugeNumber):
            return True
        if isinstance(value, dict):
            to_visit += value.values()
        elif isinstance(value, list):
            to_visit += value
    return False


class _DuplicateKeyError(Exception):
    """Stops a decoder that does not allow duplicate keys; never leaves this module."""


def read(body: bytes) -> Document:
    """Parse a body.

    Raises:
        NotJsonError: the body is not strict JSON.
    """
    text = _decode(body)
    try:
        document = _read_text(text)
    except RecursionError:
        raise NotJsonError(f"nesting deeper than {DEEPEST_NESTING}") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    _refuse_unusable_values(document.value, text)
    return document


def read_again(body: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the root value of a body that `read` has accepted, for half the price.

    Raises:
        NotJsonError: it never was.
    """
    try:
        return _decoded(_PLAIN, body.decode())
    except (ValueError, RecursionError):  # more digits than int() accepts, or no such body
        return read(body).value


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
    # Nearly every body passes the first decoder, which keeps the C parser's own int conversion.
    try:
        return Document(_decoded(_FAST, text))
    except _DuplicateKeyError:
        return Document(_TOLERANT.decode(text), duplicate_keys=True)
    except (NotJsonError, json.JSONDecodeError):  # both are ValueErrors too
        raise
    except ValueError:  # more digits than int() accepts
        return Document(_TOLERANT.decode(text), duplicate_keys=_has_duplicate_keys(text))


def _decoded(decoder: json.JSONDecoder, text: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what `decode` returns, without its search for blanks where there are none."""
    try:
        value, end = decoder.scan_once(text, 0)  # type: ignore[attr-defined]
    except StopIteration:
        end = -1
    return value if end == len(text) else decoder.decode(text)


def _has_duplicate_keys(text: str) -> bool:
    try:
        _UNIQUE_KEYS.decode(text)
    except _DuplicateKeyError:
        return True
    return False


def _refuse_unusable_values(value: object, text: str) -> None:
    # The searches of the text are cheap and rule nearly every body out of the slow checks.
    if len(text) >= _SHORTEST_DEEP and _opened(text) > DEEPEST_NESTING and _is_deep(value):
        raise NotJsonError(f"nesting deeper than {DEEPEST_NESTING}")
    if "\\u" in text and _has_lone_surrogate(value):
        raise NotJsonError("a lone surrogate in a string")


def _opened(text: str) -> int:
    return text.count("{") + text.count("[")


def _has_lone_surrogate(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _is_deep(root: object) -> bool:
    depth, layer = 0, [root]
    while layer := [value for value in layer if isinstance(value, dict | list)]:
        depth += 1
        layer = [
            inner
            for value in layer
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return depth > DEEPEST_NESTING


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise _DuplicateKeyError
    return unique


def _refuse_constant(name: str) -> Never:
    raise NotJsonError(f"{name} is no JSON value")  # NaN, Infinity or -Infinity


_FAST = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=any_float
)
_PLAIN = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=any_float)
_TOLERANT = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_int=any_integer, parse_float=any_float
)
_UNIQUE_KEYS = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=any_integer
)
