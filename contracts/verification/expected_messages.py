"""The messages that were to arrive: of a file of JSON lines with exact numbers, or of a list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final

from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.exact_values import exact_value, same_text
from contracts.plain_files import check_plain_file
from contracts.violations import describe, json_path

_EXPECTED: Final = "expected a list of messages, each a dict as it was to be posted"
_OF_A_TEXT: Final = "; json.loads makes a dict of a JSON text"

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """A message that was to arrive.

    Attributes:
        place: where it is listed: ``line 3 of --messages``, ``messages[2]``.
        value: the message, as it was to be posted.
    """

    place: str
    value: Mapping[str, Any] = field(repr=False)


def read_messages(path: str) -> tuple[ExpectedMessage, ...]:
    """Return the messages of a file, one a line; empty lines are left out.

    Raises:
        UnreadableFileError: the file cannot be read, has no message, or a line is no JSON object.
    """
    check_plain_file(path)
    try:
        lines = Path(path).read_bytes().splitlines()
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(path, f"cannot be read: {reason}") from None
    messages = tuple(
        ExpectedMessage(f"line {number} of --messages", _message(path, number, line))
        for number, line in enumerate(lines, 1)
        if line.strip()
    )
    if not messages:
        raise BrokenDocumentError(path, "is empty; expected one message a line, each a JSON object")
    return messages


def listed_messages(
    messages: Iterable[Mapping[str, Any] | ExpectedMessage],
) -> tuple[ExpectedMessage, ...]:
    """Return the messages of a list, each with its place; nothing of them is in an error.

    Raises:
        TypeError: it is no list, or one of it is no JSON object; says which, and where.
    """
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Iterable):
        hint = _OF_A_TEXT if isinstance(messages, str | bytes) else ""
        raise TypeError(f"messages: found a {type(messages).__name__}, {_EXPECTED}{hint}")
    return tuple(_listed(number, message) for number, message in enumerate(messages))


def _message(path: str, number: int, line: bytes) -> Mapping[str, Any]:
    try:
        message = exact_value(line)
        same_text(message)  # what cannot be compared is told here
    except ValueError:
        raise BrokenDocumentError(path, "is no JSON; expected one message a line", number) from None
    if not isinstance(message, dict):
        raise BrokenDocumentError(path, "is no JSON object; expected a message", number)
    if problem := next(_problems(message, ()), ""):  # Python reads NaN, which JSON has not
        raise BrokenDocumentError(path, problem, number)
    return message


def _listed(number: int, message: object) -> ExpectedMessage:
    if isinstance(message, ExpectedMessage):
        return message
    place = f"messages[{number}]"
    if not isinstance(message, dict):
        hint = _OF_A_TEXT if isinstance(message, str | bytes) else ""
        raise TypeError(
            f"{place}: found a {type(message).__name__}, expected a message, a dict as it was to "
            f"be posted{hint}"
        )
    try:
        problem = next(_problems(message, ()), "")
    except RecursionError:
        problem = "$: is nested too deeply"
    if problem:
        raise TypeError(f"{place}: {problem}")
    return ExpectedMessage(place, message)


def _problems(value: object, place: Place) -> Iterator[str]:
    """Yield where a value holds what no JSON text can, such as an instant of Python."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                yield f"{json_path(place)}: found a key of type {type(key).__name__}, expected text"
            yield from _problems(inner, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _problems(inner, (*place, number))
    elif isinstance(value, float) and not isfinite(value):
        yield f"{json_path(place)}: found {describe(value)}, expected a number that JSON has"
    elif not isinstance(value, str | int | float | None):
        yield f"{json_path(place)}: found {type(value).__name__}, expected a JSON value"
