"""Keys of settings documents: snake_case as in TOML, camelCase as on the wire. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_FREE = {"settings", "equals", "notEquals", "contains"}


def camel_case(name: str) -> str:
    """Return ``retry_after_seconds`` as ``retryAfterSeconds``."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def snake_case(name: str) -> str:
    """Return ``retryAfterSeconds`` as ``retry_after_seconds``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found.group(1).lower(), name)


def camel_case_keys(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with camelCase keys; what users put into tasks and conditions stays."""
    return {camel_case(key): _inside(camel_case(key), value) for key, value in mapping.items()}


def _inside(key: str, value: Any) -> Any:  # noqa: ANN401  any JSON value
    if key in _FREE:
        return value
    if isinstance(value, Mapping):
        return camel_case_keys(value)
    if isinstance(value, list):
        return [camel_case_keys(item) if isinstance(item, Mapping) else item for item in value]
    return value
