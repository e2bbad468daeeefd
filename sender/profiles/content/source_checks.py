"""Checks what the sources hold against the dataflow, before anything is sent."""

import contextlib
import enum
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

from sender.dataflow import Dataflow
from sender.profiles.columns import Columns
from sender.profiles.content.consent_columns import warnings_of_consents
from sender.profiles.coverage import (
    EarlierExports,
    coverage_of,
    mapped_columns,
    missing_columns,
    problems_of_columns,
    warnings_of_columns,
)
from sender.profiles.rows import (
    BrokenRow,
    NothingYet,
    ProfileRow,
    Row,
    UnreadRows,
    nothing_readable,
)


class Beginning(enum.Enum):
    """What a source begins with, as far as it can be read."""

    NO_ROW = "no row"
    ROWS = "rows"


Earlier = Callable[[], EarlierExports]
OpenRows = Callable[[], Generator[Row | NothingYet, None, None]]


class SourceChecks:
    """Checks sources, one after the other, and remembers what they do not know.

    Files in one folder whose names differ in digits only are parts of one source, as data sets are
    exported: none of them has to name an audience that another one names.

    Args:
        dataflow: what is mapped.
        allow_missing: whether a source may lack mapped fields.
        earlier: returns what the outbox knows of the exports before.

    Attributes:
        warnings: what looks like a mistake, one sentence each.
        fields: the mapped fields that a source has, as names of columns.
        unnamed: for each source, the mapped audiences that none of its profiles is known to name.
    """

    def __init__(self, dataflow: Dataflow, *, allow_missing: bool, earlier: Earlier) -> None:
        self._dataflow = dataflow
        self._allow_missing = allow_missing
        self._earlier = earlier
        self.warnings: list[str] = []
        self.unnamed: dict[str, tuple[str, ...]] = {}
        self.fields: set[str] = set()
        self._parts: dict[str, dict[str, OpenRows]] = {}

    def problems(self, source: str, columns: Columns | None, rows: OpenRows | None) -> list[str]:
        """Return why a source cannot be exported, as far as its columns tell; empty if it can.

        Args:
            source: its name.
            columns: its columns; None: it has none.
            rows: opens its rows to read ahead; None: they can be read once only.
        """
        problems = [] if columns is None else self._problems_of_columns(source, columns)
        if problems:
            return problems
        beginning = Beginning.NO_ROW if rows is None else _beginning(rows)
        if isinstance(beginning, str):
            return [beginning]
        if rows is not None and beginning is Beginning.NO_ROW:
            found = "empty" if columns is None else "a header without rows"
            self._warn(source, [f"no profile is in it: found {found}"])
        elif rows is None and columns is None:
            self.unnamed[source] = tuple(audience.id for audience in self._dataflow.audiences)
        elif rows is not None and (columns is None or columns.known_audiences is None):
            self._parts.setdefault(_without_digits(source), {})[source] = rows
        return []

    def problems_of_rows(self) -> Iterator[tuple[str, str]]:
        """Yield each source that cannot be exported, as far as its rows tell, and why.

        Raises:
            BrokenRowError, ConfigurationError, OSError: as reading the rows does.
        """
        for parts in self._parts.values():
            first, more = next(iter(parts)), len(parts) - 1
            name = f"{first} and {more} more part{'s' * (more > 1)}" if more else first
            for problem in self._problems_of_coverage(name, parts):
                yield name, problem

    def _problems_of_columns(self, source: str, columns: Columns) -> list[str]:
        missing = missing_columns(columns, self._dataflow)
        self.fields.update(set(mapped_columns(self._dataflow)).difference(missing))
        self._warn(source, warnings_of_columns(columns, self._dataflow))
        self._warn(source, columns.warnings(self._dataflow))
        self._warn(source, warnings_of_consents(columns.header, self._dataflow.consent))
        return problems_of_columns(
            columns, self._dataflow, self._earlier(), allow_missing=self._allow_missing
        )

    def _problems_of_coverage(self, name: str, parts: dict[str, OpenRows]) -> list[str]:
        with contextlib.closing(_rows_of(parts.values())) as rows:
            coverage = coverage_of(rows, self._dataflow)
        self.unnamed.update(dict.fromkeys(parts, coverage.unnamed))
        self._warn(name, coverage.warnings())
        if self._allow_missing or not coverage.unnamed:
            return []
        return list(coverage.problems(self._earlier().members))

    def _warn(self, source: str, sentences: Iterable[str]) -> None:
        self.warnings += [f"{source}: {sentence}" for sentence in sentences]


def _without_digits(source: str) -> str:
    path = Path(source).absolute()
    return str(path.with_name(re.sub("[0-9]+", "0", path.name)))


def _rows_of(parts: Iterable[OpenRows]) -> Generator[Row | NothingYet, None, None]:
    for opened in parts:
        with contextlib.closing(opened()) as rows:
            yield from rows


def _beginning(rows: OpenRows) -> Beginning | str:
    """Read up to the first profile; return why there is none, if a source has broken rows only."""
    broken, first = 0, None
    with contextlib.closing(rows()) as opened:
        for row in opened:
            if isinstance(row, UnreadRows):
                return Beginning.ROWS  # its damage is told when it is exported
            if isinstance(row, BrokenRow):
                broken, first = broken + 1, first or row
            elif isinstance(row, ProfileRow):
                return Beginning.ROWS
    return Beginning.NO_ROW if first is None else nothing_readable(broken, first)
