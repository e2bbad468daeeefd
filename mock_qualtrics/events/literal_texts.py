"""What in a task's settings looks like a pipe and goes out as it is, and why (Q-BODY-3). Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mock_qualtrics.events.field_piping import PIPED, no_value
from mock_qualtrics.events.other_pipes import literal_fields, other_kinds, texts


class Literal(NamedTuple):
    """A part of a task's settings that stays as it is.

    Attributes:
        place: the setting that has it.
        text: the part.
        why: why nothing took its place.
    """

    place: str
    text: str
    why: str


def literal_texts(
    settings: Mapping[str, Any], values: Mapping[str, Any], paths: Mapping[str, str]
) -> Iterator[Literal]:
    """Yield what stays literal in settings, before they are piped.

    Args:
        settings: any JSON.
        values: the fields that the event has.
        paths: the JSONPath of every field.
    """
    for place, text in texts(settings):
        for match in PIPED.finditer(text):
            if match[1] not in values:
                yield Literal(place, match[0], no_value(match[1], paths))
    for place, text in literal_fields(settings):
        meant = "~" + text.removeprefix("$")
        yield Literal(place, text, f"it has no ~ before it; {meant} pipes the field")
    for place, text in other_kinds(settings):
        yield Literal(place, text, "a pipe of another kind, which the mock does not fill in")
