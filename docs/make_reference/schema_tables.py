"""Tables of what a JSON Schema describes: each key, what it takes, its default and its meaning."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.validation import schema, shared_parts

Schema = Mapping[str, Any]
LARGEST: Final = 2**53 - 1  # the schemas' own bound of whole numbers, which no reader needs
_SHARED: Final = "definitions"
_WORDS: Final = {
    "string": "a text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
    "object": "a table",
    "array": "a list",
    "null": "`null`",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One schema within a file's, with all of its references followed."""

    file: str
    body: Schema

    def child(self, body: Schema) -> "Part":
        """Return a part of this one."""
        file, body = _resolved(self.file, body)
        return Part(file, body)


def part_of(name: str) -> Part:
    """Return a whole schema by its name, such as ``dataflow``."""
    return Part(name, schema(name))


def sections(part: Part, place: str = "") -> Iterator[str]:
    """Yield the section of an object, then one for each object within it.

    Args:
        part: an object, or a choice of several.
        place: the object's place in the file, such as ``workflows[].fields[]``; empty for the file
            itself.
    """
    yield from _sections(part, place, set())


def _sections(part: Part, place: str, seen: set[str]) -> Iterator[str]:
    key = json.dumps(part.body, sort_keys=True)
    if key in seen:  # conditions contain conditions
        return
    seen.add(key)
    yield from _section(part, place)
    for name, property_ in _properties(part):
        inner, suffix = _items(part.child(property_))
        if _has_section(inner):
            yield from _sections(inner, f"{place}.{name}{suffix}".lstrip("."), seen)


def _section(part: Part, place: str) -> Iterator[str]:
    if place:
        yield f"## `{place}`"
        yield part.body.get("description", "")
    if "else" in part.body:  # a rule without one limits values, and is no choice
        choices = [part.child(part.body["then"]), part.child(part.body["else"])]
    else:
        choices = [part.child(choice) for choice in part.body.get("oneOf", ())]
    for choice in choices:
        yield f"### {_title(choice)}"
        yield table(choice)
    yield table(part)


def _title(choice: Part) -> str:
    """Return what tells a choice from the others: its kind, or else what it is."""
    kind = choice.body.get("properties", {}).get("kind")
    return (
        str(choice.body.get("description", "")).rstrip(".")
        if kind is None
        else takes(choice.child(kind))
    )


def table(part: Part) -> str:
    """Return the table of an object's own keys, in Markdown; empty when it names none."""
    rows = [_row(part, name, body) for name, body in part.body.get("properties", {}).items()]
    head = ["| key | takes | default | meaning |", "|---|---|---|---|"]
    return "\n".join(head + rows) if rows else ""


def _row(part: Part, name: str, body: Schema) -> str:
    child = part.child(body)
    required = " (required)" if name in part.body.get("required", ()) else ""
    default = f"`{json.dumps(child.body['default'])}`" if "default" in child.body else ""
    of = part if "const" in child.body else child  # a choice is described as a whole
    meaning = child.body.get("description", of.body.get("description", ""))
    return f"| `{name}`{required} | {takes(child)} | {default} | {meaning} |"


def takes(part: Part) -> str:
    """Return in a few words which values a schema admits."""
    body = part.body
    if "const" in body or "enum" in body:
        values = body.get("enum", [body.get("const")])
        return ", ".join(f"`{json.dumps(value)}`" for value in values)
    if "x-expected" in body:
        return str(body["x-expected"])
    if "oneOf" in body or "then" in body:
        return "a table, see below"
    return _by_type(part)


def _by_type(part: Part) -> str:
    body = part.body
    types = body.get("type", [])
    names = [types] if isinstance(types, str) else types
    if names == ["array"]:
        return "a list" if "items" not in body else f"a list; each item is {_item(part)}"
    if names == ["object"] and "properties" in body:
        return "a table, see below"
    words = " or ".join(_WORDS[name] for name in names) or "any value"
    return words + _bounds(body)


def _item(part: Part) -> str:
    return takes(part.child(part.body["items"]))


def _bounds(body: Schema) -> str:
    least = body.get("minimum")
    above = body.get("exclusiveMinimum")
    most = body.get("maximum", LARGEST)
    low = f" from {least}" if least is not None else f" above {above}" if above is not None else ""
    return low + (f" to {most}" if most != LARGEST else "")


def _properties(part: Part) -> Iterator[tuple[str, Schema]]:
    bodies = [part.child(body) for body in part.body.get("oneOf", ())]
    bodies += [part.child(part.body[key]) for key in ("then", "else") if key in part.body]
    for choice in [part, *bodies]:
        yield from choice.body.get("properties", {}).items()


def _items(part: Part) -> tuple[Part, str]:
    """Return the schema of a list's items, and what is put behind its name."""
    if "items" in part.body:
        return part.child(part.body["items"]), "[]"
    return part, ""


def _has_section(part: Part) -> bool:
    return any(key in part.body for key in ("properties", "oneOf", "then"))


def _resolved(file: str, body: Schema) -> tuple[str, Schema]:
    """Follow a reference; what stands beside it comes first."""
    if "$ref" not in body:
        return file, body
    target, _, name = body["$ref"].partition("#/$defs/")
    target = target.removeprefix("schemas/").removesuffix(".schema.json") or file
    if target == _SHARED:
        found = shared_parts()[name]
    else:
        found = schema(target)["$defs"][name] if name else schema(target)
    beside = {key: value for key, value in body.items() if key != "$ref"}
    inner_file, inner = _resolved(target, found)
    return inner_file, {**inner, **beside}
