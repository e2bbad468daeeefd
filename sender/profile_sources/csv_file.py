"""Profiles as CSV: a header of dotted paths, one profile a row."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from sender.errors import BrokenRowError
from sender.profile_sources.columns import Columns
from sender.profile_sources.rows import BrokenRow, ProfileRow, Row, bounded_lines


def read_header(stream: BinaryIO) -> Columns | None:
    """Return the columns of a CSV, nothing for an empty one.

    Raises:
        BrokenRowError: the first row cannot be read as a header.
    """
    for _, cells in _numbered_rows(stream):
        if isinstance(cells, BrokenRowError):
            raise cells
        return Columns([name.strip() for name in cells])
    return None


def read_csv(stream: BinaryIO, source: str) -> Iterator[Row]:
    """Yield one row for each row after the header; blank lines are skipped but counted."""
    columns: Columns | None = None
    for line, cells in _numbered_rows(stream):
        try:
            if isinstance(cells, BrokenRowError):
                raise cells
            if columns is not None:
                yield ProfileRow(columns.profile(cells), source, line)
            else:
                columns = Columns([name.strip() for name in cells])
        except BrokenRowError as error:
            yield BrokenRow(source, line, str(error))


def _numbered_rows(stream: BinaryIO) -> Iterator[tuple[int, list[str] | BrokenRowError]]:
    # Undecodable bytes become surrogates, so that one of them breaks its own row only.
    texts = (line.decode("utf-8", "surrogateescape") for line in bounded_lines(stream))
    reader = csv.reader(texts, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, BrokenRowError(f"no CSV: {error}")
            continue
        if not all(map(_is_utf8, cells)):
            yield line, BrokenRowError("not UTF-8")
        elif cells and not (len(cells) == 1 and not cells[0].strip()):
            yield line, cells


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= character <= "\udfff" for character in cell)
