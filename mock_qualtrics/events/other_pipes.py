"""What looks like a pipe in a task's settings, besides the fields that are piped (Q-BODY-3). Pure.

Qualtrics has pipes of other kinds, such as ``~{ch://OCAC_…/$.path}`` for the output of the task
with that id. They stay as they are; here is what they say about the task.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# A `~` before it makes it a pipe, also before `$`: `field_piping` has those.
_FORGOTTEN = re.compile(r"(?<!~)(?<!~\$)\$?\{aedj://[^{}\s]+\}")
_OUTPUT = re.compile(r"~\{ch://([^/{}]+)(?:/[^{}]*)?\}")
_OTHER_KINDS = re.compile(r"~?[$~]\{(?!aedj://)[a-z]+://[^{}]*\}")
CREDENTIAL = "~{auth://"


def literal_fields(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is no pipe and looks like a forgotten ``~``, each with the setting that has it."""
    for place, text in texts(settings):
        for match in _FORGOTTEN.finditer(text):
            yield place, match.group()


def other_kinds(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pipes of other kinds, each with the setting that has it; they stay as they are."""
    for place, text in texts(settings):
        for match in _OTHER_KINDS.finditer(text):
            yield place, match.group()


def outputs(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the tasks whose output is piped, each with the setting that pipes it."""
    for place, text in texts(settings):
        for match in _OUTPUT.finditer(text):
            yield place, match.group(1)


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401  any JSON value
    """Yield every text in a JSON value with its place, such as ``body.lines[0]``."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from texts(item, f"{place}[{number}]")
