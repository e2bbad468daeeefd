"""Embed JSON text in an answer unchanged, with numbers of any size and repeated keys.

Parsing a document and dumping it again would lose both. So the text of a stored body is spliced
into the dumped answer.
"""

import json
from dataclasses import dataclass
from typing import Any

from contracts import exact_json


@dataclass(frozen=True, slots=True)
class RawJson:
    """A valid JSON text that :func:`dumps` writes unchanged."""

    text: str

    def value(self) -> Any:  # noqa: ANN401  any JSON value
        """Return the parsed text; a number that Python cannot hold as its text."""
        return exact_json.loads(self.text)


def dumps(value: object) -> str:
    """Return the value as JSON, with each :class:`RawJson` in it as its own text."""
    raw_texts: list[str] = []
    placeholder = _unused_placeholder(value)

    def to_placeholder(item: object) -> str:
        if not isinstance(item, RawJson):
            raise TypeError(f"{type(item).__name__} is no JSON value")
        raw_texts.append(item.text)
        return placeholder

    # The texts are collected in the order in which json.dumps writes their placeholders.
    dumped = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=to_placeholder)
    between = dumped.split(f'"{placeholder}"')
    pieces = [piece for pair in zip(between, [*raw_texts, ""], strict=True) for piece in pair]
    return "".join(pieces)


def _unused_placeholder(value: object) -> str:
    """Return a text that occurs nowhere in the value."""
    plain = json.dumps(value, ensure_ascii=False, default=lambda _: None)
    placeholder = "raw"
    while placeholder in plain:
        placeholder += "-"
    return placeholder
