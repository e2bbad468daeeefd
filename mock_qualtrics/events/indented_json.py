"""Indent a JSON text without changing its values. Pure.

Parsing it and dumping it again would lose repeated keys, the form of numbers and escapes; here
only the space between its parts changes.
"""

import re
from typing import Final

_PARTS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT: Final = "  "
_DEEPEST_INDENT: Final = 40  # a text nested 500 times would be mostly space


def indented(text: str, longest: int | None = None) -> str:
    """Return a valid JSON text with one member or entry a line.

    Args:
        text: the text.
        longest: after that many characters it ends, with the line; by default never.

    Example:
        >>> print(indented('{"a":1,"a":[1.0,{}]}'))
        {
          "a": 1,
          "a": [
            1.0,
            {}
          ]
        }
    """
    pieces: list[str] = []
    depth, opened = 0, False
    end = len(text) if longest is None else longest
    for match in _PARTS.finditer(text):
        part = match[0]
        if part in ("}", "]"):
            depth -= 1
            pieces.append(part if opened else _line(depth) + part)
            opened = False
            continue
        if opened:
            pieces.append(_line(depth))
        opened = part in ("{", "[")
        depth += opened
        pieces.append(_between(part, depth))
        if match.end() > end and part == ",":
            break
    return "".join(pieces).rstrip()


def _between(part: str, depth: int) -> str:
    if part == ",":
        return "," + _line(depth)
    return ": " if part == ":" else part


def _line(depth: int) -> str:
    return "\n" + _INDENT * min(depth, _DEEPEST_INDENT)
