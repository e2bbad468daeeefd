"""A JSON Schema (2020-12) that is compared: its references, and whether it can be. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.json_values import canonical_text, with_whole_numbers
from contracts.violations import json_path

Schema = Mapping[str, Any] | bool

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ANNOTATIONS: Final = frozenset(
    {
        "$schema", "$id", "$comment", "$defs", "$anchor", "title", "description", "default",
        "examples", "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding",
        "contentSchema", "definitions",
    }
)  # fmt: skip
_NAMED: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_VALUES: Final = frozenset({"const", "enum"})
_DEFINITIONS: Final = frozenset({"$defs", "definitions"})
_NO_SCHEMAS: Final = _VALUES | {"default", "examples", "dependentRequired"}


class SchemaDocument:
    """One whole schema.

    Args:
        name: what it is called in errors.
        root: the document.

    Raises:
        CannotCompareError: it is no schema of the dialect 2020-12.
    """

    def __init__(self, name: str, root: Schema) -> None:
        self.name = name
        self.root = root
        dialect = root.get("$schema", DIALECT) if isinstance(root, Mapping) else DIALECT
        if str(dialect).rstrip("#") != DIALECT:
            raise CannotCompareError(f"{name}: its dialect is {dialect}; expected {DIALECT}")
        try:
            Draft202012Validator.check_schema(root)
        except SchemaError as error:
            place = json_path(error.absolute_path)
            raise CannotCompareError(f"{name}: {place}: no valid JSON Schema") from None
        self._validator = Draft202012Validator(root)
        self._refuse_what_is_elsewhere()

    def _refuse_what_is_elsewhere(self) -> None:
        """Look at each reference now: two files that are the same would never be asked for it."""
        for part in parts_of(self.root):
            if "$id" in part and part is not self.root:
                raise CannotCompareError(
                    f"{self.name}: a part has an $id of its own, {part['$id']}; expected one "
                    "schema with references such as #/$defs/…"
                )
            if "$ref" in part:
                self.resolved({"$ref": part["$ref"]})

    @property
    def referred(self) -> str:
        """All that a reference in it may lead to, as one text."""
        root = self.root if isinstance(self.root, Mapping) else {}
        parts = [sorted(root.get(name, {}).items()) for name in ("$defs", "definitions")]
        return text_of([root, parts])

    def resolved(self, schema: Schema) -> Mapping[str, Any]:
        """Return a part of it as an object without a reference; ``false`` is ``{"not": {}}``.

        Raises:
            CannotCompareError: a reference leads out of the document, nowhere, or round in a
                circle.
        """
        seen: set[str] = set()
        part: Any = schema
        while isinstance(part, Mapping) and "$ref" in part:
            reference = part["$ref"]
            if reference in seen:
                raise CannotCompareError(f"{self.name}: the reference {reference} leads to itself")
            seen.add(reference)
            target = self._at(reference)
            rest = {k: v for k, v in part.items() if k != "$ref" and not is_annotation(k)}
            part = {"allOf": [target, rest]} if rest else target
        if isinstance(part, bool):
            return {} if part else {"not": {}}
        return dict(part)

    def _at(self, reference: str) -> Any:  # noqa: ANN401  any part of a schema
        if not reference.startswith("#"):
            raise CannotCompareError(
                f"{self.name}: the reference {reference} leads out of the file; expected a schema "
                "that is complete by itself, as `qualtrics-contracts schema NAME` prints it"
            )
        if reference != "#" and not reference.startswith("#/"):
            raise CannotCompareError(f"{self.name}: {reference} is an anchor; expected #/$defs/…")
        node: Any = self.root
        for name in reference[1:].split("/")[1:]:
            key = unquote(name).replace("~1", "/").replace("~0", "~")
            try:
                node = node[int(key)] if isinstance(node, list) else node[key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise CannotCompareError(f"{self.name}: {reference} leads nowhere") from None
        return node

    def taker(self, schema: Mapping[str, Any]) -> Callable[[object], bool]:
        """Return what says whether a part of it takes a value; of listed values by their texts."""
        rest = {k: v for k, v in schema.items() if k not in _VALUES and not is_annotation(k)}
        validator = self._validator.evolve(schema=rest)
        lists = [[schema["const"]]] if "const" in schema else []
        lists += [schema["enum"]] if "enum" in schema else []
        texts = [set(map(canonical_text, values)) for values in lists]

        def takes(value: object) -> bool:
            is_listed = all(canonical_text(value) in known for known in texts)
            return is_listed and (not rest or bool(validator.is_valid(value)))

        return takes


def parts_of(root: Schema) -> Iterator[Mapping[str, Any]]:
    """Yield each schema in a document that is an object, the whole one too."""
    rest: list[Any] = [root]
    while rest:
        part = rest.pop()
        if isinstance(part, list):
            rest += part
        elif isinstance(part, Mapping):
            yield part
            for keyword, inner in part.items():
                if keyword in _NAMED | _DEFINITIONS and isinstance(inner, Mapping):
                    rest += inner.values()
                elif keyword not in _NO_SCHEMAS and not is_annotation(keyword):
                    rest.append(inner)


def is_annotation(keyword: str) -> bool:
    """Return whether a keyword refuses no value."""
    return keyword in _ANNOTATIONS or keyword.startswith("x-")


def text_of(schema: object) -> str:
    """Return what a schema demands as one text, without its annotations; 1.0 is 1."""
    return json.dumps(_bare(schema), sort_keys=True)


def _bare(schema: Any) -> Any:  # noqa: ANN401  any part of a schema
    if isinstance(schema, list):
        return [_bare(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {k: _bare_value(k, v) for k, v in schema.items() if not is_annotation(k)}


def _bare_value(keyword: str, value: Any) -> Any:  # noqa: ANN401  any part of a schema
    if keyword in _VALUES or not isinstance(value, Mapping | list):
        return with_whole_numbers(value)
    if keyword in _NAMED and isinstance(value, Mapping):
        return {name: _bare(inner) for name, inner in value.items()}
    return _bare(value)
