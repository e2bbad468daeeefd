"""The records of a CSV: which lines belong together, and what is read after a broken one.

A quote that is never closed would swallow all rows that follow. Such a record costs its first line
only: the lines after it are read once more, as records of their own. What the cells mean is not
known here.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sender.errors import BrokenRowError
from sender.profile_sources.lines import LONGEST_LINE_BYTES, Line
from sender.profile_sources.rows import NothingYet

# A cell that begins with a quote: its content, the quote that closes it, and what follows that.
_QUOTED_CELL = re.compile(r'(?<![^,])"[^"]*+(?:""[^"]*+)*+("?)(.?)', re.DOTALL)
_MAY_FOLLOW = ("", ",", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One record, whole or broken.

    Attributes:
        line: the line where it begins, counted from 1.
        last_line: the line where it ends.
        cells: its cells, or why they cannot be read.
    """

    line: int
    last_line: int
    cells: list[str] | BrokenRowError


def numbered_records(lines: Iterable[Line]) -> Iterator[Record | NothingYet]:
    """Yield the records that lines make, each once it is whole; blank lines are none."""
    assembly = _Assembly()
    for line in lines:
        if isinstance(line, NothingYet):
            yield line
        else:
            # Undecodable bytes become surrogates, so that one of them breaks its own row only.
            yield from assembly.take(line.decode("utf-8", "surrogateescape"))
    yield from assembly.end()


class _Assembly:
    """Puts lines together until no quote is open."""

    def __init__(self) -> None:
        self._ahead: deque[str] = deque()
        self._record: list[str] = []
        self._first_line = 1
        self._start()

    def _start(self) -> None:
        self._record = []
        self._is_open = False
        self._length = self._length_unquoted = 0

    def take(self, text: str) -> Iterator[Record]:
        """Add a line and yield the records that are whole with it."""
        self._ahead.append(text)
        return self._whole_records()

    def end(self) -> Iterator[Record]:
        """Yield the records that are left when no line follows."""
        while self._record:
            yield from self._cut()
            yield from self._whole_records()

    def _whole_records(self) -> Iterator[Record]:
        while self._ahead:
            self._add(self._ahead.popleft())
            if not self._is_open or self._is_too_long():
                yield from self._cut()

    def _add(self, text: str) -> None:
        self._record.append(text)
        self._length += len(text)
        self._length_unquoted = len(text) + (0 if '"' in text else self._length_unquoted)
        self._is_open = ends_open(text, is_open=self._is_open)

    def _is_too_long(self) -> bool:
        """Tell whether the open cell can no more be one, wherever its quote is closed."""
        return self._length_unquoted > csv.field_size_limit() or self._length > LONGEST_LINE_BYTES

    def _cut(self) -> Iterator[Record]:
        """Yield the record if its lines hold one, and go on behind those that it took."""
        taken = len(self._record)
        cells: list[str] | BrokenRowError
        try:
            cells = _cells(self._record)
        except csv.Error as error:
            cells = BrokenRowError(_reason(error, self._record))
            self._ahead.extendleft(reversed(self._record[1:]))
            taken = 1
        line = self._first_line
        self._first_line += taken
        self._start()
        if not isinstance(cells, list) or any(cell.strip() for cell in cells) or len(cells) > 1:
            yield Record(line, line + taken - 1, cells)


def ends_open(text: str, *, is_open: bool) -> bool:
    """Tell whether a quoted cell goes on after this line.

    Args:
        text: the line.
        is_open: whether one was open before it.
    """
    if '"' not in text:
        return is_open
    for cell in _QUOTED_CELL.finditer(f'"{text}' if is_open else text):
        closing, following = cell.groups()
        if not closing:
            return True
        if following not in _MAY_FOLLOW:
            return False
    return False


def _cells(record: list[str]) -> list[str] | BrokenRowError:
    """Return a record's cells.

    Raises:
        csv.Error: its quotes are not where they may be.
    """
    cells = next(csv.reader(record, strict=True))
    return cells if all(map(_is_utf8, cells)) else BrokenRowError("not UTF-8")


def _reason(error: csv.Error, record: list[str]) -> str:
    if not ends_open(record[0], is_open=False):
        return f"no CSV: {error}"
    limit = csv.field_size_limit()
    expected = f"no CSV: a quote opens here that is not closed rightly within {limit} characters"
    return expected if len(record) == 1 else f"{expected}; the next line is read as a row"


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= character <= "\udfff" for character in cell)
