"""Checks what the sources hold against the dataflow, before anything is sent."""

from collections.abc import Callable, Generator, Iterable

from sender.dataflow import Dataflow
from sender.profiles.columns import Columns
from sender.profiles.coverage import (
    EarlierExports,
    coverage_of,
    mapped_columns,
    missing_columns,
    problems_of_columns,
    warnings_of_columns,
)
from sender.profiles.rows import NothingYet, Row

Earlier = Callable[[], EarlierExports]
OpenRows = Callable[[], Generator[Row | NothingYet, None, None]]


class SourceChecks:
    """Checks sources, one after the other, and remembers what they do not know.

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

    def problems(self, source: str, columns: Columns | None, rows: OpenRows | None) -> list[str]:
        """Return why a source cannot be exported; empty if it can.

        Args:
            source: its name.
            columns: its columns; None: it has none.
            rows: opens its rows to read ahead; None: they can be read once only.
        """
        problems = [] if columns is None else self._problems_of_columns(source, columns)
        if problems:
            return problems
        if rows is not None and _is_empty(rows):
            found = "empty" if columns is None else "a header without rows"
            self._warn(source, [f"no profile is in it: found {found}"])
        elif columns is None or columns.known_audiences is None:
            return self._problems_of_coverage(source, rows)
        return []

    def _problems_of_columns(self, source: str, columns: Columns) -> list[str]:
        missing = missing_columns(columns, self._dataflow)
        self.fields.update(set(mapped_columns(self._dataflow)).difference(missing))
        self._warn(source, warnings_of_columns(columns, self._dataflow))
        self._warn(source, columns.warnings(self._dataflow))
        return problems_of_columns(
            columns, self._dataflow, self._earlier(), allow_missing=self._allow_missing
        )

    def _problems_of_coverage(self, source: str, rows: OpenRows | None) -> list[str]:
        if rows is None:
            self.unnamed[source] = tuple(audience.id for audience in self._dataflow.audiences)
            return []
        opened = rows()
        coverage = coverage_of(opened, self._dataflow)
        opened.close()
        self.unnamed[source] = coverage.unnamed
        self._warn(source, coverage.warnings())
        if self._allow_missing or not coverage.unnamed:
            return []
        return list(coverage.problems(self._earlier().members))

    def _warn(self, source: str, sentences: Iterable[str]) -> None:
        self.warnings += [f"{source}: {sentence}" for sentence in sentences]


def _is_empty(rows: OpenRows) -> bool:
    opened = rows()
    is_empty = next(opened, None) is None
    opened.close()
    return is_empty
