"""JSON that is written as it came: numbers of any size and repeated keys survive.

Reading a document and writing it again loses both. So a stored body goes into an answer as its own
text, spliced between what was made here.
"""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawJson:
    """A valid JSON text that :func:`dumps` writes unchanged."""

    text: str

    def value(self) -> Any:  # noqa: ANN401  any JSON value
        """Return the value that the text stands for."""
        return json.loads(self.text)


def dumps(value: object) -> str:
    """Return the value as JSON, each :class:`RawJson` in it as its own text."""
    spliced: list[str] = []
    mark = _unused_mark(value)

    def stand_in(found: object) -> str:
        if not isinstance(found, RawJson):
            raise TypeError(f"{type(found).__name__} is no JSON value")
        spliced.append(found.text)
        return mark

    dumped = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=stand_in)
    between = dumped.split(f'"{mark}"')
    pieces = [piece for pair in zip(between, [*spliced, ""], strict=True) for piece in pair]
    return "".join(pieces)


def _unused_mark(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False, default=lambda _: None)
    mark = "raw"
    while mark in plain:
        mark += "-"
    return mark
