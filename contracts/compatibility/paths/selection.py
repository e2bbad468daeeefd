"""How certain it is that a JSONPath (RFC 9535) selects something of a shape. Pure.

ALWAYS and NEVER are proved of every value that the shape stands for; what cannot be proved is
SOMETIMES. Parsing is the library's.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import jsonpath_rfc9535 as jsonpath
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import (
    FilterSelector,
    IndexSelector,
    JSONPathSelector,
    NameSelector,
    SliceSelector,
    WildcardSelector,
)

from contracts.compatibility.certainty import (
    ALWAYS,
    NEVER,
    SOMETIMES,
    Certainty,
    all_of,
    any_of,
    certainly,
    over_all,
)
from contracts.compatibility.paths.filter_tests import FilterTests
from contracts.compatibility.shape import Array, Object, Shape

Segments = Sequence[JSONPathSegment]
Satisfies = Callable[[Shape], Certainty]

_LARGEST_BOUND: Final = 100  # of a slice; beyond it nothing is proved


@lru_cache(maxsize=1024)
def compiled(path: str) -> Segments:
    """Return the segments of a valid path."""
    return tuple(jsonpath.compile(path).segments)


def anything(_: Shape) -> Certainty:
    """Be satisfied by any value."""
    return ALWAYS


def selected(path: str, root: Shape, satisfies: Satisfies = anything) -> Certainty:
    """Return how certain it is that a path selects at least one value that satisfies.

    Args:
        path: a valid JSONPath.
        root: the shape of the whole event.
        satisfies: how certain it is of a shape that its value does.
    """
    return Selection(root, satisfies).of(compiled(path), root)


class Selection:
    """Evaluates paths on the parts of one shape; each pair of both once.

    Args:
        root: the shape of the whole event.
        satisfies: how certain it is of a selected shape that it counts.
    """

    def __init__(self, root: Shape, satisfies: Satisfies = anything) -> None:
        self._satisfies = satisfies
        existing = self if satisfies is anything else Selection(root)
        self._filters = FilterTests(root, existing.of)
        self._known: dict[tuple[int, int, int, bool], Certainty] = {}

    def of(self, segments: Segments, shape: Shape, position: int = 0) -> Certainty:
        """Return how certain it is that the segments from a position on select what satisfies."""
        if position == len(segments):
            return self._satisfies(shape)
        descends = isinstance(segments[position], JSONPathRecursiveDescentSegment)
        return self._remembered(segments, position, shape, descends=descends)

    def _remembered(
        self, segments: Segments, position: int, shape: Shape, *, descends: bool
    ) -> Certainty:
        key = (id(segments), position, id(shape), descends)
        if key not in self._known:
            step = self._descent if descends else self._step
            self._known[key] = step(segments, position, shape)
        return self._known[key]

    def _descent(self, segments: Segments, position: int, shape: Shape) -> Certainty:
        """Return the certainty of a step from a shape, or from anything in it."""
        here = self._remembered(segments, position, shape, descends=False)
        return here | among(
            shape, lambda inner: self._remembered(segments, position, inner, descends=True)
        )

    def _step(self, segments: Segments, position: int, shape: Shape) -> Certainty:
        def rest(inner: Shape) -> Certainty:
            return self.of(segments, inner, position + 1)

        selectors = segments[position].selectors
        if len(selectors) == 1 and isinstance(shape, Object):
            # Nearly all steps are of these two kinds, and a message may have hundreds of members.
            if isinstance(selectors[0], NameSelector):
                return _member(shape, selectors[0].name, rest)
            if isinstance(selectors[0], WildcardSelector):
                return among(shape, rest)
        if isinstance(shape, Object):
            return _among_members(
                shape,
                lambda name, inner: (
                    any_of(self._takes(selector, name, inner) for selector in selectors)
                    & rest(inner)
                ),
            )
        if isinstance(shape, Array):
            return self._step_into_array(selectors, shape, rest)
        return NEVER

    def _takes(self, selector: JSONPathSelector, name: str, inner: Shape) -> Certainty:
        """Return whether a selector takes a member that is present."""
        if isinstance(selector, NameSelector):
            return certainly(holds=selector.name == name)
        if isinstance(selector, WildcardSelector):
            return ALWAYS
        return self._filtered(selector, inner)

    def _filtered(self, selector: JSONPathSelector, inner: Shape) -> Certainty:
        if isinstance(selector, FilterSelector):
            return self._filters.holds(selector.expression, inner)
        return NEVER

    def _step_into_array(
        self, selectors: Sequence[JSONPathSelector], array: Array, rest: Satisfies
    ) -> Certainty:
        if array.more is None:
            return any_of(
                any_of(self._takes_item(s, array, index) for s in selectors) & rest(item)
                for index, item in enumerate(array.first)
            )
        some = any_of(self._takes_some(selector, array, array.more) for selector in selectors)
        return some & rest(array.more)

    def _takes_item(self, selector: JSONPathSelector, array: Array, index: int) -> Certainty:
        """Return whether a selector takes an item of a list whose items are all known."""
        count = len(array.first)
        if isinstance(selector, IndexSelector):
            return certainly(holds=selector.index in (index, index - count))
        if isinstance(selector, SliceSelector):
            return certainly(holds=index in _indices(selector.slice, count))
        if isinstance(selector, WildcardSelector):
            return ALWAYS
        return self._filtered(selector, array.first[index])

    def _takes_some(self, selector: JSONPathSelector, array: Array, item: Shape) -> Certainty:
        """Return whether a selector takes an item of a list that may have more of them."""
        least = len(array.first)
        has_one = ALWAYS if least else SOMETIMES
        if isinstance(selector, IndexSelector):
            needed = selector.index + 1 if selector.index >= 0 else -selector.index
            return ALWAYS if least >= needed else SOMETIMES
        if isinstance(selector, SliceSelector):
            return _some_of(selector.slice, least)
        if isinstance(selector, WildcardSelector):
            return has_one
        return self._filtered(selector, item) & has_one


def among(shape: Shape, satisfies: Satisfies) -> Certainty:
    """Return how certain it is that a member or an item of a shape satisfies."""
    if isinstance(shape, Object):
        alike = {(id(m.shape), m.presence): m for m in shape.members.values()}
        few = Object({str(key): m for key, m in alike.items()}, shape.never_empty)
        return _among_members(few, lambda _, inner: satisfies(inner))
    if isinstance(shape, Array):
        return any_of(presence & satisfies(item) for item, presence in shape.items())
    return NEVER


def _member(shape: Object, name: str, satisfies: Satisfies) -> Certainty:
    member = shape.members.get(name)
    if member is None or member.presence is NEVER:
        return NEVER
    is_only_one = shape.never_empty and len(shape.members) == 1
    return (ALWAYS if is_only_one else member.presence) & satisfies(member.shape)


def _among_members(shape: Object, score: Callable[[str, Shape], Certainty]) -> Certainty:
    present = shape.present
    scores = {name: score(name, member.shape) for name, member in present.items()}
    if shape.never_empty and scores and all_of(scores.values()) is ALWAYS:
        return ALWAYS
    return any_of(present[name].presence & certainty for name, certainty in scores.items())


def _indices(bounds: Any, count: int) -> range:  # noqa: ANN401  a slice, generic only for some tools
    return range(0) if bounds.step == 0 else range(*bounds.indices(count))


def _some_of(bounds: Any, least: int) -> Certainty:  # noqa: ANN401  as above
    """Return whether a slice takes an item of a list with at least so many."""
    if any(abs(bound or 0) > _LARGEST_BOUND for bound in (bounds.start, bounds.stop)):
        return SOMETIMES
    # From twice the bounds on, a longer list changes nothing.
    counts = range(least, least + 2 * _LARGEST_BOUND + 2)
    return over_all(certainly(holds=bool(_indices(bounds, count))) for count in counts)
