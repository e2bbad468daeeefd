"""The sources of profiles: files and standard input, read as a stream in constant memory.

All sources are checked before the first profile is read, so that a mistyped name stops an export
before anything is sent.
"""

import functools
import itertools
import os
import zlib
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from sender.dataflow import Dataflow
from sender.errors import BrokenRowError, ConfigurationError
from sender.profiles.columns import Columns
from sender.profiles.content.source_checks import Earlier, SourceChecks
from sender.profiles.coverage import EarlierExports, with_known_audiences
from sender.profiles.formats import (
    CSV,
    DAMAGE,
    FORMATS,
    columns_of_file,
    format_of,
    line_format,
    rows_of_file,
)
from sender.profiles.lines import Line, lines_of
from sender.profiles.rows import (
    NOTHING_YET,
    BrokenRow,
    NothingYet,
    ProfileRow,
    Row,
    UnreadRows,
    nothing_readable,
)

__all__ = [
    "FORMATS",
    "NOTHING_YET",
    "BrokenRow",
    "NothingYet",
    "ProfileRow",
    "ProfileSource",
    "Row",
    "UnreadRows",
    "read_profiles",
]

STANDARD_INPUT = "-"


def read_profiles(
    sources: Iterable[str],
    stdin: BinaryIO,
    dataflow: Dataflow | None = None,
    format_name: str | None = None,
    *,
    delimiter: str | None = None,
    allow_missing_columns: bool = False,
) -> Iterator[Row]:
    """Yield the rows of all sources in order: profiles and broken rows.

    Waits for the rows of a live source; iterating a :class:`ProfileSource` does not. Give it the
    dataflow that the rows are exported with, so that a source that lacks something is refused.

    Raises:
        ConfigurationError: a source cannot be read, or cannot know what the dataflow maps.
    """
    source = ProfileSource(
        sources,
        stdin,
        dataflow,
        format_name,
        delimiter=delimiter,
        allow_missing_columns=allow_missing_columns,
    )
    return (row for row in source if not isinstance(row, NothingYet))


