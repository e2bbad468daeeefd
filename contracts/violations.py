"""A violation: the path of a value, the value that was found, and what was expected.

:mod:`contracts.validation` finds violations.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from contracts.redaction import redact
from contracts.terminal import printable

LONGEST_SHOWN_CHARACTERS: Final = 80
LARGEST_SHOWN_BITS: Final = 256

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Missing(Enum):
    """The type of :data:`MISSING`, which type checkers can distinguish from every JSON value."""

    MISSING = "nothing"


MISSING: Final = Missing.MISSING
"""The value of a required key that is absent."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of a schema.

    Attributes:
        path: the place, as a JSONPath such as ``$.identities[0].target``.
        value: the value found there: a JSON value, ``MISSING``, or ``***`` for a secret. Not in
            the repr, because it may be personal data.
        expected: a description of a valid value.

    Example:
        >>> str(Violation("$.identities[0].target", "phone", 'one of "email", "external_id"'))
        '$.identities[0].target: found "phone", expected one of "email", "external_id"'
    """

    path: str
    value: object = field(repr=False)
    expected: str

    @property
    def found(self) -> str:
        """A short description of the value, with secrets and addresses hidden."""
        return describe(self.value)

    def __str__(self) -> str:
        return f"{printable(redact(self.path))}: found {self.found}, expected {self.expected}"


def describe(value: object) -> str:
    """Return a short, printable description of a JSON value, without secrets.

    Example:
        >>> describe(["a", "b"])
        'a list of 2'
    """
    match value:
        case Missing.MISSING:
            return "nothing"
        case str():
            return _shortened(printable(json.dumps(redact(value), ensure_ascii=False)))
        case dict():
            return f"an object with {len(value)} {'key' if len(value) == 1 else 'keys'}"
        case list():
            return f"a list of {len(value)}"
        case int() if value.bit_length() > LARGEST_SHOWN_BITS:
            return f"a whole number of {value.bit_length()} bits"
        case _:
            return _shortened(json.dumps(value, default=lambda other: type(other).__name__))


def json_path(parts: Iterable[str | int]) -> str:
    """Return the JSONPath of a place in a document.

    Example:
        >>> json_path(["audiences", 0, "start-date"])
        "$.audiences[0]['start-date']"
    """
    return "$" + "".join(_segment(part) for part in parts)


def _segment(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    if _PLAIN_KEY.fullmatch(part):
        return f".{part}"
    quoted = json.dumps(part, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{quoted}']"


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SHOWN_CHARACTERS:
        return text
    return f"{text[: LONGEST_SHOWN_CHARACTERS - 1]}…"
