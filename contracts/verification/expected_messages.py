"""Reads a file of messages that were to arrive: JSON lines, numbers exactly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.exact_values import exact_value, same_text


def read_messages(path: str) -> tuple[Mapping[str, Any], ...]:
    """Return the messages of a file, one a line; empty lines are left out.

    Raises:
        UnreadableFileError: the file cannot be read, has no message, or a line is no JSON object.
    """
    try:
        lines = Path(path).read_bytes().splitlines()
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(path, f"cannot be read: {reason}") from None
    messages = tuple(_message(path, n, line) for n, line in enumerate(lines, 1) if line.strip())
    if not messages:
        raise BrokenDocumentError(path, "is empty; expected one message a line, each a JSON object")
    return messages


def _message(path: str, number: int, line: bytes) -> Mapping[str, Any]:
    try:
        message = exact_value(line)
        same_text(message)  # what cannot be compared is told here
    except ValueError:
        raise BrokenDocumentError(path, "is no JSON; expected one message a line", number) from None
    if not isinstance(message, dict):
        raise BrokenDocumentError(path, "is no JSON object; expected a message", number)
    return message
