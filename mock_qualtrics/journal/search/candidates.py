"""The runs that the indexes know to be wanted, piece by piece, in either direction.

All runs of a tenant are one range of the primary key. Otherwise each workflow and state is a range
of the index ``runs_by_state``, and the ranges are merged. Of many ranges only the nearest can have
one of the next runs: one query asks each for the first run that it has.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, literal_column, select

from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import State, runs, workflows

FEW_RANGES: Final = 32
_WORKFLOWS_AT_ONCE: Final = 1_000  # a statement has a largest number of parameters


class Span(NamedTuple):
    """Numbers of runs, from ``first`` up to but excluding ``end``."""

    first: int
    end: int

    def beyond(self, number: int, *, newest_first: bool) -> "Span":
        """Return what is left after a run was looked at."""
        return Span(self.first, number) if newest_first else Span(number + 1, self.end)


class Piece(NamedTuple):
    """The next runs of a span.

    Attributes:
        numbers: the runs.
        rest: what of the span is left; None when nothing is.
        passed_over: how many runs stood between them that cannot be read.
    """

    numbers: list[int]
    rest: Span | None
    passed_over: int


class Candidates:
    """Runs by workflow and state.

    Args:
        store: the database.
        workflow_numbers: the workflows, any of them.
        states: the states, any of them.
        whole_tenant: whether these are all readable workflows of the tenant.
    """

    def __init__(
        self,
        store: Store,
        workflow_numbers: Sequence[int],
        states: Iterable[State],
        *,
        whole_tenant: bool,
    ) -> None:
        self._store = store
        self._workflows = frozenset(workflow_numbers)
        self._states = sorted(states)
        self._by_key = whole_tenant and len(self._states) == len(State)

    def piece(self, span: Span, most: int, *, newest_first: bool) -> Piece:
        """Return the next runs of a span, at most so many, and what is left of it."""
        with self._store.connection() as connection:
            if self._by_key:
                rows = connection.execute(runs_between(span, most, newest_first=newest_first)).all()
                looked = [row.seq for row in rows]
                # The runs of deleted workflows cannot be read.
                found = [row.seq for row in rows if row.workflow_number in self._workflows]
            else:
                found = looked = self._merged(connection, span, most, newest_first)
        is_last = len(looked) < most
        rest = None if is_last else span.beyond(looked[-1], newest_first=newest_first)
        return Piece(found, rest, len(looked) - len(found))

    def _merged(
        self, connection: Connection, span: Span, most: int, newest_first: bool
    ) -> list[int]:
        ranges = list(product(self._workflows, self._states))
        if len(ranges) > FEW_RANGES:
            ranges = self._nearest(connection, span, most, newest_first)
        given = {"first": span.first, "end": span.end, "most": most}
        parts = [
            connection.scalars(
                range_of_state(state, newest_first=newest_first), {"workflow": number, **given}
            )
            for number, state in ranges
        ]
        merged = list(islice(heapq.merge(*parts, reverse=newest_first), most))
        for part in parts:
            part.close()
        return merged

    def _nearest(
        self, connection: Connection, span: Span, most: int, newest_first: bool
    ) -> list[tuple[int, State]]:
        """Return the ranges that may have one of the next runs."""
        firsts = [
            (first, (row[0], state))
            for numbers in self._batches()
            for row in connection.execute(
                first_runs(numbers, self._states, span, newest_first=newest_first)
            )
            for state, first in zip(self._states, row[1:], strict=True)
            if first is not None
        ]
        firsts.sort(key=itemgetter(0), reverse=newest_first)
        return [pair for _, pair in firsts[:most]]

    def _batches(self) -> Iterator[list[int]]:
        numbers = sorted(self._workflows)
        for start in range(0, len(numbers), _WORKFLOWS_AT_ONCE):
            yield numbers[start : start + _WORKFLOWS_AT_ONCE]


def runs_between(span: Span, most: int, *, newest_first: bool) -> Select[tuple[int, int]]:
    """Return the query for the next runs of a span, whatever they are."""
    query = select(runs.c.seq, runs.c.workflow_number)
    query = query.where(runs.c.seq >= span.first, runs.c.seq < span.end)
    return query.order_by(_order(newest_first)).limit(most)


@lru_cache
def range_of_state(state: State, *, newest_first: bool) -> Select[Any]:
    """Return the query for the next runs of a workflow in one state.

    Its parameters are ``workflow``, ``first``, ``end`` and ``most``: of many workflows each page
    asks it for some dozens, and making it anew takes longer than asking.
    """
    is_of_workflow = runs.c.workflow_number == bindparam("workflow")
    query = select(runs.c.seq).where(is_of_workflow, _is_in(state))
    query = query.where(runs.c.seq >= bindparam("first"), runs.c.seq < bindparam("end"))
    return query.order_by(_order(newest_first)).limit(bindparam("most", type_=Integer))


def first_runs(
    workflow_numbers: Sequence[int], states: Sequence[State], span: Span, *, newest_first: bool
) -> Select[Any]:
    """Return the query for the next run of each workflow in each state; None where it has none."""
    nearest = func.max if newest_first else func.min
    firsts = [
        select(nearest(runs.c.seq))
        .where(runs.c.workflow_number == workflows.c.number, _is_in(state))
        .where(runs.c.seq >= span.first, runs.c.seq < span.end)
        .scalar_subquery()
        for state in states
    ]
    return select(workflows.c.number, *firsts).where(workflows.c.number.in_(workflow_numbers))


def _is_in(state: State) -> Any:  # noqa: ANN401  a condition
    # Part of the text: as a parameter, SQLite plans anew for each value.
    return runs.c.state == literal_column(str(state.value), Integer)


def _order(newest_first: bool) -> Any:  # noqa: ANN401  a column
    return runs.c.seq.desc() if newest_first else runs.c.seq
