"""The objects inside a JSON value."""

from collections.abc import Iterator
from typing import Any


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield each object in a JSON object or array, at any depth, itself too."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects(inner)
