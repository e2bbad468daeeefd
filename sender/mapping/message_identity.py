"""Finds whom a message is about: the first identity in its identity map. Pure."""

import json
from typing import Any


def first_identity(message: object) -> str | None:
    """Return the first identity of a message's identity map (A-MSG-1); None if it has none.

    Args:
        message: a message, or any other JSON value.

    Example:
        >>> first_identity({"identityMap": {"Email": [{"id": "dave@example.com"}]}})
        'dave@example.com'
    """
    identity_map = message.get("identityMap") if isinstance(message, dict) else None
    lists = identity_map.values() if isinstance(identity_map, dict) else ()
    entries: list[Any] = [entry for ids in lists if isinstance(ids, list) for entry in ids]
    found = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return next((str(identity) for identity in found if isinstance(identity, str | int)), None)


def identity_in(body: bytes | str | None) -> str | None:
    """Return the first identity in a message's body; None if there is no body or it has none."""
    try:
        return None if body is None else first_identity(json.loads(body))
    except (ValueError, RecursionError):  # a mock may keep the beginning of a long body alone
        return None
