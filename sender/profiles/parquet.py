"""Reads profiles from Parquet with pyarrow (extra ``parquet``).

Columns are either dotted paths, as in CSV, or nested like the profile (structs, maps, lists).
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from sender.errors import BrokenRowError, ConfigurationError
from sender.profiles.columns import Columns
from sender.profiles.rows import BrokenRow, ProfileRow, Row

ROWS_AT_ONCE = 1_000
_PAIR = 2


def parquet_module() -> Any:  # noqa: ANN401  pyarrow is optional and untyped
    """Return ``pyarrow.parquet``.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        expected = "the extra that brings pyarrow: pip install 'mock-qualtrics[parquet]'"
        raise ConfigurationError(f"Parquet files need {expected}") from None


def read_columns(stream: BinaryIO) -> Columns:
    """Return the columns of a Parquet file.

    Raises:
        BrokenRowError: the file is not a Parquet file.
        ConfigurationError: pyarrow is not installed.
    """
    return Columns(_open(stream).schema_arrow.names, is_nested=True)


def read_parquet(stream: BinaryIO, source: str) -> Iterator[Row]:
    """Yield the file's rows; keeps one batch at a time in memory."""
    line = 0
    try:
        file = _open(stream)
        columns = Columns(file.schema_arrow.names, is_nested=True)
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            for record in batch.to_pylist():
                line += 1
                yield _row(columns, record, source, line)
    except (BrokenRowError, OSError, ValueError):
        yield BrokenRow(source, line + 1, "damaged: the rest of the file cannot be read")


def _open(stream: BinaryIO) -> Any:  # noqa: ANN401  pyarrow is optional and untyped
    module = parquet_module()
    try:
        return module.ParquetFile(stream)
    except (OSError, ValueError):  # pyarrow's errors are ValueErrors and OSErrors
        raise BrokenRowError("no Parquet file") from None


def _row(columns: Columns, record: dict[str, Any], source: str, line: int) -> Row:
    try:
        cells = [_plain(record[name]) for name in columns.header]
        return ProfileRow(columns.profile(cells), source, line)
    except BrokenRowError as error:
        return BrokenRow(source, line, str(error))


def _plain(value: Any) -> Any:  # noqa: ANN401  a cell has any type
    """Return a cell with plain dicts; pyarrow returns a Parquet map as a list of pairs."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        if value and all(isinstance(pair, tuple) and len(pair) == _PAIR for pair in value):
            return {key: _plain(inner) for key, inner in value if inner is not None}
        return [_plain(inner) for inner in value]
    return value
