"""JSON values with exact numbers: read, compared, and said where they differ. Pure.

A float would take ``0.1000000000000000055`` for ``0.1``. So each number stays its text, and two of
them are the same when they have the same value: ``1.0`` and ``10e-1`` are.
"""

import json
import re
from itertools import takewhile
from operator import eq
from typing import Any, Final
from unicodedata import normalize

from contracts.exact_json import HugeNumber
from contracts.redaction import HIDDEN, names_a_secret
from contracts.violations import describe, json_path

_NUMBER: Final = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,18}))?")
_PLAIN: Final = (str, bool, type(None))


def exact_value(text: str | bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the value of a JSON text; each number is its text, a ``HugeNumber``.

    Of a key that stands twice in an object the last value counts, as on the wire.

    Raises:
        ValueError: it is no JSON, no UTF-8, or is nested too deeply; the message says which.
    """
    try:
        return _DECODER.decode(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def same_text(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return a text that two JSON values share exactly when they are the same.

    The order of an object's keys and the form of a number make no difference.

    Raises:
        TypeError: it is no JSON value.
        ValueError: it is nested too deeply.

    Example:
        >>> same_text({"b": 1.50, "a": 1}) == same_text(exact_value('{"a": 1.0, "b": 15e-1}'))
        True
    """
    try:
        return _text_of(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def first_difference(expected: Any, found: Any, place: tuple[str | int, ...] = ()) -> str:  # noqa: ANN401  JSON
    """Return where two JSON values differ first, and how; empty when they are the same.

    Example:
        >>> first_difference({"n": 9007199254740993}, {"n": 9007199254740992})
        '$.n: expected 9007199254740993, found 9007199254740992'
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        return _difference_of_objects(expected, found, place)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        said = (first_difference(*pair, (*place, number)) for number, pair in pairs)
        return next(filter(None, said), "")
    if same_text(expected) == same_text(found):
        return ""
    texts = (_shown(expected, place), _shown(found, place))
    alike = len({normalize("NFC", text) for text in texts}) == 1
    where = _where_texts_part(expected, found) if alike else ""
    return f"{json_path(place)}: expected {texts[0]}, found {texts[1]}{where}"


def _where_texts_part(expected: Any, found: Any) -> str:  # noqa: ANN401  any JSON value
    """Return at which character two texts differ that are shown alike: masked, cut, or accented."""
    if not (isinstance(expected, str) and isinstance(found, str)):
        return ""
    shared = sum(takewhile(bool, map(eq, expected, found)))
    return f" (they differ from character {shared + 1} on)"


def _difference_of_objects(
    expected: dict[str, Any], found: dict[str, Any], place: tuple[str | int, ...]
) -> str:
    for name, value in expected.items():
        if name not in found:
            inner = (*place, name)
            return f"{json_path(inner)}: expected {_shown(value, inner)}, found nothing"
        if said := first_difference(value, found[name], (*place, name)):
            return said
    for name in (name for name in found if name not in expected):
        inner = (*place, name)
        return f"{json_path(inner)}: expected nothing, found {_shown(found[name], inner)}"
    return ""


def _text_of(value: Any) -> str:  # noqa: ANN401  any JSON value
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)}:{_text_of(value[name])}" for name in sorted(value))
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_text_of, value))}]"
    if isinstance(value, HugeNumber):
        return _number(value)
    if isinstance(value, _PLAIN):
        return json.dumps(value)
    if isinstance(value, int | float):
        return _number(json.dumps(value))
    raise TypeError(f"found {type(value).__name__}, expected a JSON value")


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:  # NaN, or an exponent that no number has
        return text
    sign, whole, fraction, exponent = match.groups(default="")
    digits = (whole + fraction).lstrip("0")
    kept = digits.rstrip("0")
    if not kept:
        return "0"
    power = int(exponent or 0) - len(fraction) + len(digits) - len(kept)
    return f"{sign}{kept}e{power}"


def _shown(value: object, place: tuple[str | int, ...]) -> str:
    if any(isinstance(name, str) and names_a_secret(name) for name in place):
        return HIDDEN
    return str(value) if isinstance(value, HugeNumber) else describe(value)


_DECODER: Final = json.JSONDecoder(parse_int=HugeNumber, parse_float=HugeNumber)
