"""Reads profiles from CSV: a header of dotted paths, one profile per row."""

from collections.abc import Iterable, Iterator
from typing import Any

from sender.errors import BrokenRowError
from sender.profiles.columns import Columns
from sender.profiles.csv_records import Record, numbered_records
from sender.profiles.lines import Line
from sender.profiles.rows import BrokenRow, NothingYet, ProfileRow, Row


def read_header(lines: Iterable[Line]) -> Columns | None:
    """Return the columns of a CSV, or None if it is empty; reads no further than the header.

    Raises:
        BrokenRowError: the first row cannot be read as a header.
    """
    for record in numbered_records(lines):
        if isinstance(record, Record):
            return _columns(record)
    return None


def read_csv(lines: Iterable[Line], source: str) -> Iterator[Row | NothingYet]:
    """Yield one row for each row after the header; blank lines are skipped but counted."""
    columns: Columns | None = None
    for record in numbered_records(lines):
        if isinstance(record, NothingYet):
            yield record
            continue
        try:
            if columns is not None:
                profile = _profile(columns, record)
                yield ProfileRow(profile, source, record.line, columns.known_audiences)
            else:
                columns = _columns(record)
        except BrokenRowError as error:
            yield BrokenRow(source, record.line, str(error))


def _columns(record: Record) -> Columns:
    if isinstance(record.cells, BrokenRowError):
        raise record.cells
    return Columns([name.strip() for name in record.cells])


def _profile(columns: Columns, record: Record) -> dict[str, Any]:
    if isinstance(record.cells, BrokenRowError):
        raise record.cells
    try:
        return columns.profile(record.cells)
    except BrokenRowError as error:
        if record.last_line == record.line:
            raise
        where = f"the row ends at line {record.last_line}: is a quote open too long?"
        raise BrokenRowError(f"{error}; {where}") from None
