"""Hides, in a destination's own words, what was sent to it in the very same call.

For the error texts that end in logs and reports. What looks like a secret wherever it comes from is
hidden by :mod:`contracts.redaction`, which this builds on.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from contracts.redaction import HIDDEN, redact

SHORTEST_HIDDEN = 3
_DECODERS = (str, unquote, unquote_plus, html.unescape)


def redact_echoes(text: str, sent: bytes, more: Iterable[str] = ()) -> str:
    """Return a text without what a call sent: as it is, escaped as JSON or HTML, percent-encoded.

    Upper and lower case are the same here, for services that fold case are common. Values of fewer
    than three characters are left, for they are parts of many words.

    Args:
        text: a destination's own words.
        sent: the call's body; every text value in it is hidden when it is JSON.
        more: further values to hide.

    Example:
        >>> redact_echoes("no Zoe%20Doe here", b'{"name": "Zoe Doe"}')
        'no *** here'
    """
    values = _longest_first((*_texts_of(sent), *more))
    for decode in _DECODERS:
        decoded = decode(text)
        clean = _hidden(decoded, values)
        if clean != decoded:
            text = clean
    return text


def _hidden(text: str, values: list[str]) -> str:
    for value in values:
        text = re.sub(re.escape(value), HIDDEN, text, flags=re.IGNORECASE)
    return redact(text)


def _longest_first(values: Iterable[str]) -> list[str]:
    found = set()
    for value in values:
        if len(value) >= SHORTEST_HIDDEN:
            found |= {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return sorted(found, key=lambda value: (-len(value), value))


def _texts_of(body: bytes) -> Iterator[str]:
    try:
        ahead: list[Any] = [json.loads(body)]
    except (ValueError, RecursionError):
        return
    while ahead:
        node = ahead.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            ahead += node.values()
        elif isinstance(node, list):
            ahead += node
