"""The file formats of profiles: finds a file's format, and reads its columns and rows.

Handles one source at a time; :mod:`sender.profiles.source` combines several.
"""

import gzip
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.profiles.columns import Columns
from sender.profiles.csv_file import read_csv, read_header
from sender.profiles.jsonl import read_jsonl
from sender.profiles.lines import Line, lines_of
from sender.profiles.parquet import read_columns, read_parquet
from sender.profiles.rows import NothingYet, Row

Rows = Iterator[Row | NothingYet]

PARQUET = "parquet"
SUFFIXES = (".jsonl", ".csv", ".parquet", ".jsonl.gz", ".csv.gz")
_COMPRESSED = ".gz"


@dataclass(frozen=True, slots=True)
class LineFormat:
    """A format that is read line by line.

    Attributes:
        rows: yields rows, given lines and the source's name.
        columns: returns the columns, given the first lines; None for a format without a header.
    """

    rows: Callable[[Iterable[Line], str], Rows]
    columns: Callable[[Iterable[Line]], Columns | None]


LINE_FORMATS = {
    "jsonl": LineFormat(read_jsonl, lambda _: None),
    "csv": LineFormat(read_csv, read_header),
}
FORMATS = (*LINE_FORMATS, PARQUET)
"""The names of the formats, as ``--format`` takes them."""


def format_of(name: str, format_name: str | None) -> str:
    """Return a file's format: ``format_name``, or else the one its suffix stands for.

    Raises:
        ConfigurationError: the suffix is unknown, or a Parquet file is compressed with gzip.
    """
    lowered = name.lower()
    if format_name is None and not lowered.endswith(SUFFIXES):
        expected = f"{', '.join(SUFFIXES)}, or -; or say with --format what it is"
        raise ConfigurationError(f"unknown kind of file, expected one of {expected}")
    format_ = format_name or lowered.removesuffix(_COMPRESSED).rpartition(".")[2]
    if format_ == PARQUET and lowered.endswith(_COMPRESSED):
        raise ConfigurationError("a Parquet file is compressed inside: expected one without .gz")
    return format_


def columns_of_file(name: str, format_: str) -> Columns | None:
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
        if format_ == PARQUET:
            return read_columns(raw)
        return LINE_FORMATS[format_].columns(lines_of(_stream(raw, name)))


def rows_of_file(raw: BinaryIO, name: str, format_: str, dataflow: Dataflow | None = None) -> Rows:
    """Yield the rows of an open file; of Parquet, only what the dataflow maps is read."""
    if format_ == PARQUET:
        return read_parquet(raw, name, dataflow)
    return LINE_FORMATS[format_].rows(lines_of(_stream(raw, name)), name)


def _stream(raw: BinaryIO, name: str) -> BinaryIO:
    return cast("BinaryIO", gzip.open(raw)) if name.lower().endswith(_COMPRESSED) else raw
