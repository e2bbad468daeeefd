"""Reads and writes JSON whose numbers may be larger than Python can hold.

Python turns at most 4,300 digits into an ``int``, and a float ends at 1.8e308; JSON has no such
limits. Somebody else's event must neither raise nor change because of them.
"""

import json
from math import isfinite
from typing import Any, Final


class HugeNumber(str):
    """The text of a number with too many digits or too large an exponent for Python."""

    __slots__ = ()


def loads(text: str | bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the value of a JSON text, with each number that Python cannot hold as `HugeNumber`.

    Raises:
        ValueError: the text is no JSON, no UTF-8, or is nested too deeply; the message says which.
    """
    try:
        return _DECODER.decode(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def dumps(value: object) -> str:
    """Return a value that :func:`loads` returned as JSON in ASCII; each `HugeNumber` as a number.

    Example:
        >>> dumps(loads('{"n": 1e999, "m": "1e999"}'))
        '{"n": 1e999, "m": "1e999"}'
    """
    mark = "number"
    while mark in json.dumps(value):
        mark += "-"
    numbers: list[str] = []
    between = json.dumps(_marked(value, mark, numbers)).split(f'"{mark}"')
    pieces = [piece for pair in zip(between, [*numbers, ""], strict=True) for piece in pair]
    return "".join(pieces)


def any_integer(digits: str) -> int | HugeNumber:
    """Return an integer's value, or its text when Python cannot hold it."""
    try:
        return int(digits)
    except ValueError:
        return HugeNumber(digits)


def any_float(text: str) -> float | HugeNumber:
    """Return a float's value, or its text when it is beyond a float's range."""
    number = float(text)
    return number if isfinite(number) else HugeNumber(text)


def _marked(value: object, mark: str, numbers: list[str]) -> object:
    """Return the value with `mark` for each huge number, which is added to `numbers`."""
    if isinstance(value, HugeNumber):
        numbers.append(value)
        return mark
    if isinstance(value, dict):
        return {key: _marked(inner, mark, numbers) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(inner, mark, numbers) for inner in value]
    return value


_DECODER: Final = json.JSONDecoder(parse_int=any_integer, parse_float=any_float)
