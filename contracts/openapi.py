"""The description of trigger, whoami and control API in one piece.

``contracts/openapi.yaml`` refers to the schema files beside it. Generators of clients and many
linters want one document whose schemas are all components, which :func:`one_file` makes of them.
"""

from importlib.resources import files
from typing import Any, Final

from contracts.one_piece import Collector

_SCHEMAS: Final = "#/components/schemas/"


def one_file() -> dict[str, Any]:
    """Return the OpenAPI document with every schema that it uses among its components.

    Shape: OpenAPI 3.1, as ``json.loads`` would return it; each reference begins with
    ``#/components/``.
    """
    import yaml  # noqa: PLC0415  only this function reads YAML

    text = (files("contracts") / "openapi.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    collector = Collector(_SCHEMAS, set(document["components"]["schemas"]))
    whole: dict[str, Any] = collector.rewritten(document, "")
    whole["components"]["schemas"] |= dict(sorted(collector.components.items()))
    return whole
