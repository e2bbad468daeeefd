"""Where profiles come from: files and standard input, read as a stream so that memory stays flat.

All sources are looked at before the first profile is read, so that a mistyped name stops an export
before anything is sent. What a profile means is not judged here.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sender.dataflow import Dataflow
from sender.errors import BrokenRowError, ConfigurationError
from sender.profile_sources.columns import Columns
from sender.profile_sources.csv_file import read_csv, read_header
from sender.profile_sources.jsonl import read_jsonl
from sender.profile_sources.parquet import read_columns, read_parquet
from sender.profile_sources.rows import NOTHING_YET, BrokenRow, NothingYet, ProfileRow, Row

__all__ = [
    "NOTHING_YET",
    "BrokenRow",
    "NothingYet",
    "ProfileRow",
    "ProfileSource",
    "Row",
    "read_profiles",
]

STANDARD_INPUT = "-"

_DAMAGED = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class _Format:
    """How files of one suffix are read.

    Attributes:
        read: makes rows of an open stream and the source's name.
        header: makes columns of an open stream; none where there is no header to look at.
        is_compressed: whether gzip stands between the file and its reader.
    """

    read: Callable[[BinaryIO, str], Iterator[Row]]
    header: Callable[[BinaryIO], Columns | None] | None = None
    is_compressed: bool = False


_FORMATS = {
    ".jsonl": _Format(read_jsonl),
    ".csv": _Format(read_csv, read_header),
    ".parquet": _Format(read_parquet, read_columns),
    ".jsonl.gz": _Format(read_jsonl, None, is_compressed=True),
    ".csv.gz": _Format(read_csv, read_header, is_compressed=True),
}


def read_profiles(
    sources: Iterable[str], stdin: BinaryIO, dataflow: Dataflow | None = None
) -> Iterator[Row]:
    """Yield the profiles of all sources, one after the other, and the rows that hold none.

    Raises:
        ConfigurationError: a source cannot be read at all, or cannot feed the dataflow.
    """
    return iter(ProfileSource(sources, stdin, dataflow))


class ProfileSource:
    """The sources of one export, with how far they have been read.

    Args:
        sources: names of ``.jsonl``, ``.csv``, ``.parquet``, ``.jsonl.gz`` and ``.csv.gz`` files,
            and ``-`` for JSON lines on standard input.
        stdin: standard input, as a stream of bytes.
        dataflow: when given, headers are held against it: a table without a column for any mapped
            identity is an error, one without a column for a mapped attribute a warning.

    Attributes:
        bytes_total: size of all sources; none when standard input is one of them.
        warnings: what looks like a mistake, one sentence each.

    Raises:
        ConfigurationError: everything that is wrong with the sources, at once.

    Example:
        >>> import io
        >>> source = ProfileSource(["-"], io.BytesIO(b"nonsense"))
        >>> [str(row) for row in source]
        ['-:1: no JSON: Expecting value at character 1']
    """

    def __init__(
        self, sources: Iterable[str], stdin: BinaryIO, dataflow: Dataflow | None = None
    ) -> None:
        self._sources = [str(source) for source in sources]
        self._stdin = stdin
        self._bytes_finished = 0
        self._current: BinaryIO | None = None
        self.warnings: list[str] = []
        problems = list(self._look_at_all(dataflow))
        if problems:
            raise ConfigurationError("\n".join(problems))
        self._sizes_bytes = {s: Path(s).stat().st_size for s in self._sources if s != "-"}
        self.bytes_total = self._total()

    @property
    def bytes_read(self) -> int:
        """How many bytes have been read, compressed ones counted as they are stored."""
        current = self._current
        return self._bytes_finished + (0 if current is None else current.tell())

    def __iter__(self) -> Iterator[Row]:
        self._bytes_finished = 0
        for source in self._sources:
            yield from self._standard_input() if source == STANDARD_INPUT else self._file(source)

    def _total(self) -> int | None:
        if STANDARD_INPUT in self._sources:
            return None
        return sum(self._sizes_bytes[source] for source in self._sources)

    def _standard_input(self) -> Iterator[Row]:
        return read_jsonl(self._stdin, STANDARD_INPUT)

    def _file(self, source: str) -> Iterator[Row]:
        line = 0
        try:
            with Path(source).open("rb") as raw:
                self._current = raw
                for row in _format(source).read(_stream(raw, source), source):
                    line = row.line
                    yield row
        except _DAMAGED:
            yield BrokenRow(source, line + 1, "damaged: the rest of the file cannot be read")
        finally:
            self._current = None
            self._bytes_finished += self._sizes_bytes[source]

    def _look_at_all(self, dataflow: Dataflow | None) -> Iterator[str]:
        if self._sources.count(STANDARD_INPUT) > 1:
            yield "-: standard input can be read once only"
        for source in self._sources:
            if source != STANDARD_INPUT:
                for problem in self._look_at(source, dataflow):
                    yield f"{source}: {problem}"

    def _look_at(self, source: str, dataflow: Dataflow | None) -> list[str]:
        try:
            columns = _columns(source)
        except (BrokenRowError, ConfigurationError) as error:
            return [str(error)]
        except OSError as error:
            return [error.strerror or "cannot be read"]
        except (EOFError, zlib.error):
            return ["the compressed file is damaged"]
        if columns is None:
            return []
        problems = columns.problems()
        if dataflow is None or problems:
            return problems
        self.warnings += [f"{source}: {absence}" for absence in columns.absences(dataflow)]
        return columns.problems_for(dataflow)


def _format(source: str) -> _Format:
    """Return how a file is read.

    Raises:
        ConfigurationError: nothing is known of such files.
    """
    for suffix, found in _FORMATS.items():
        if source.lower().endswith(suffix):
            return found
    raise ConfigurationError(f"unknown kind of file, expected one of {', '.join(_FORMATS)}, or -")


def _columns(source: str) -> Columns | None:
    """Return the columns of a file, nothing for one without a header; opens it in any case."""
    format_ = _format(source)
    with Path(source).open("rb") as raw:
        return format_.header(_stream(raw, source)) if format_.header else None


def _stream(raw: BinaryIO, source: str) -> BinaryIO:
    return cast("BinaryIO", gzip.open(raw)) if _format(source).is_compressed else raw
