"""What one JSON Schema refuses that another one takes. Pure.

Where nothing is found, each value that the first schema takes is taken by the second. A difference
in a keyword that cannot be judged so is an error, and never silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.changes.limits import tighter_limits
from contracts.compatibility.changes.schema_document import Schema, SchemaDocument, text_of

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
    """Compares parts of two schemas; each pair of parts once.

    Args:
        before: the schema whose values are given.
        after: the schema that may refuse some.
    """

    def __init__(self, before: SchemaDocument, after: SchemaDocument) -> None:
        self._before, self._after = before, after
        self._seen: set[tuple[str, str]] = set()

    def refusals(self, before: Schema, after: Schema, place: str = "$") -> Iterator[Refusal]:
        """Yield what the second schema refuses of what the first one takes.

        Raises:
            CannotCompareError: they differ in a keyword that cannot be judged.
        """
        # A schema that contains itself is met again: values are finite, so it is settled elsewhere.
        key = (text_of(before), text_of(after))
        if key in self._seen or self._is_same(before, after):
            return
        self._seen.add(key)
        one, other = self._before.resolved(before), self._after.resolved(after)
        if one.get("not") == {} or not _demands(other):
            return
        if other.get("not") == {}:
            yield Refusal(place, "takes nothing")
        elif not self._is_same(one, other):
            yield from self._of_parts(one, other, place)

    def _is_same(self, before: Schema, after: Schema) -> bool:
        text = text_of(before)
        if text != text_of(after):
            return False
        return "$ref" not in text or self._before.referred == self._after.referred

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
            found.append(self._alone(member, other, place))
            if not found[-1]:
                return
        yield from min(found, key=len)

    def _alone(self, before: Schema, after: Schema, place: str) -> list[Refusal]:
        """Return the refusals of two parts, whatever was found of them elsewhere."""
        seen, self._seen = self._seen, set(self._seen)
        try:
            return list(self.refusals(before, after, place))
        finally:
            self._seen = seen

    def _of_values(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        values = [one["const"]] if "const" in one else one["enum"]
        for value in values:
            taken = self._before.takes(one, value)
            if taken and not self._after.takes(other, value):
                yield Refusal(place, f"does not take {value!r}")

    def _refuse_unjudged(self, one: Any, other: Any, place: str) -> None:  # noqa: ANN401  schemas
        for keyword in _UNJUDGED:
            was, now = one.get(keyword), other.get(keyword)
            if was is None and now is None:
                continue
            if keyword in _RELATIVE or not self._is_same({"not": was}, {"not": now}):
                raise CannotCompareError(
                    f"{place}: the keyword {keyword} cannot be compared; expected the same in both"
                )

    def _of_alternatives(self, one: Any, other: Any, place: str) -> Iterator[Refusal]:  # noqa: ANN401  schemas
        for member in one.get("anyOf", [one]) if "anyOf" in other else ():
            tried = [self._alone(member, choice, place) for choice in other["anyOf"]]
            if all(tried):
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
                yield Refusal(f"{place}.{name}", "demands it")
        names = one.get("propertyNames", True), other.get("propertyNames", True)
        texts = {"allOf": [names[0], {"type": "string"}]}
        yield from self.refusals(texts, names[1], f"{place} (names)")
        was, now = _members(one), _members(other)
        for name in dict.fromkeys((*was, *now)):
            mine = was.get(name, one.get("additionalProperties", True))
            theirs = now.get(name, other.get("additionalProperties", True))
            yield from self.refusals(mine, theirs, f"{place}.{name}")
        others = one.get("additionalProperties", True), other.get("additionalProperties", True)
        yield from self.refusals(*others, f"{place}.*")


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
