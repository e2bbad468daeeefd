"""What stands between the cells of a CSV: never guessed, but told where it is another one."""

import re

from sender.errors import BrokenRowError

COMMA = ","
DELIMITERS = {",": ",", ";": ";", "tab": "\t", "|": "|"}
"""The delimiters by their names, as ``--delimiter`` takes them."""

_QUOTED = re.compile(r'"[^"]*"')


def check_header(text: str, delimiter: str) -> None:
    """Refuse a header line whose cells another delimiter separates, or whose lines end with CR.

    Raises:
        BrokenRowError: the text says what was found, and what to do.
    """
    plain = _QUOTED.sub("", text.rstrip("\r\n"))
    if "\r" in plain:
        raise BrokenRowError(
            "found lines that end with CR alone, expected LF or CRLF: tr '\\r' '\\n' < OLD > NEW"
        )
    counts = {name: plain.count(character) for name, character in DELIMITERS.items()}
    name, most = max(counts.items(), key=lambda item: item[1])
    if most > plain.count(delimiter):
        expected = next(known for known, value in DELIMITERS.items() if value == delimiter)
        raise BrokenRowError(
            f"found {_quoted(name)} between the columns, expected {_quoted(expected)}: "
            f"say --delimiter {_quoted(name)}"
        )


def _quoted(name: str) -> str:
    return name if name.isalpha() else f"'{name}'"
