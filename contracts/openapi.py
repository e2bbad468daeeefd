"""The description of trigger, whoami and control API in one piece.

``contracts/openapi.yaml`` refers to the schema files beside it. Generators of clients and many
linters want one document whose schemas are all components, which :func:`one_file` makes of them.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from contracts.validation import schema, shared_parts

_COMPONENTS: Final = "#/components/"
_SCHEMAS: Final = f"{_COMPONENTS}schemas/"
_SUFFIX: Final = ".schema.json"
_SHARED: Final = "definitions"


def one_file() -> dict[str, Any]:
    """Return the OpenAPI document with every schema that it uses among its components.

    Shape: OpenAPI 3.1, as ``json.loads`` would return it; each reference begins with
    ``#/components/``.
    """
    import yaml  # noqa: PLC0415  only this function reads YAML

    text = (files("contracts") / "openapi.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    collector = _Collector(set(document["components"]["schemas"]))
    whole: dict[str, Any] = collector.rewritten(document, "")
    whole["components"]["schemas"] |= dict(sorted(collector.components.items()))
    return whole


class _Collector:
    """Rewrites references, and makes a component of each part that one of them names.

    Args:
        taken: the names of components that the document has itself.
    """

    def __init__(self, taken: set[str]) -> None:
        self.components: dict[str, Any] = {}
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
        if reference.startswith(_COMPONENTS):
            return reference
        target, _, part = reference.partition("#/$defs/")
        target = target.removeprefix("schemas/").removesuffix(_SUFFIX) or file
        name = _component_name(target, part)
        if name in self._taken:
            raise ValueError(f"two schemas would be the component {name}")
        if name not in self.components:
            self.components[name] = None  # a schema may refer to itself
            self.components[name] = self.rewritten(_stored(target, part), target)
        return _SCHEMAS + name


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
