"""Reads profiles from Parquet with pyarrow (extra ``parquet``).

Columns are either dotted paths, as in CSV, or nested like the profile (structs, maps, lists). Only
mapped columns are read. A cell that cannot be converted breaks its row, and no other; a row group
that cannot be read is said as unread, and those after it are read.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from contracts.extras import missing_extra
from sender.dataflow import Dataflow
from sender.errors import BrokenRowError, ConfigurationError
from sender.profiles.columns import Columns
from sender.profiles.parquet_cells import CellError, Reader, Wanted, converted, reader_of
from sender.profiles.parquet_schema import ParquetColumns, projected, wanted_of, wanted_paths
from sender.profiles.rows import BrokenRow, Row, UnreadRows

ROWS_AT_ONCE = 1_000


def parquet_module() -> Any:  # noqa: ANN401  pyarrow is optional and untyped
    """Return ``pyarrow.parquet``.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        raise ConfigurationError(
            missing_extra("Parquet files need", "pyarrow", "parquet")
        ) from None


def read_columns(stream: BinaryIO) -> Columns:
    """Return the columns of a Parquet file.

    Raises:
        BrokenRowError: the file is not a Parquet file.
        ConfigurationError: pyarrow is not installed.
    """
    return ParquetColumns(_open(stream).schema_arrow)


def read_parquet(
    stream: BinaryIO, source: str, dataflow: Dataflow | None = None
) -> Iterator[Row | UnreadRows]:
    """Yield the file's rows; keeps one batch at a time in memory.

    Args:
        stream: the file, at its beginning.
        source: its name.
        dataflow: only the columns that it maps are read; None: all.
    """
    try:
        file = _open(stream)
    except BrokenRowError:
        yield UnreadRows(source, 1, "damaged: the file cannot be read")
        return
    table = _Table(file, dataflow)
    first = 1
    for group in range(file.num_row_groups):
        yield from _group_rows(table, group, source, first)
        first += file.metadata.row_group(group).num_rows


def _group_rows(table: "_Table", group: int, source: str, first: int) -> Iterator[Row | UnreadRows]:
    last = first + table.file.metadata.row_group(group).num_rows - 1
    line = first
    try:
        for batch in table.batches(group):
            for row in table.rows(batch, source, line):
                yield row
                line += 1
        missing = line <= last
    except _unreadable():
        missing = True
    if missing:
        lines = f"the rows {line:,} to {last:,}" if line < last else f"the row {last:,}"
        yield UnreadRows(source, line, f"damaged: {lines} cannot be read")


def _unreadable() -> tuple[type[Exception], ...]:
    return (import_module("pyarrow").ArrowException, OSError, ValueError)


def _open(stream: BinaryIO) -> Any:  # noqa: ANN401  pyarrow is optional and untyped
    module = parquet_module()
    try:
        # A date beyond 2262 in an INT96 of Spark would silently become another in nanoseconds.
        return module.ParquetFile(
            stream, coerce_int96_timestamp_unit="us", page_checksum_verification=True
        )
    except _unreadable():
        raise BrokenRowError("no Parquet file, or one that is damaged at its end") from None


class _Table:
    """One file, and how the columns of a dataflow are read from it."""

    def __init__(self, file: Any, dataflow: Dataflow | None) -> None:  # noqa: ANN401  untyped
        self.file = file
        self._wanted = {name: Wanted() for name in file.schema_arrow.names}
        self._names: list[str] | None = None
        if dataflow is not None:
            paths = wanted_paths(dataflow)
            found = {name: wanted_of(name, paths) for name in file.schema_arrow.names}
            self._wanted = {name: part for name, part in found.items() if part is not None}
            self._names = list(self._projected())
        self._columns: Columns = Columns([])
        self._readers: list[Reader] = []

    def _projected(self) -> Iterator[str]:
        for name, wanted in self._wanted.items():
            yield from projected(name, self.file.schema_arrow.field(name).type, wanted)

    def batches(self, group: int) -> Iterator[Any]:
        """Yield a row group's batches."""
        yield from self.file.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=self._names)

    def rows(self, batch: Any, source: str, first: int) -> Iterator[Row]:  # noqa: ANN401  untyped
        """Yield a batch's rows, numbered from ``first``."""
        if self._columns.header != tuple(batch.schema.names):
            self._columns = ParquetColumns(batch.schema)
            fields = [(field.type, self._wanted[field.name]) for field in batch.schema]
            self._readers = [reader_of(type_, wanted) for type_, wanted in fields]
        cells = zip(batch.columns, self._readers, strict=True)
        values = [converted(column, read) for column, read in cells]
        for line, row in enumerate(zip(*values, strict=True), start=first):
            yield self._row(row, source, line)

    def _row(self, cells: tuple[Any, ...], source: str, line: int) -> Row:
        for name, cell in zip(self._columns.header, cells, strict=True):
            if isinstance(cell, CellError):
                return BrokenRow(source, line, f"column {name}: {cell}")
        try:
            return self._columns.row(cells, source, line)
        except BrokenRowError as error:
            return BrokenRow(source, line, str(error))
