"""The limits that a JSON Schema sets to texts, numbers, lists and objects, compared. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from contracts.counts import counted

Schema = Mapping[str, Any]


class _Count(NamedTuple):
    """A keyword that bounds a count."""

    keyword: str
    noun: str
    is_least: bool


_COUNTS: Final = {
    "string": (
        _Count("minLength", "character", is_least=True),
        _Count("maxLength", "character", is_least=False),
    ),
    "array": (
        _Count("minItems", "item", is_least=True),
        _Count("maxItems", "item", is_least=False),
    ),
    "object": (
        _Count("minProperties", "member", is_least=True),
        _Count("maxProperties", "member", is_least=False),
    ),
}
_LOWER: Final = ("minimum", "exclusiveMinimum")
_UPPER: Final = ("maximum", "exclusiveMaximum")


def tighter_limits(kind: str, before: Schema, after: Schema) -> Iterator[str]:
    """Yield what one schema demands of values of a kind, and another one does not.

    Args:
        kind: ``string``, ``number``, ``array`` or ``object``.
        before: the schema that takes the values.
        after: the one that may refuse some of them.
    """
    for count in _COUNTS.get(kind, ()):
        yield from _tighter_count(count, before, after)
    if kind == "string":
        for keyword in ("pattern", "format"):
            if keyword in after and after[keyword] != before.get(keyword):
                yield f"demands the {keyword} {after[keyword]}"
    if kind == "number":
        yield from _tighter_bounds(before, after)
    if kind == "array" and after.get("uniqueItems") and not before.get("uniqueItems"):
        yield "demands items that all differ"


def _tighter_count(count: _Count, before: Schema, after: Schema) -> Iterator[str]:
    limit = after.get(count.keyword)
    if limit is None:
        return
    if count.is_least:
        known = before.get(count.keyword, 0)
        if count.keyword == "minProperties":
            known = max(known, len(set(before.get("required", ()))))
        if limit > known:
            yield f"demands at least {counted(limit, count.noun)}"
    elif before.get(count.keyword, limit + 1) > limit:
        yield f"takes at most {counted(limit, count.noun)}"


def _tighter_bounds(before: Schema, after: Schema) -> Iterator[str]:
    # The bound that refuses more comes last in either order; an exclusive one refuses its own.
    for (inclusive, exclusive), sign, word in ((_LOWER, 1, "at least"), (_UPPER, -1, "at most")):
        old = _strictest(before, inclusive, exclusive, sign)
        new = _strictest(after, inclusive, exclusive, sign)
        if new is not None and (old is None or new > old):
            beyond = "beyond " if new[1] else ""
            yield f"demands {word} {beyond}{sign * new[0]}"
    step = after.get("multipleOf")
    if step is not None and step != before.get("multipleOf"):
        yield f"demands a multiple of {step}"


def _strictest(
    schema: Schema, inclusive: str, exclusive: str, sign: int
) -> tuple[float, bool] | None:
    found = [
        (sign * schema[name], name == exclusive)
        for name in (inclusive, exclusive)
        if name in schema
    ]
    return max(found, default=None)
