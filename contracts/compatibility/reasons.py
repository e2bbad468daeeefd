"""Why a path is not fed by every message: the place where it ends, or what may be missing. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
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
from contracts.compatibility.paths.selection import compiled, selected
from contracts.compatibility.shape import Array, Object, Shape, Why, described
from contracts.violations import json_path

_MOST_PLACES: Final = 1_000
_SEVERAL: Final = Why("several", "none of what it may select is in every message")
_FILTER: Final = Why("filter", "its filter or slice takes nothing that a message can have")


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
            whys = [child.why for child in taken if child.why]
            return whys[0] if whys else _dead_end(places, segments[position:], flow)
        optional = _doubt(present) or optional
        places = [child.place for child in present]
    return _FILTER if selected(path, message) is NEVER else optional or _SEVERAL


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
        return _no_member(place, tuple(_names(segments)), flow)
    if isinstance(place.shape, Array) and isinstance(selector, NameSelector):
        return Why("wrong-type", f"{place} is a list: [0] or [*] reaches its items")
    if isinstance(place.shape, Array):
        return Why("list-index", f"{place} has {len(place.shape.first)} items")
    if isinstance(place.shape, Object) and place.shape.present:
        return Why("wrong-type", f"{place} is an object, which has names and no numbers")
    return Why("wrong-type", f"{place} is {described(place.shape)}: there is nothing below it")


def _names(segments: Iterable[JSONPathSegment]) -> Iterator[str]:
    """Yield the names with which a path goes on, up to anything else than a name."""
    for segment in segments:
        selector = segment.selectors[0]
        if not isinstance(selector, NameSelector) or len(segment.selectors) > 1:
            return
        yield selector.name


def _no_member(place: Place, names: tuple[str, ...], flow: MappedDataflow) -> Why:
    parts, name = place.parts, (*names, "one of these names")[0]
    match parts[:1]:
        case ("identityMap",) if len(parts) == 1:
            keys = ", ".join(dict.fromkeys(map(flow.key_of, flow.identities)))
            return Why("unmapped", f"no mapped identity has the key {name}: there is {keys}")
        case ("identityMap",):
            return Why("excluded", f"{place} has only its id: nothing else is exported (A-MSG-1)")
        case ("segmentMembership",):
            return _no_audience(place, name)
    if not names:
        return Why("unmapped", f"{place} has none of these names")
    return _no_attribute((*parts, *names), flow)


def _no_audience(place: Place, name: str) -> Why:
    match len(place.parts):
        case 1:
            return Why("excluded", f"people audiences (ups) are exported, not {name} (A-EXP-5)")
        case 2:
            return Why("unmapped", f"the audience {name} is not mapped")
    return Why("excluded", f"{place} has only lastQualificationTime and status (A-MSG-2)")


def _no_attribute(parts: tuple[str | int, ...], flow: MappedDataflow) -> Why:
    dotted = ".".join(map(str, parts))
    text = f"no attribute has the target {dotted}"
    moved = next((a.target for a in flow.attributes if a.source == dotted), None)
    if moved is not None:
        return Why("unmapped", f"{text}: {dotted} is mapped to {moved}")
    close = get_close_matches(dotted, [a.target for a in flow.attributes])
    hint = f" (did you mean {close[0]}?)" if close else ""
    return Why("unmapped", text + hint)
