"""Compares two JSON values, numbers exactly. Pure."""

from decimal import Decimal
from typing import Any, Final

from contracts.conformance.recording import MISSING
from contracts.exact_json import HugeNumber

_LONGEST_SHOWN: Final = 60


def difference(expected: Any, found: Any, path: str = "$") -> str:  # noqa: ANN401  any JSON value
    """Return where two JSON values first differ, and how; empty when they are the same.

    Example:
        >>> difference({"n": 9007199254740993}, {"n": 9007199254740992})
        'at $.n: expected 9007199254740993, found 9007199254740992'
    """
    if found is MISSING:
        return ""
    if isinstance(expected, dict) and isinstance(found, dict):
        return _first_in_object(expected, found, path)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = zip(expected, found, strict=True)
        parts = (difference(*pair, f"{path}[{place}]") for place, pair in enumerate(pairs))
        return next(filter(None, parts), "")
    if _is_same_scalar(expected, found):
        return ""
    return f"at {path}: expected {_shown(expected)}, found {_shown(found)}"


def _first_in_object(expected: dict[str, Any], found: dict[str, Any], path: str) -> str:
    for name, value in expected.items():
        if name not in found:
            return f"at {path}.{name}: it is missing"
        if said := difference(value, found[name], f"{path}.{name}"):
            return said
    if extra := [name for name in found if name not in expected]:
        return f"at {path}.{extra[0]}: it was not to be sent"
    return ""


def _is_same_scalar(expected: object, found: object) -> bool:
    if _is_number(expected) and _is_number(found):
        return Decimal(str(expected)) == Decimal(str(found))
    return type(expected) is type(found) and expected == found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | HugeNumber) and not isinstance(value, bool)


def _shown(value: object) -> str:
    text = str(value) if _is_number(value) else ascii(value)
    return (
        text
        if len(text) <= _LONGEST_SHOWN
        else f"{text[:_LONGEST_SHOWN]}… ({len(text)} characters)"
    )
