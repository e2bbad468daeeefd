"""Reads a journal's rows, newest first, until those of one run are over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Row = Mapping[str, Any]

OTHERS_IN_A_ROW: Final = 500
"""So many rows of others in succession, behind the number that was expected, end the run."""


@dataclass(slots=True)
class RowsOfRun:
    """The rows of one run in a list of a journal, and how many of others stand between them.

    A journal's instants are of the tenant's clock, which need not be the generator's: where a run
    begins is told by how many rows the totals have counted since.

    Attributes:
        number_of: returns the number of a row's message; None: it is of another run.
        expected: how many rows the totals have counted since the run began, those of others too.
        most: how many rows are read at most.
        read: how many rows were read.
        others: rows of others, among those that were expected.
        is_cut: whether there may be more than were read.
    """

    number_of: Callable[[str | None], int | None]
    expected: int
    most: int
    read: int = 0
    others: int = 0
    is_cut: bool = False

    def of(self, rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
        """Yield the run's rows, each with its message's number."""
        others_in_a_row = 0
        for row in rows:
            if self.read >= self.expected and others_in_a_row >= OTHERS_IN_A_ROW:
                return
            if self.read >= self.most:
                self.is_cut = True
                return
            self.read += 1
            number = self.number_of(row.get("traceId"))
            if number is None:
                others_in_a_row += 1
                self.others += self.read <= self.expected
            else:
                others_in_a_row = 0
                yield number, row
