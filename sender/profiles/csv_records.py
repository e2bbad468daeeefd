"""Splits the lines of a CSV into records, and recovers after a broken one.

With a plain CSV reader, a quote that is never closed would swallow all following rows. Here such a
record loses only its first line: the lines after it are read as records of their own.
"""

import csv
import functools
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sender.errors import BrokenRowError
from sender.profiles.content.delimiters import COMMA
from sender.profiles.lines import LONGEST_LINE_BYTES, Line, is_cut
from sender.profiles.rows import NothingYet

# A cell that starts with a quote: its content, the closing quote, and the character after it. The
# possessive quantifiers (`*+`) rule out backtracking, so the search takes linear time.
_QUOTED_CELL = r'(?<![^{}])"[^"]*+(?:""[^"]*+)*+("?)(.?)'
LONGEST_RECORD_LINES = 500
_NOT_UTF_8 = (
    "not UTF-8; if all of it is Latin-1 or Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record, valid or broken.

    Attributes:
        line: its first line, counted from 1.
        last_line: its last line.
        cells: its cells, or why they cannot be read.
        is_cut: whether the text ends in it, without an end of its last line.
    """

    line: int
    last_line: int
    cells: list[str] | BrokenRowError
    is_cut: bool = False


def numbered_records(
    lines: Iterable[Line], delimiter: str = COMMA
) -> Iterator[Record | NothingYet]:
    """Yield each record as soon as it is complete; blank lines are skipped."""
    assembly = _Assembly(delimiter)
    for line in lines:
        if isinstance(line, NothingYet):
            yield line
        else:
            # Undecodable bytes become surrogates, so that they break only their own row.
            yield from assembly.take(line.decode("utf-8", "surrogateescape"))
    yield from assembly.end()


class _Assembly:
    """Joins lines until no quote is open.

    When the first line turns out to be broken, only the line after it is examined again. The result
    for the later lines stays valid, because whether a line leaves a quote open soon no longer
    depends on the lines before it. So the total time is proportional to the length of the text.
    """

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._lines: deque[str] = deque()
        self._first_line = 1
        self._is_open = False
        self._first_is_alone = False
        self._length = self._length_unquoted = 0

    def take(self, text: str) -> Iterator[Record]:
        """Add a line and yield the records that it completes."""
        self._is_open = self._ends_open(text, is_open=self._is_open)
        self._lines.append(text)
        self._length += len(text)
        self._length_unquoted = len(text) + (0 if '"' in text else self._length_unquoted)
        while self._lines and self._is_decided():
            yield from self._cut()

    def end(self) -> Iterator[Record]:
        """Yield the remaining records, at the end of the text."""
        while self._lines:
            yield from self._cut()

    def _is_decided(self) -> bool:
        return self._first_is_alone or not self._is_open or self._is_too_long()

    def _is_too_long(self) -> bool:
        """Return whether the open cell exceeds a limit, so that it is broken wherever it ends."""
        return (
            len(self._lines) >= LONGEST_RECORD_LINES
            or self._length_unquoted > csv.field_size_limit()
            or self._length > LONGEST_LINE_BYTES
        )

    def _cut(self) -> Iterator[Record]:
        """Yield the first record; if it is broken, only its first line, as a broken record."""
        record = [self._lines[0]] if self._first_is_alone else list(self._lines)
        cells: list[str] | BrokenRowError
        try:
            is_open = self._is_open and not self._first_is_alone
            cells = _cells(record, self._delimiter, is_open=is_open)
        except csv.Error:
            is_open = self._ends_open(record[0], is_open=False)
            cells = BrokenRowError(_reason(record, is_open=is_open))
            record = record[:1]
        line = self._first_line
        self._drop(len(record))
        if not isinstance(cells, list) or any(cell.strip() for cell in cells) or len(cells) > 1:
            yield Record(line, line + len(record) - 1, cells, _is_cut(record[-1]))

    def _drop(self, count: int) -> None:
        """Remove the first lines, and update what is known of the rest."""
        self._first_line += count
        for _ in range(count):
            self._length -= len(self._lines.popleft())
        opens = bool(self._lines) and self._ends_open(self._lines[0], is_open=False)
        self._first_is_alone = bool(self._lines) and not opens
        if len(self._lines) < 2:  # noqa: PLR2004  only the last line is left: examine it again
            self._is_open, self._length_unquoted = opens, self._length

    def _ends_open(self, text: str, *, is_open: bool) -> bool:
        return ends_open(text, is_open=is_open, delimiter=self._delimiter)


def _is_cut(text: str) -> bool:
    return not text.endswith("\n") and is_cut(text.encode("utf-8", "surrogateescape"))


@functools.cache
def _quoted_cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(_QUOTED_CELL.format(re.escape(delimiter)), re.DOTALL)


def ends_open(text: str, *, is_open: bool, delimiter: str = COMMA) -> bool:
    """Return whether a quoted cell continues after this line.

    Args:
        text: the line.
        is_open: whether a quoted cell was open before it.
        delimiter: what stands between cells.
    """
    if '"' not in text:
        return is_open
    for cell in _quoted_cell(delimiter).finditer(f'"{text}' if is_open else text):
        closing, following = cell.groups()
        if not closing:
            return True
        if following not in ("", delimiter, "\r", "\n"):
            return False
    return False


def _cells(record: list[str], delimiter: str, *, is_open: bool) -> list[str] | BrokenRowError:
    """Return a record's cells.

    Args:
        record: its lines.
        delimiter: what stands between cells.
        is_open: whether a quote is open at its end.

    Raises:
        csv.Error: its quotes are invalid.
    """
    if is_open:
        raise csv.Error
    if any("\0" in line for line in record):
        return BrokenRowError("a NUL byte, which no text has")
    cells = next(csv.reader(record, strict=True, delimiter=delimiter))
    return cells if all(map(_is_utf8, cells)) else BrokenRowError(_NOT_UTF_8)


def _reason(record: list[str], *, is_open: bool) -> str:
    limit = csv.field_size_limit()
    if not is_open:
        if "\r" in record[0].rstrip("\r\n"):
            return "not CSV: found CR within a cell, expected it between quotes"
        is_long = len(record[0]) > limit
        found = f"a cell with more than {limit} characters" if is_long else "text behind a quote"
        expected = "fewer" if is_long else "the end of the cell"
        return f"not CSV: found {found}, expected {expected}"
    within = f"{limit} characters and {LONGEST_RECORD_LINES} lines"
    expected = f"not CSV: a quote opens here and is not closed within {within}"
    return expected if len(record) == 1 else f"{expected}; the next line is read as a row"


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= character <= "\udfff" for character in cell)
