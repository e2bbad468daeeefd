"""What the schema says of each kind of fault: its settings, and the conditions. Loads it lazily."""

from collections.abc import Iterable, Mapping
from typing import Any


def kinds() -> list[str]:
    """Return all kinds of faults."""
    return [kind for variant in _variants() for kind in _kinds_of(variant)]


def properties(kind: str) -> Mapping[str, Any]:
    """Return what a kind's settings are by the schema, ``kind`` and ``when`` among them."""
    found: Mapping[str, Any] = _variant(kind)["properties"]
    return found


def required(kind: str) -> frozenset[str]:
    """Return the settings that a kind must have."""
    return frozenset(_variant(kind)["required"])


def conditions() -> Mapping[str, Any]:
    """Return the conditions of ``when`` by the schema."""
    from contracts.validation import schema  # noqa: PLC0415  --help must not pay for it

    found: Mapping[str, Any] = schema("fault")["$defs"]["when"]["properties"]
    return found


def _variant(kind: str) -> Mapping[str, Any]:
    return next(variant for variant in _variants() if kind in _kinds_of(variant))


def _variants() -> Iterable[Mapping[str, Any]]:
    from contracts.validation import schema  # noqa: PLC0415  --help must not pay for it

    variants: Iterable[Mapping[str, Any]] = schema("fault")["oneOf"]
    return variants


def _kinds_of(variant: Mapping[str, Any]) -> list[str]:
    said = variant["properties"]["kind"]
    return [said["const"]] if "const" in said else list(said.get("enum", ()))
