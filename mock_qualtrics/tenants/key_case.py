"""Convert keys of settings documents between snake_case (TOML) and camelCase (JSON). Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# The values of these keys are the user's own JSON, whose keys must stay as they are.
USERS_OWN = {"settings", "equals", "notEquals", "contains"}


@lru_cache(512)  # names of settings; each test's tenant has them all again
def camel_case(name: str) -> str:
    """Return ``retry_after_seconds`` as ``retryAfterSeconds``."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def snake_case(name: str) -> str:
    """Return ``retryAfterSeconds`` as ``retry_after_seconds``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def camel_case_keys(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with camelCase keys; the user's own JSON inside it stays as it is."""
    return {camel_case(key): _converted(camel_case(key), value) for key, value in mapping.items()}


def _converted(key: str, value: Any) -> Any:  # noqa: ANN401  any JSON value
    if key in USERS_OWN:
        return value
    if isinstance(value, Mapping):
        return camel_case_keys(value)
    if isinstance(value, list):
        return [camel_case_keys(item) if isinstance(item, Mapping) else item for item in value]
    return value
