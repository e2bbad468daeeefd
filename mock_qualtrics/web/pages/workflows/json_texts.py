"""JSON values as texts in the fields of a form. Pure."""

import json
from typing import Any

from mock_qualtrics.events import strict_json


class NotTakenError(ValueError):
    """A text is no JSON, or JSON that no setting may have; the message says why."""


def json_text(value: object) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def value_of(text: str) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value that a text is.

    Raises:
        NotTakenError: it is none, gives a key twice or has a number that cannot be kept.
    """
    try:
        document = strict_json.read(text.encode("utf-8", "surrogatepass"))
    except strict_json.NotJsonError as error:
        raise NotTakenError(f"this is no JSON: {error}") from None
    if document.duplicate_keys:
        raise NotTakenError("this gives a key twice")
    if strict_json.has_huge_number(document.value):
        raise NotTakenError("this has a number that is too large, or has too many digits")
    return document.value


def operand(text: str) -> Any:  # noqa: ANN401  any JSON value
    """Return what a condition compares with: a JSON value, or else the text as it is typed.

    Example:
        >>> operand("5"), operand('"5"'), operand("realized")
        (5, '5', 'realized')
    """
    try:
        return value_of(text)
    except NotTakenError:
        return text


def operand_text(value: object) -> str:
    """Return the text that `operand` reads as this value: a plain text as it is, where it can be.

    Example:
        >>> operand_text("realized"), operand_text("5"), operand_text(5)
        ('realized', '"5"', '5')
    """
    if isinstance(value, str) and value.isprintable() and operand(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
