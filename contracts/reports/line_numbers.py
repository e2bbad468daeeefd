"""Finds the line of a value in a JSON or TOML file, for reports that mark it there.

Reading gives values without their places. JSON is read once more as YAML, of which it is a part and
whose reader keeps places; of TOML the headers and keys are looked at. Where a place is not found,
the line of what it is in stands for it. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST_READ: Final = 5_000_000  # characters: about a second
_DEEPEST: Final = 100  # objects and lists in each other
_STEP: Final = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")  # which YAML refuses
_HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_PART: Final = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY: Final = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_TEXT_OF_LINES: Final = re.compile(r"\"\"\"|'''")

Steps = tuple[str | int, ...]


class Lines:
    """The lines of the values of one document.

    Args:
        file: the file's name, whose suffix tells TOML from JSON.
        text: what it contains.
    """

    def __init__(self, file: str, text: str) -> None:
        self._is_toml = Path(file).suffix.lower() == ".toml"
        self._text = text if len(text) <= _LONGEST_READ else ""

    def of(self, path: str) -> int | None:
        """Return the line, counted from 1, of a value; None when it is not found.

        Args:
            path: a JSONPath as :func:`contracts.violations.json_path` writes it.
        """
        steps = tuple(_steps(path))
        ends = (steps[:end] for end in range(len(steps), -1, -1))
        return next((self._lines[end] for end in ends if end in self._lines), None)

    @cached_property
    def _lines(self) -> dict[Steps, int]:
        places = _toml_places if self._is_toml else _json_places
        found: dict[Steps, int] = {}
        try:
            found.update({place: line for line, place in places(self._text)})
        except (yaml.YAMLError, ValueError):  # a part of it that YAML refuses
            return {}
        return found


def _steps(path: str) -> Iterator[str | int]:
    for name, index, quoted in _STEP.findall(path):
        yield int(index) if index else name or quoted.replace("\\'", "'")


@dataclass(slots=True)
class _Inside:
    """Where the reader is in an object or a list."""

    is_object: bool
    step: str | int = -1
    line: int = 0
    awaits_key: bool = True


def _json_places(text: str) -> Iterator[tuple[int, Steps]]:
    """Yield line and place of each value; one of an object is where its key is."""
    stack: list[_Inside] = []
    for event in yaml.parse(_SURROGATE.sub(r"\\u0041", text), Loader=_LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            line = 0 if event.start_mark is None else event.start_mark.line + 1
            if stack and not _comes_to_value(stack[-1], event, line):
                continue
            yield (stack[-1].line if stack else line), tuple(inside.step for inside in stack)
            if len(stack) == _DEEPEST:
                return
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Inside(isinstance(event, yaml.MappingStartEvent)))


def _comes_to_value(inside: _Inside, event: yaml.NodeEvent, line: int) -> bool:
    """Take a key, or the next place of a list; return whether the event begins a value."""
    if not inside.is_object:
        inside.step, inside.line = int(inside.step) + 1, line
        return True
    if not inside.awaits_key:
        inside.awaits_key = True
        return True
    inside.step, inside.line, inside.awaits_key = getattr(event, "value", ""), line, False
    return False


def _toml_places(text: str) -> Iterator[tuple[int, Steps]]:
    """Yield line and place of each header and key."""
    yield 1, ()
    tables: Counter[Steps] = Counter()
    table: Steps = ()
    is_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        was_text, is_text = is_text, is_text ^ bool(len(_TEXT_OF_LINES.findall(line)) % 2)
        if was_text:
            continue
        if header := _HEADER.match(line):
            table = _placed(_names(header[2]), tables, is_new=header[1] == "[[")
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_names(key[1]))


def _names(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(_PART, dotted)]


def _placed(names: list[str], tables: Counter[Steps], *, is_new: bool) -> Steps:
    """Return the place of a table, with the index of each list of tables on the way to it."""
    place: Steps = ()
    for position, name in enumerate(names, start=1):
        place = (*place, name)
        if is_new and position == len(names):
            tables[place] += 1
        if tables[place]:
            place = (*place, tables[place] - 1)
    return place
