"""What differs between two JSON values, by JSONPath. Pure."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from contracts.exact_values import same_text
from contracts.violations import json_path

Json = Any
_MISSING: Final = object()


class Difference(NamedTuple):
    """A place where two values differ.

    Attributes:
        path: the place, a JSONPath.
        kind: ``only here``, ``only there`` or ``changed``.
        here: the value of the first one; None where it has none.
        there: the value of the second one; None where it has none.
    """

    path: str
    kind: str
    here: Json = None
    there: Json = None


def differences(here: Json, there: Json) -> list[Difference]:
    """Return the places where two JSON values differ, each as deep as possible.

    Members of objects are compared by name, entries of lists by place. Numbers are the same when
    their values are, as `contracts.exact_values` reads them.

    Example:
        >>> [(one.path, one.kind) for one in differences({"a": 1, "b": [1]}, {"a": 2, "b": [1, 2]})]
        [('$.a', 'changed'), ('$.b[1]', 'only there')]
    """
    found = []
    waiting: list[tuple[tuple[str | int, ...], Json, Json]] = [((), here, there)]
    while waiting:  # without recursion: an event may be nested deeply
        place, one, other = waiting.pop()
        inner = _inner(one, other)
        if inner is not None:
            waiting += [((*place, name), *pair) for name, *pair in reversed([*inner])]
        elif _differ(one, other):
            found.append(_difference(json_path(place), one, other))
    return found


def _inner(one: Json, other: Json) -> Iterator[tuple[str | int, Json, Json]] | None:
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        return ((name, one.get(name, _MISSING), other.get(name, _MISSING)) for name in names)
    if isinstance(one, list) and isinstance(other, list):
        return (
            (place, _entry(one, place), _entry(other, place))
            for place in range(max(len(one), len(other)))
        )
    return None


def _entry(entries: list[Json], place: int) -> Json:
    return entries[place] if place < len(entries) else _MISSING


def _differ(one: Json, other: Json) -> bool:
    if one is _MISSING or other is _MISSING:
        return True
    if isinstance(one, dict | list) or isinstance(other, dict | list):
        return True  # of two kinds: both of one kind are compared part by part
    return same_text(one) != same_text(other)


def _difference(path: str, one: Json, other: Json) -> Difference:
    if other is _MISSING:
        return Difference(path, "only here", here=one)
    if one is _MISSING:
        return Difference(path, "only there", there=other)
    return Difference(path, "changed", one, other)
