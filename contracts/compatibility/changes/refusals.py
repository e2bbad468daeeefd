"""What one JSON Schema refuses that another one takes. Pure.

Where nothing is found, each value that the first schema takes is taken by the second. A difference
in a keyword that cannot be judged so is an error, and never silence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.changes.known_pairs import KnownPairs
from contracts.compatibility.changes.limits import tighter_limits
from contracts.compatibility.changes.schema_document import Schema, SchemaDocument, text_of
from contracts.compatibility.json_values import shown
from contracts.violations import json_path

_TYPES: Final = ("null", "boolean", "object", "array", "number", "string")
_UNJUDGED: Final = (
    "not", "if", "then", "else", "oneOf", "contains", "minContains", "maxContains",
    "patternProperties", "prefixItems", "dependentSchemas", "dependentRequired", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef",
)  # fmt: skip
_RELATIVE: Final = ("unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef")


class Refusal(NamedTuple):
    """Something that the second schema demands, and the first does not.

    Attributes:
        place: where in a value, as a JSONPath.
        text: the demand, such as ``takes only string``.
    """

    place: str
    text: str


class Comparison:
    """Compares parts of two schemas; each pair of parts once, whatever places have it.

    Args:
        before: the schema whose values are given.
        after: the schema that may refuse some.
    """

    def __init__(self, before: SchemaDocument, after: SchemaDocument) -> None:
        self._before, self._after = before, after
        self._pairs = KnownPairs()

    def refusals(self, before: Schema, after: Schema, place: str = "$") -> Iterator[Refusal]:
        """Yield what the second schema refuses of what the first one takes, up to a limit.

        Raises:
            CannotCompareError: they differ in a keyword that cannot be judged, or are too large.
        """
        pair = text_of(before), text_of(after)
        if self._are_same(*pair):
            return
        found = self._pairs.found(pair, lambda: self._judged(before, after, place))
        yield from (Refusal(place + inner, text) for inner, text in found)

    def _judged(self, before: Schema, after: Schema, place: str) -> Iterator[tuple[str, str]]:
        """Yield the refusals of a pair that is judged for the first time, by their inner places."""
        for refusal in self._of_pair(before, after, place):
            yield refusal.place.removeprefix(place), refusal.text

    def _of_pair(self, before: Schema, after: Schema, place: str) -> Iterator[Refusal]:
        one, other = self._before.resolved(before), self._after.resolved(after)
        if one.get("not") == {} or not _demands(other):
            return
        if other.get("not") == {}:
            yield Refusal(place, "takes nothing")
        elif not self._are_same(text_of(one), text_of(other)):
            yield from self._of_parts(one, other, place)

    def _are_same(self, before: str, after: str) -> bool:
        """Return whether two parts, as texts, demand the same."""
        if before != after:
            return False
        return "$ref" not in before or self._before.referred == self._after.referred

    def _of_parts(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        if "allOf" in other:
            rest = {k: v for k, v in other.items() if k != "allOf"}
            for member in (rest, *other["allOf"]):
                yield from self.refusals(one, member, place)
            return
        if "allOf" in one:
            yield from self._of_all(one, other, place)
            return
        if "const" in one or "enum" in one:
            yield from self._of_values(one, other, place)
            return
        self._refuse_unjudged(one, other, place)
        yield from self._of_alternatives(one, other, place)
        yield from self._of_kinds(one, other, place)

    def _of_all(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        rest = {k: v for k, v in one.items() if k != "allOf"}
        found: list[list[Refusal]] = []
        for member in (*one["allOf"], rest):
            found.append(list(self.refusals(member, other, place)))
            if not found[-1]:
                return
        yield from min(found, key=len)

    def _of_values(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        values = [one["const"]] if "const" in one else one["enum"]
        takes, may_take = self._before.taker(one), self._after.taker(other)
        for value in values:
            if takes(value) and not may_take(value):
                yield Refusal(place, f"does not take {shown(value)}")

    def _refuse_unjudged(self, one: Any, other: Any, place: str) -> None:  # noqa: ANN401  schemas
        for keyword in _UNJUDGED:
            was, now = one.get(keyword), other.get(keyword)
            if was is None and now is None:
                continue
            if keyword in _RELATIVE or not self._are_same(
                text_of({"not": was}), text_of({"not": now})
            ):
                raise CannotCompareError(
                    f"{place}: the keyword {keyword} cannot be compared; expected the same in both"
                )

    def _of_alternatives(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        for member in one.get("anyOf", [one]) if "anyOf" in other else ():
            if all(any(self.refusals(member, choice, place)) for choice in other["anyOf"]):
                yield Refusal(place, "takes none of the alternatives that the other one has")
                return

    def _of_kinds(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        kinds = _kinds(one)
        if refused := sorted(kind for kind in kinds if not _takes_kind(other, kind)):
            yield Refusal(place, f"takes no {' and no '.join(refused)}")
        if "const" in other or "enum" in other:
            yield Refusal(place, "takes only some values")
        for kind in sorted({"number" if kind == "integer" else kind for kind in kinds}):
            yield from (Refusal(place, text) for text in tighter_limits(kind, one, other))
        if "object" in kinds and _takes_kind(other, "object"):
            yield from self._of_objects(one, other, place)
        if "array" in kinds and _takes_kind(other, "array"):
            yield from self.refusals(
                one.get("items", True), other.get("items", True), f"{place}[*]"
            )

    def _of_objects(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        for name in other.get("required", ()):
            if name not in one.get("required", ()):
                yield Refusal(_member(place, name), "demands it")
        names = one.get("propertyNames", True), other.get("propertyNames", True)
        texts = {"allOf": [names[0], {"type": "string"}]}
        yield from self.refusals(texts, names[1], f"{place} (names)")
        for name in dict.fromkeys((*_members(one), *_members(other))):
            yield from self.refusals(_at(one, name), _at(other, name), _member(place, name))
        others = one.get("additionalProperties", True), other.get("additionalProperties", True)
        yield from self.refusals(*others, f"{place}.*")


def _member(place: str, name: str) -> str:
    return place + json_path([name]).removeprefix("$")


def _at(schema: Mapping[str, Any], name: str) -> Schema:
    """Return what an object's member must be; of a named one with patterns, no less than that."""
    if name in _members(schema):
        return _members(schema)[name]
    patterns = schema.get("patternProperties", {})
    matching = [inner for pattern, inner in patterns.items() if re.search(pattern, name)]
    return {"allOf": matching} if matching else schema.get("additionalProperties", True)


def _members(schema: Mapping[str, Any]) -> Mapping[str, Schema]:
    members: Mapping[str, Schema] = schema.get("properties", {})
    return members


def _demands(schema: Mapping[str, Any]) -> bool:
    return text_of(schema) != "{}"


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    kinds: Iterable[str] | str = schema.get("type", _TYPES)
    return frozenset([kinds] if isinstance(kinds, str) else kinds)


def _takes_kind(schema: Mapping[str, Any], kind: str) -> bool:
    kinds = _kinds(schema)
    return kind in kinds or (kind == "integer" and "number" in kinds)
