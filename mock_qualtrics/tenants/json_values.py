"""Find the values in a settings document that JSON does not have, or UTF-8 cannot carry. Pure.

A document from Python or TOML may hold them. Stored, they would end later: a run, an answer, or the
next start of the server.
"""

import math
import sys
from collections.abc import Iterator, Mapping

from contracts.terminal import printable
from contracts.violations import describe, json_path

_WORDS = "expected text without lone surrogates"
_Place = tuple[str | int, ...]


def reasons(document: object) -> list[str]:
    """Return a reason for each such value: its place, what was found, what was expected.

    The nesting must have been judged before: the search goes as deep as the document.
    """
    return [f"{printable(json_path(place))}: {reason}" for place, reason in _found(document, ())]


def _found(value: object, place: _Place) -> Iterator[tuple[_Place, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if reason := _bad_key(key):
                yield place, reason
            else:
                yield from _found(item, (*place, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _found(item, (*place, index))
    elif reason := _bad_scalar(value):
        yield place, reason


def _bad_key(key: object) -> str | None:
    if not isinstance(key, str):
        return f"found the key {key!r}, expected a text"
    return None if _is_utf_8(key) else f"found the key {describe(key)}, {_WORDS}"


def _bad_scalar(value: object) -> str | None:
    match value:
        case None | bool():
            return None
        case str():
            return None if _is_utf_8(value) else f"found {describe(value)}, {_WORDS}"
        case int():
            return _bad_integer(value)
        case float():
            wrong = f"found {value}, expected a number that JSON has"
            return None if math.isfinite(value) else wrong
    return f"found a {type(value).__name__}, expected a JSON value"


def _bad_integer(value: int) -> str | None:
    most = sys.get_int_max_str_digits()
    if not most or value.bit_length() * math.log10(2) < most:
        return None
    return f"found {describe(value)}, expected one of fewer than {most} digits"


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
