"""Converts single values for a message: ids, attribute values, instants. Pure."""

import datetime as dt
import math
import operator
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, SupportsIndex, TypeGuard, cast

from contracts.documents import MOST_BITS
from sender.text import instant_text

Scalar = str | int | float | bool

UNKNOWN_TIME = "1970-01-01T00:00:00.000000Z"
"""Placeholder for a ``lastQualificationTime`` that the profile lacks."""

_HASH_LENGTHS = frozenset({32, 40, 64, 128})
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_UTC_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_WIDEST_DECIMAL_DIGITS = 76
_MOST_ID_DIGITS = 4_300


class WrittenFloat(float):
    """A number of JSON with a point or an exponent that looks whole, with the digits as written.

    As an attribute it is the float; as an id it is exact, whatever a float can hold.

    Attributes:
        text: the number as it was written.

    Example:
        >>> WrittenFloat.read("12345678901234567890.0").text
        '12345678901234567890.0'
        >>> type(WrittenFloat.read("0.5")).__name__
        'float'
    """

    __slots__ = ("text",)
    text: str

    @classmethod
    def read(cls, text: str) -> float:
        """Return a number; one that may be whole keeps its text."""
        value = float(text)
        if not (value.is_integer() or math.isinf(value)):
            return value
        written = cls(value)
        written.text = text
        return written


def id_text(value: object) -> str:
    """Return an id as text; empty for what cannot be one.

    Ids are texts, UUIDs and whole numbers, as exact decimal text: integers of any width, decimals,
    and numbers of JSON that were written with a point or an exponent (``1e3``). Other floats are
    no ids, because they may have lost digits.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    number = whole_number(value)
    return str(number) if number is not None and _can_be_written(number) else ""


def whole_number(value: object) -> int | None:
    """Return a number without a fraction, exactly; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, WrittenFloat):
            value = Decimal(value.text)
        if isinstance(value, Decimal):
            return _whole(value)
        return operator.index(cast("SupportsIndex", value))  # whatever counts as an integer
    except (TypeError, InvalidOperation):
        return None


def is_hashed(text: str) -> bool:
    """Return whether an e-mail counts as hashed: 32, 40, 64 or 128 hex digits (A-MAP-2)."""
    return len(text) in _HASH_LENGTHS and _HEX_DIGITS.issuperset(text)


def utc_text(value: object) -> str | None:
    """Return an instant as in a message: UTC with microseconds and ``Z`` (A-MSG-2).

    Args:
        value: an ISO 8601 text or a ``datetime``; without an offset it is UTC.

    Returns:
        The text; None when the value is not an instant.
    """
    try:
        if isinstance(value, str):
            instant = dt.datetime.fromisoformat(value)
            if _UTC_TEXT.fullmatch(value):  # already in that form, as nearly always
                return value
        elif isinstance(value, dt.datetime):
            instant = value
        else:
            return None
        return instant_text(instant)
    except (ValueError, OverflowError):
        return None


def scalar(value: object) -> Scalar | None:
    """Return a value as it is exported in an attribute; None if it is not exported (A-MAP-3)."""
    if isinstance(value, Decimal):
        value = _number(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if _can_be_written(value) else None
    if isinstance(value, str):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else None


def _can_be_written(number: int) -> bool:
    return number.bit_length() <= MOST_BITS


def _whole(value: Decimal) -> int | None:
    if not value.is_finite() or value.adjusted() >= _MOST_ID_DIGITS:
        return None
    whole = value.to_integral_value()
    return int(whole) if value == whole else None


def _number(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    is_whole = value.adjusted() < _WIDEST_DECIMAL_DIGITS and value == value.to_integral_value()
    return int(value) if is_whole else float(value)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is a mapping, fast where it is a dict."""
    # Nearly every mapping is a dict, and to ask an abstract class takes several times as long.
    return value.__class__ is dict or isinstance(value, Mapping)