class ProfileSource:
    """The sources of one export, and how far they have been read.

    Iterating yields rows, and :data:`NOTHING_YET` while standard input is a pipe that has none.

    Args:
        sources: names of files that end as one of :data:`sender.profiles.formats.SUFFIXES`, and
            ``-`` for standard input.
        stdin: standard input, as a stream of bytes at its beginning.
        dataflow: checks the sources against this dataflow: one that cannot know a field that it
            maps is an error.
        format_name: one of :data:`FORMATS`, for all sources; default: the file's suffix, and JSON
            lines for standard input.
        delimiter: what stands between the cells of a CSV; default: commas.
        allow_missing_columns: whether a source may lack mapped fields: what is known of their
            audiences then stays, and the other fields count as absent.
        earlier: returns what the outbox knows of the exports before.

    Attributes:
        bytes_total: size of all sources; None when standard input is one of them.

    Raises:
        ConfigurationError: a source cannot be used; lists all problems.

    Example:
        >>> import io
        >>> source = ProfileSource(["-"], io.BytesIO(b"nonsense"))
        >>> [str(row) for row in source]
        ['-:1: not JSON: Expecting value at character 1']
    """

    def __init__(  # noqa: PLR0913  the public API
        self,
        sources: Iterable[str],
        stdin: BinaryIO,
        dataflow: Dataflow | None = None,
        format_name: str | None = None,
        *,
        delimiter: str | None = None,
        allow_missing_columns: bool = False,
        earlier: Earlier = EarlierExports,
    ) -> None:
        if isinstance(sources, str | bytes | os.PathLike):
            raise ConfigurationError("sources: found one name, expected a list of names")
        if format_name is not None and format_name not in FORMATS:
            known = ", ".join(FORMATS)
            raise ConfigurationError(f"format: found {format_name!r}, expected one of {known}")
        if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
            raise ConfigurationError(f"delimiter: found {delimiter!r}, expected one character")
        self._sources = [str(source) for source in sources]
        self._format_name = format_name
        self._delimiter = delimiter
        self._stdin_format = line_format(format_name or "jsonl", delimiter)
        self._stdin_lines: Iterator[Line] = lines_of(stdin)
        self._dataflow = dataflow
        self._checks = (
            None
            if dataflow is None
            else SourceChecks(dataflow, allow_missing=allow_missing_columns, earlier=earlier)
        )
        self._sizes_bytes: dict[str, int] = {}
        self._bytes_finished = self._rows_read = 0
        self._current: BinaryIO | None = None
        problems = list(self._all_problems())
        if problems:
            raise ConfigurationError("\n".join(problems))
        self._sizes_bytes = {s: Path(s).stat().st_size for s in self._sources if s != "-"}
        self.bytes_total = self._total()

    @property
    def warnings(self) -> list[str]:
        """What looks like a mistake, one sentence each."""
        return self._checks.warnings if self._checks else []

    @property
    def fields(self) -> frozenset[str]:
        """The mapped fields that tables among the sources have, as names of columns."""
        return frozenset(self._checks.fields) if self._checks else frozenset()

    @property
    def bytes_read(self) -> int:
        """The number of bytes read so far; of compressed files, compressed bytes."""
        current = self._current
        return self._bytes_finished + (0 if current is None else current.tell())

    def rows_expected(self) -> int | None:
        """Return about how many rows the sources have, by their sizes; None if nobody knows."""
        read = self.bytes_read
        if self.bytes_total is None or not read:
            return None
        return round(self._rows_read * max(1.0, self.bytes_total / read))

    def __iter__(self) -> Iterator[Row | NothingYet]:
        self._bytes_finished = self._rows_read = 0
        for source in self._sources:
            rows = self._rows(source)
            unnamed = self._checks.unnamed.get(source) if self._checks else None
            if unnamed and self._dataflow:
                rows = with_known_audiences(rows, unnamed, self._dataflow)
            for row in rows:
                self._rows_read += row is not NOTHING_YET
                yield row

    def _rows(self, source: str) -> Iterator[Row | NothingYet]:
        if source != STANDARD_INPUT:
            return self._file(source)
        if self._stdin_format is None:
            return iter(())
        rows = self._stdin_format.rows(self._stdin_lines, STANDARD_INPUT)
        rows = _until_damaged(rows, STANDARD_INPUT)
        return rows if self._checks is None else _telling_all_broken(rows, STANDARD_INPUT)

    def _total(self) -> int | None:
        if STANDARD_INPUT in self._sources:
            return None
        return sum(self._sizes_bytes[source] for source in self._sources)

    def _file(self, source: str) -> Generator[Row | NothingYet, None, None]:
        try:
            yield from _until_damaged(self._file_rows(source), source)
        finally:
            self._current = None
            self._bytes_finished += self._sizes_bytes.get(source, 0)

    def _file_rows(self, source: str) -> Iterator[Row | NothingYet]:
        with Path(source).open("rb") as raw:
            self._current = raw
            format_ = format_of(source, self._format_name)
            yield from rows_of_file(raw, source, format_, self._dataflow, self._delimiter)

    def _all_problems(self) -> Iterator[str]:
        is_piped_once = self._sources.count(STANDARD_INPUT) == 1
        if STANDARD_INPUT in self._sources and not is_piped_once:
            yield "-: standard input can be read once only"
        if self._delimiter is not None and not any(map(self._is_csv, self._sources)):
            yield "a delimiter was given, but no source is a CSV"
        for source in self._sources:
            if source != STANDARD_INPUT or is_piped_once:
                for problem in self._problems(source):
                    yield f"{source}: {problem}"
        if self._checks is not None:
            for source, problem in self._checks.problems_of_rows():
                yield f"{source}: {problem}"

    def _is_csv(self, source: str) -> bool:
        try:
            return (self._format_name or format_of(source, None)) == CSV
        except ConfigurationError:
            return False

    def _problems(self, source: str) -> list[str]:
        try:
            return self._problems_of_content(source)
        except (BrokenRowError, ConfigurationError) as error:
            return [str(error)]
        except OSError as error:
            return [error.strerror or "cannot be read"]
        except (EOFError, zlib.error):
            return ["the compressed file is damaged"]

    def _problems_of_content(self, source: str) -> list[str]:
        columns = self._columns(source)
        problems = [] if columns is None else columns.problems()
        if self._checks is None or problems:
            return problems
        rows = None if source == STANDARD_INPUT else functools.partial(self._file, source)
        return self._checks.problems(source, columns, rows)

    def _columns(self, source: str) -> Columns | None:
        if source != STANDARD_INPUT:
            format_ = format_of(source, self._format_name)
            return columns_of_file(source, format_, self._delimiter)
        if self._stdin_format is None:
            raise ConfigurationError("Parquet cannot be piped in: name the file")
        if not self._stdin_format.has_header:
            return None
        # A pipe cannot be read twice: keep the lines of the header for the reader of the rows.
        seen: list[Line] = []
        columns = self._stdin_format.columns(_recording(self._stdin_lines, seen))
        self._stdin_lines = itertools.chain(seen, self._stdin_lines)
        return columns


def _until_damaged(rows: Iterable[Row | NothingYet], source: str) -> Iterator[Row | NothingYet]:
    """Yield rows; where no more can be read, that the rest is unread."""
    line = 0
    try:
        for row in rows:
            line = line if isinstance(row, NothingYet) else row.line
            yield row
    except DAMAGE as error:
        why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
        yield UnreadRows(source, line + 1, f"damaged: the rest of the file cannot be read{why}")


def _telling_all_broken(
    rows: Iterable[Row | NothingYet], source: str
) -> Iterator[Row | NothingYet]:
    """Yield rows; at the end of a pipe of which no row can be read, say so: nobody reads it ahead.

    So the run is not completed.
    """
    broken, first = 0, None
    remaining = iter(rows)
    for row in remaining:
        yield row
        if isinstance(row, UnreadRows | ProfileRow):
            yield from remaining
            return
        if isinstance(row, BrokenRow):
            broken, first = broken + 1, first or row
    if first is not None:
        yield UnreadRows(source, first.line, nothing_readable(broken, first))


def _recording(lines: Iterable[Line], seen: list[Line]) -> Iterator[Line]:
    """Yield lines, and append each to ``seen``."""
    for line in lines:
        if not isinstance(line, NothingYet):
            seen.append(line)
        yield line
