"""Mask identities in what the pages show; the control API gives everything as it came. Pure."""

import json
import re
from collections.abc import Collection

from contracts.masking import mask_identity
from mock_qualtrics.journal.calls.call_filter import identities

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST_ID = 4  # a shorter one, such as a number, may stand for anything


def masked(text: str, identities: Collection[str] = ()) -> str:
    """Return a text with e-mail addresses and these identities masked.

    Example:
        >>> masked('{"id": "4711-0815"} for dave@example.com', ["4711-0815"])
        '{"id": "47***"} for d***@e***.com'
    """
    text = _ADDRESS.sub(lambda match: mask_identity(match[0]), text)
    for identity in sorted(identities, key=len, reverse=True):
        if "@" in identity and _ADDRESS.fullmatch(identity):
            continue
        for written in {identity, json.dumps(identity)[1:-1]}:
            whole = re.escape(written)
            if len(identity) < _SHORTEST_ID:
                whole = f'(?<="){whole}(?=")'
            else:
                whole = rf"(?<!\w){whole}(?!\w)"
            text = re.sub(whole, mask_identity(identity).replace("\\", r"\\"), text)
    return text


def identities_in(text: str) -> set[str]:
    """Return the identities in the identity map of an event's text; none of what is no JSON."""
    try:
        return identities(json.loads(text, parse_int=str))
    except (ValueError, RecursionError):
        return set()
