"""Names of settings and counts in errors as tests write them, in snake_case. Pure."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from mock_qualtrics.errors import (
    InvalidEventError,
    InvalidFaultError,
    InvalidSettingsError,
    MockError,
)
from mock_qualtrics.tenants.key_case import USERS_OWN, snake_case

_VIOLATION: Final = re.compile(r"(.*?): found (.*), expected (.*)", re.DOTALL)
_NAME: Final = re.compile(r"\b[a-z]+(?:[A-Z][a-z]*)+\b")
_ALIKE: Final = 0.5  # sucess and succeeded are
_SEGMENT: Final = re.compile(r"\.([A-Za-z]+)")
_REWORDED: Final = (InvalidSettingsError, InvalidFaultError, InvalidEventError)


def reworded(error: MockError) -> MockError:
    """Return an error about settings with their names in snake_case; another one as it is."""
    kind = type(error)
    if isinstance(error, InvalidSettingsError) and kind in _REWORDED:
        return kind([in_python(str(reason)) for reason in error.violations])
    return error


def in_python(violation: str) -> str:
    """Return a violation with the names of settings in snake_case; values stay as they are.

    Example:
        >>> in_python('$.startAt: found "now", expected an instant')
        '$.start_at: found "now", expected an instant'
    """
    match = _VIOLATION.fullmatch(violation)
    if match is None:
        return violation
    place, found, expected = match.groups()
    return f"{_place(place)}: found {found}, expected {_NAME.sub(_known_name, expected)}"


def closest(given: str, names: list[str]) -> str:
    """Return `` (did you mean …?)`` for a name that is nearly one of these, else nothing."""
    close = get_close_matches(given, names, n=1, cutoff=_ALIKE)
    return f" (did you mean {close[0]}?)" if close else ""


def _place(place: str) -> str:
    """Return a place with its keys in snake_case, up to the user's own JSON."""
    own = min((place.find(f".{key}.") + 1 or len(place) for key in USERS_OWN), default=len(place))
    head, rest = place[:own], place[own:]
    return _SEGMENT.sub(lambda match: f".{snake_case(match[1])}", head) + rest


def _known_name(match: re.Match[str]) -> str:
    return snake_case(match[0]) if match[0] in _settings_names() else match[0]


@cache
def _settings_names() -> frozenset[str]:
    from contracts.validation import schema, shared_parts  # noqa: PLC0415  only an error needs them

    schemas = [schema(name) for name in ("tenant-settings", "workflow-settings", "fault")]
    return frozenset(_keys([*schemas, shared_parts()]))


def _keys(value: Any) -> Iterator[str]:  # noqa: ANN401  any part of a schema
    if isinstance(value, dict):
        yield from value.get("properties", ())
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
