"""The first identity of an event, cheaply: a list shows it for each of its runs. Pure."""

import json
import re
from typing import Any, Final

SMALL_BYTES: Final = 4_000
_MAP: Final = re.compile(rb'"identityMap"\s*:\s*(?=\{)')
_DECODER: Final = json.JSONDecoder(parse_int=str)  # a number may have too many digits


def first_identity(body: bytes) -> str | None:
    """Return the first identity in the identity map of an event (A-MSG-1); None for none.

    The order is that of the event, which is the mapping's. A large event is not read as a whole:
    of one, the first object called ``identityMap`` counts, wherever it stands.
    """
    if len(body) <= SMALL_BYTES:
        event = _value_at(body, 0)
        return _first(event.get("identityMap")) if isinstance(event, dict) else None
    found = _MAP.search(body)
    return None if found is None else _first(_value_at(body, found.end()))


def _value_at(body: bytes, start: int) -> Any:  # noqa: ANN401  any JSON value
    try:
        return _DECODER.raw_decode(body[start:].decode("utf-8-sig").lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _first(identity_map: object) -> str | None:
    lists = identity_map.values() if isinstance(identity_map, dict) else ()
    entries = (entry for entries in lists if isinstance(entries, list) for entry in entries)
    ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return next((one for one in ids if isinstance(one, str)), None)
