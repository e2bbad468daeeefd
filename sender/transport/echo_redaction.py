"""Hides in a destination's error text what the sender sent in the same call.

Error texts end up in logs and reports, so they must not repeat personal data or the credential.
Builds on :mod:`contracts.redaction`, which hides anything that looks like a secret.
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
    """Return a text without the values that a call sent.

    Values are found as they are, escaped as JSON or HTML, and percent-encoded. Case is ignored,
    because many services change it. Values shorter than three characters are not hidden, because
    they occur inside many words.

    Args:
        text: the destination's text.
        sent: the call's body; if it is JSON, every text value in it is hidden.
        more: further values to hide.

    Example:
        >>> redact_echoes("no Zoe%20Doe here", b'{"name": "Zoe Doe"}')
        'no *** here'
    """
    values = _longest_first((*_texts_of(sent), *more))
    unchanged = None
    for decode in _DECODERS:
        decoded = decode(text)
        if decoded == unchanged:  # as most texts are, decoded or not
            continue
        clean = _hidden(decoded, values)
        if clean == decoded:
            unchanged = decoded
        else:
            text = clean
    return text


def _hidden(text: str, values: list[str]) -> str:
    for value in values:
        text = re.sub(re.escape(value), HIDDEN, text, flags=re.IGNORECASE)
    return redact(text)


def _longest_first(values: Iterable[str]) -> list[str]:
    """Return the values and their JSON forms; hiding a short one first could split a long one."""
    forms = set()
    for value in values:
        if len(value) >= SHORTEST_HIDDEN:
            forms |= {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return sorted(forms, key=lambda form: (-len(form), form))


def _texts_of(body: bytes) -> Iterator[str]:
    try:
        to_visit: list[Any] = [json.loads(body)]
    except (ValueError, RecursionError):
        return
    while to_visit:
        node = to_visit.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            to_visit += node.values()
        elif isinstance(node, list):
            to_visit += node
