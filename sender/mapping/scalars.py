"""Converts single values for a message: ids, attribute values, instants. Pure."""

import datetime as dt
import math
import re
from decimal import Decimal

from contracts.documents import MOST_BITS
from sender.text import instant_text

Scalar = str | int | float | bool

UNKNOWN_TIME = "1970-01-01T00:00:00.000000Z"
"""Placeholder for a ``lastQualificationTime`` that the profile lacks."""

_HASH_LENGTHS = frozenset({32, 40, 64, 128})
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_UTC_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_WIDEST_DECIMAL_DIGITS = 76


def id_text(value: object) -> str:
    """Return an id as text; empty for anything but a text or a whole number."""
    if isinstance(value, str):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    return str(value) if _can_be_written(value) else ""


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
    return value.isoformat() if isinstance(value, dt.date | dt.time) else None


def _can_be_written(number: int) -> bool:
    return number.bit_length() <= MOST_BITS


def _number(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    is_whole = value.adjusted() < _WIDEST_DECIMAL_DIGITS and value == value.to_integral_value()
    return int(value) if is_whole else float(value)
