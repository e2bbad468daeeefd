"""Why a path is not fed by every message: the place where it ends, or what may be missing. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import (
    FilterSelector,
    IndexSelector,
    JSONPathSelector,
    NameSelector,
    SliceSelector,
)

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.missing_members import why_missing
from contracts.compatibility.paths.selection import compiled, selected
from contracts.compatibility.shape import Array, Object, Shape, Why, described
from contracts.counts import counted
from contracts.dataflow_rules import RESERVED_FIELDS
from contracts.violations import json_path

_MOST_PLACES: Final = 1_000
_SEVERAL: Final = Why("several", "none of what it may select is in every message")
_FILTER: Final = Why("filter", "its filter or slice takes nothing that a message can have")
_BY_VALUE: Final = Why("filter", "what its filter takes depends on values")


class Place(NamedTuple):
    """Somewhere in a message."""

    parts: tuple[str | int, ...]
    shape: Shape

    def __str__(self) -> str:
        return json_path(self.parts)


class _Child(NamedTuple):
    place: Place
    presence: Certainty
    why: Why | None
    parent: Object | Array


def ends_of(path: str, message: Shape) -> list[Place]:
    """Return the places that a path may select in a message, not beyond a bound."""
    places = [Place((), message)]
    for segment in compiled(path):
        places = [child.place for child in _taken(places, segment) if child.presence is not NEVER]
    return places


def why_not_always(path: str, message: Shape, flow: MappedDataflow) -> Why:
    """Return why a path selects nothing of some messages, or of all.

    Args:
        path: a valid JSONPath that does not always select something.
        message: the shape of the message.
        flow: the mapping that made it.
    """
    places, optional = [Place((), message)], None
    segments = compiled(path)
    for position, segment in enumerate(segments):
        taken = _taken(places, segment)
        present = [child for child in taken if child.presence is not NEVER]
        if not present:
            names = list(_names(segments[position + 1 :]))
            whys = [why for child in taken if (why := _why_absent(child, names, flow))]
            return whys[0] if whys else _dead_end(places, segments[position:], flow)
        optional = _doubt(present) or optional
        places = [child.place for child in present]
    if selected(path, message) is NEVER:
        return _FILTER
    return optional or (_BY_VALUE if any(map(_filters, segments)) else _SEVERAL)


def _filters(segment: JSONPathSegment) -> bool:
    return any(isinstance(selector, FilterSelector) for selector in segment.selectors)


def _why_absent(
    child: _Child, names: Sequence[tuple[str, ...]], flow: MappedDataflow
) -> Why | None:
    """Return why something is never there, of what the path goes on to in it where that is known.

    An object is absent where all attributes in it are, each for a reason of its own.
    """
    place, why = child.place, child.why
    for number, step in enumerate(names):
        if len(step) > 1 or not isinstance(place.shape, Object):
            break
        member = place.shape.members.get(step[0])
        if member is None:
            is_attribute = place.parts[0] not in RESERVED_FIELDS
            return why_missing(place.parts, names[number:], flow) if is_attribute else why
        place, why = Place((*place.parts, step[0]), member.shape), member.why or why
    return why


def _doubt(taken: list[_Child]) -> Why | None:
    """Return why none of these may be there; None where one is."""
    parent = taken[0].parent
    of_one = sum(child.parent is parent for child in taken)
    if isinstance(parent, Object) and parent.never_empty and of_one == len(parent.present):
        return None
    whys = [child.why for child in taken if child.why]
    return whys[0] if len(whys) == len(taken) else None


def _taken(places: Iterable[Place], segment: JSONPathSegment) -> list[_Child]:
    """Return what a segment takes of these places; no part twice, and not beyond a bound."""
    if isinstance(segment, JSONPathRecursiveDescentSegment):
        places = _once(inner for place in places for inner in _descendants(place))
    found: dict[tuple[int, str | int], _Child] = {}
    for place in places:
        for child in _children(place):
            if len(found) < _MOST_PLACES and any(_may_take(s, child) for s in segment.selectors):
                found.setdefault((id(child.parent), child.place.parts[-1]), child)
    return list(found.values())


def _once(places: Iterable[Place]) -> Iterator[Place]:
    seen: set[int] = set()
    for place in places:
        if id(place.shape) not in seen:
            seen.add(id(place.shape))
            yield place


def _descendants(place: Place) -> Iterator[Place]:
    yield place
    for child in _children(place):
        if child.presence is not NEVER:
            yield from _descendants(child.place)


def _children(place: Place) -> Iterator[_Child]:
    parts, shape = place
    if isinstance(shape, Object):
        for name, member in shape.members.items():
            place = Place((*parts, name), member.shape)
            yield _Child(place, member.presence, member.why, shape)
    elif isinstance(shape, Array):
        more = Why("list-index", f"{place} may have fewer items")
        for index, (item, presence) in enumerate(shape.items()):
            why = None if presence is ALWAYS else more
            yield _Child(Place((*parts, index), item), presence, why, shape)


def _may_take(selector: JSONPathSelector, child: _Child) -> bool:
    last = child.place.parts[-1]
    if isinstance(selector, NameSelector):
        return selector.name == last
    if isinstance(selector, IndexSelector):
        return isinstance(last, int) and _may_be_at(selector.index, last, child)
    if isinstance(selector, SliceSelector):
        return isinstance(last, int)
    return True


def _may_be_at(index: int, last: int, child: _Child) -> bool:
    """Return whether an item may have an index; one that stands for all further items has many."""
    array = child.parent
    if isinstance(array, Array) and array.more is None:
        return index in (last, last - len(array.first))
    return index == last or index < 0 or child.presence is SOMETIMES


def _dead_end(
    places: list[Place], segments: Sequence[JSONPathSegment], flow: MappedDataflow
) -> Why:
    selector = segments[0].selectors[0]
    if not places or isinstance(selector, FilterSelector):
        return _FILTER
    place = next((p for p in places if isinstance(p.shape, Object | Array)), places[0])
    if isinstance(place.shape, Object) and isinstance(selector, NameSelector):
        return why_missing(place.parts, list(_names(segments)), flow)
    if isinstance(place.shape, Array) and isinstance(selector, NameSelector):
        return Why("wrong-type", f"{place} is a list: [0] or [*] reaches its items")
    if isinstance(place.shape, Array):
        items = counted(len(place.shape.first), "item")
        return Why("list-index", f"{place} has {items}")
    if isinstance(place.shape, Object) and place.shape.present:
        return Why("wrong-type", f"{place} is an object, which has names and no numbers")
    return Why("wrong-type", f"{place} is {described(place.shape)}: there is nothing below it")


def _names(segments: Iterable[JSONPathSegment]) -> Iterator[tuple[str, ...]]:
    """Yield the names with which a path goes on, up to a step without any."""
    for segment in segments:
        named = tuple(s.name for s in segment.selectors if isinstance(s, NameSelector))
        if not named:
            return
        yield named
