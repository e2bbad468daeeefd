"""The file formats of profiles: finds a file's format, and reads its columns and rows.

Handles one source at a time; :mod:`sender.profiles.source` combines several.
"""

import contextlib
import functools
import gzip
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sender.dataflow import Dataflow
from sender.errors import BrokenRowError, ConfigurationError
from sender.profiles.columns import Columns
from sender.profiles.content.delimiters import COMMA
from sender.profiles.content.kinds import GZIP_MAGIC, PARQUET_MAGIC, foreign_kind
from sender.profiles.csv_file import read_csv, read_header
from sender.profiles.jsonl import check_beginning, read_jsonl
from sender.profiles.lines import LONGEST_LINE_BYTES, Line, lines_of
from sender.profiles.parquet import read_columns, read_parquet
from sender.profiles.rows import NothingYet, Row

DAMAGE = (OSError, EOFError, zlib.error)
"""What reading a source that is damaged raises."""

Rows = Iterator[Row | NothingYet]

CSV = "csv"
PARQUET = "parquet"
_COMPRESSED = ".gz"
_JSON_SUFFIXES = ("jsonl", "ndjson", "json")
SUFFIXES = (
    ".jsonl",
    ".csv",
    ".parquet",
    ".ndjson",
    ".json",
    ".jsonl.gz",
    ".csv.gz",
    ".ndjson.gz",
    ".json.gz",
)


@dataclass(frozen=True, slots=True)
class LineFormat:
    """A format that is read line by line.

    Attributes:
        rows: yields rows, given lines and the source's name.
        columns: returns the columns, given the first lines; None for a format without a header.
        has_header: whether the first lines have to be there before rows can be read.
    """

    rows: Callable[[Iterable[Line], str], Rows]
    columns: Callable[[Iterable[Line]], Columns | None]
    has_header: bool


FORMATS = ("jsonl", CSV, PARQUET)
"""The names of the formats, as ``--format`` takes them."""


def line_format(format_: str, delimiter: str | None = None) -> LineFormat | None:
    """Return a format that is read line by line; None for any other.

    Args:
        format_: its name.
        delimiter: what stands between the cells of a CSV; None: commas.
    """
    if format_ == PARQUET:
        return None
    if format_ == "jsonl":
        return LineFormat(read_jsonl, check_beginning, has_header=False)
    between = delimiter or COMMA
    return LineFormat(
        functools.partial(read_csv, delimiter=between),
        functools.partial(read_header, delimiter=between),
        has_header=True,
    )


def format_of(name: str, format_name: str | None) -> str:
    """Return a file's format: ``format_name``, or else the one its suffix stands for.

    Raises:
        ConfigurationError: the suffix is unknown, or a Parquet file is compressed with gzip.
    """
    lowered = name.lower()
    if format_name is None and not lowered.endswith(SUFFIXES):
        expected = f"{', '.join(SUFFIXES)}, or -; or say with --format what it is"
        raise ConfigurationError(f"unknown kind of file, expected one of {expected}")
    suffix = lowered.removesuffix(_COMPRESSED).rpartition(".")[2]
    format_ = format_name or ("jsonl" if suffix in _JSON_SUFFIXES else suffix)
    if format_ == PARQUET and lowered.endswith(_COMPRESSED):
        raise ConfigurationError("a Parquet file is compressed inside: expected one without .gz")
    return format_


def columns_of_file(name: str, format_: str, delimiter: str | None = None) -> Columns | None:
    """Return a file's columns, or None for a format without a header; always opens the file.

    Raises:
        BrokenRowError: its header cannot be read.
        ConfigurationError: it is a pipe or a device, or the format needs an extra.
        OSError, EOFError, zlib.error: it cannot be opened, or is damaged.
    """
    mode = Path(name).stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ConfigurationError("no regular file: pipe it in, and name it -")
    with Path(name).open("rb") as raw:
        by_lines = line_format(format_, delimiter)
        if by_lines is None:
            return _parquet_columns(raw)
        # Where there is no header, damage is told when the rows are read.
        ignored = () if by_lines.has_header else DAMAGE
        with contextlib.suppress(*ignored):
            return by_lines.columns(lines_of(_stream(raw, name)))
    return None


def _parquet_columns(raw: BinaryIO) -> Columns:
    try:
        return read_columns(raw)
    except BrokenRowError as error:
        raw.seek(0)
        beginning = raw.readline(LONGEST_LINE_BYTES)
        if beginning.startswith(PARQUET_MAGIC):
            raise
        found = foreign_kind(beginning) or "found text"
        raise BrokenRowError(f"{error}: {found}") from None


def rows_of_file(
    raw: BinaryIO,
    name: str,
    format_: str,
    dataflow: Dataflow | None = None,
    delimiter: str | None = None,
) -> Rows:
    """Yield the rows of an open file; of Parquet, only what the dataflow maps is read."""
    by_lines = line_format(format_, delimiter)
    if by_lines is None:
        return read_parquet(raw, name, dataflow)
    return by_lines.rows(lines_of(_stream(raw, name)), name)


def _stream(raw: BinaryIO, name: str) -> BinaryIO:
    """Return a file's text.

    Raises:
        BrokenRowError: it is not compressed, though its name says so.
    """
    if not name.lower().endswith(_COMPRESSED):
        return raw
    beginning = raw.read(len(GZIP_MAGIC))
    raw.seek(0)
    if beginning and beginning != GZIP_MAGIC:
        raise BrokenRowError("found no data compressed with gzip: name it without .gz")
    return cast("BinaryIO", gzip.open(raw))
