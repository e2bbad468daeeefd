"""Says of what form a value is, without its content, which may be personal data. Pure."""

import re
from typing import Final

from sender.mapping.hints.identity_hints import kind_of

LONGEST_FORM: Final = 32
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")


def form_of(value: object) -> str:
    """Return the form of a text, each digit as 0 and each letter as a; of others their kind.

    Example:
        >>> form_of("5.9.2023 10:43"), form_of("Active"), form_of(7)
        ("a text such as '0.0.0000 00:00'", "a text such as 'aaaaaa'", 'a whole number')
    """
    if not isinstance(value, str):
        return kind_of(value)
    if not value:
        return "an empty cell"
    form = _LETTER.sub("a", _DIGIT.sub("0", value))
    return f"a text such as {form!r}" if len(form) <= LONGEST_FORM else f"{len(form)} characters"
