"""Makes one piece of what refers to schema files: their parts become components of it."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from contracts.validation import schema, shared_parts

_OF_OPENAPI: Final = "#/components/"
_PARTS: Final = "#/$defs/"
_SUFFIX: Final = ".schema.json"
_SHARED: Final = "definitions"
_OWN_KEYWORDS: Final = ("x-expected", "x-secret")
_OWN_FORMAT: Final = "json-path"


def schema_in_one_piece(name: str) -> dict[str, Any]:
    """Return a schema that needs no other file, for any validator of JSON Schema 2020-12.

    Its references begin with ``#/$defs/``. Keywords and formats that only this project knows are
    left out, because strict validators refuse them.

    Raises:
        UnknownSchemaError: there is no schema of this name.
    """
    document = schema(name)
    collector = Collector(_PARTS)
    parts = ("$schema", "$defs")
    content = {key: value for key, value in document.items() if key not in parts}
    whole = {"$schema": document["$schema"], **collector.rewritten(content, name)}
    if collector.components:
        whole["$defs"] = dict(sorted(collector.components.items()))
    return _for_everybody(whole)  # type: ignore[no-any-return]


def _for_everybody(value: Any) -> Any:  # noqa: ANN401  any JSON value
    match value:
        case list():
            return [_for_everybody(item) for item in value]
        case dict():
            return {k: _for_everybody(inner) for k, inner in value.items() if not _is_own(k, inner)}
    return value


def _is_own(key: str, value: object) -> bool:
    return key in _OWN_KEYWORDS or (key == "format" and value == _OWN_FORMAT)


class Collector:
    """Rewrites references, and makes a component of each part that one of them names.

    Args:
        place: where the components are in the document, such as ``#/$defs/``.
        taken: the names of components that the document has itself.

    Attributes:
        components: what the references name, by name.
    """

    def __init__(self, place: str, taken: Collection[str] = ()) -> None:
        self.components: dict[str, Any] = {}
        self._place = place
        self._taken = taken

    def rewritten(self, value: Any, file: str) -> Any:  # noqa: ANN401  any JSON value
        """Return a value with references to components; ``file`` is the schema that it is in."""
        match value:
            case list():
                return [self.rewritten(item, file) for item in value]
            case {"$ref": str(reference), **others}:
                return {"$ref": self._component(reference, file)} | self.rewritten(others, file)
            case dict():
                return {key: self.rewritten(inner, file) for key, inner in value.items()}
        return value

    def _component(self, reference: str, file: str) -> str:
        if reference.startswith(_OF_OPENAPI):
            return reference
        target, _, part = reference.partition("#/$defs/")
        target = target.removeprefix("schemas/").removesuffix(_SUFFIX) or file
        name = _component_name(target, part)
        if name in self._taken:
            raise ValueError(f"two schemas would be the component {name}")
        if name not in self.components:
            self.components[name] = None  # a schema may refer to itself
            self.components[name] = self.rewritten(_stored(target, part), target)
        return self._place + name


def _stored(file: str, part: str) -> Mapping[str, Any]:
    if file == _SHARED:
        return shared_parts()[part]  # type: ignore[no-any-return]
    document = schema(file)
    if part:
        return document["$defs"][part]  # type: ignore[no-any-return]
    return {key: value for key, value in document.items() if key not in ("$schema", "$defs")}


def _component_name(file: str, part: str) -> str:
    words = [part] if file == _SHARED else [*file.split("-"), part]
    return "".join(word[:1].upper() + word[1:] for word in words)
