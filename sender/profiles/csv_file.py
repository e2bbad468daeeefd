"""Reads profiles from CSV: a header of dotted paths, one profile per row."""

import itertools
from collections.abc import Iterable, Iterator

from sender.errors import BrokenRowError
from sender.profiles.columns import Columns
from sender.profiles.content.delimiters import COMMA, check_header
from sender.profiles.content.kinds import refuse_foreign
from sender.profiles.csv_records import Record, numbered_records
from sender.profiles.lines import Line, is_blank
from sender.profiles.rows import BrokenRow, NothingYet, ProfileRow, Row, UnreadRows


def read_header(lines: Iterable[Line], delimiter: str = COMMA) -> Columns | None:
    """Return the columns of a CSV, or None if it is empty; reads no further than the header.

    Raises:
        BrokenRowError: the source is no CSV with this delimiter, or the first row is no header.
    """
    for record in numbered_records(_checked(lines, delimiter), delimiter):
        if isinstance(record, Record):
            return _columns(record)
    return None


def read_csv(
    lines: Iterable[Line], source: str, delimiter: str = COMMA
) -> Iterator[Row | NothingYet]:
    """Yield one row for each row after the header; blank lines are skipped but counted."""
    try:
        yield from _rows(_checked(lines, delimiter), source, delimiter)
    except BrokenRowError as error:
        yield UnreadRows(source, 1, str(error))


def _checked(lines: Iterable[Line], delimiter: str) -> Iterator[Line]:
    """Yield the lines, after a look at the first one that is not blank.

    Raises:
        BrokenRowError: it is no line of a CSV with this delimiter.
    """
    remaining = iter(lines)
    for line in remaining:
        if isinstance(line, NothingYet) or is_blank(line):
            yield line
            continue
        refuse_foreign(line, table=True)
        check_header(line.decode("utf-8", "replace"), delimiter)
        yield from itertools.chain([line], remaining)


def _rows(lines: Iterable[Line], source: str, delimiter: str) -> Iterator[Row | NothingYet]:
    columns: Columns | None = None
    for record in numbered_records(lines, delimiter):
        if isinstance(record, NothingYet):
            yield record
            continue
        try:
            if columns is not None:
                yield _row(columns, record, source)
            else:
                columns = _columns(record)
        except BrokenRowError as error:
            yield BrokenRow(source, record.line, str(error), record.is_cut)


def _columns(record: Record) -> Columns:
    if isinstance(record.cells, BrokenRowError):
        raise record.cells
    return Columns([name.strip() for name in record.cells])


def _row(columns: Columns, record: Record, source: str) -> ProfileRow:
    if isinstance(record.cells, BrokenRowError):
        raise record.cells
    try:
        return columns.row(record.cells, source, record.line)
    except BrokenRowError as error:
        if record.last_line == record.line:
            raise
        where = f"the row ends at line {record.last_line}: is a quote open too long?"
        raise BrokenRowError(f"{error}; {where}") from None
