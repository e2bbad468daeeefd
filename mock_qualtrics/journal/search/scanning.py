"""Look through runs in one direction, piece by piece, until enough are found or the work is done.

Each piece is read over a connection of its own: a store in memory has one for all, and calls that
come in meanwhile are written between two pieces.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, null, select

from mock_qualtrics.journal.calls.run_rows import call_column
from mock_qualtrics.journal.search.candidates import Candidates, Span
from mock_qualtrics.journal.search.run_texts import RunTexts, TextConditions
from mock_qualtrics.journal.search.wanted_runs import WantedRuns, Work
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import requests, runs

PIECE_RUNS: Final = 250


class Looked(NamedTuple):
    """What was found.

    Attributes:
        found: the numbers of the runs that are wanted, in the order of the search.
        looked: the numbers of all that were looked at.
        rest: what is left to look through; None when nothing is.
    """

    found: list[int]
    looked: list[int]
    rest: Span | None


class Scan:
    """Look through a tenant's runs.

    Args:
        store: the database.
        candidates: what the indexes know to be wanted.
        wanted: which runs.
        newest_first: in which direction.
    """

    def __init__(
        self, store: Store, candidates: Candidates, wanted: WantedRuns, *, newest_first: bool = True
    ) -> None:
        self._store = store
        self._candidates = candidates
        self._conditions = None if wanted.by_index else TextConditions(wanted)
        self._newest_first = newest_first

    def look(self, span: Span, limit: int, work: Work) -> Looked:
        """Return the next runs of a span, at most so many, or as many as the work finds."""
        found: list[int] = []
        looked: list[int] = []
        rest: Span | None = span
        while rest is not None and len(found) <= limit:
            piece = self._piece(rest, limit + 1 - len(found), work)
            found += piece.found
            looked += piece.looked
            rest = piece.rest
            if work.is_done:
                break
        if len(found) > limit:
            del found[limit:]
            del looked[looked.index(found[-1]) + 1 :]
            rest = span.beyond(found[-1], newest_first=self._newest_first)
        return Looked(found, looked, rest)

    def _piece(self, span: Span, most: int, work: Work) -> Looked:
        conditions = self._conditions
        size = most if conditions is None else PIECE_RUNS
        numbers, rest, passed_over = self._candidates.piece(
            span, size, newest_first=self._newest_first
        )
        work.spend(0, passed_over)
        if conditions is None:
            work.spend(0, len(numbers))
            return Looked(numbers, numbers, rest)
        found, looked = self._with_texts(conditions, numbers, work)
        if work.is_done and looked and looked[-1] != numbers[-1]:
            rest = span.beyond(looked[-1], newest_first=self._newest_first)
        return Looked(found, looked, rest)

    def _with_texts(
        self, conditions: TextConditions, numbers: Sequence[int], work: Work
    ) -> tuple[list[int], list[int]]:
        """Return the runs that have the texts, and those that were looked at before work ended."""
        found, looked = [], []
        question = texts_of(numbers, conditions, newest_first=self._newest_first)
        with self._store.connection() as connection, connection.execute(question) as rows:
            for row in map(RunTexts._make, rows):
                looked.append(row.seq)
                if conditions.met_by(row):
                    found.append(row.seq)
                work.spend(row.size_bytes)
                if work.is_done:
                    break
        return found, looked


def texts_of(
    numbers: Sequence[int], conditions: TextConditions, *, newest_first: bool
) -> Select[Any]:
    """Return the query for the texts of runs that conditions need, in the order of a search."""
    query = select(
        runs.c.seq,
        runs.c.error,
        runs.c.detail if conditions.need_detail else null(),
        requests.c.trace_id if conditions.need_trace_id else null(),
        requests.c.body if conditions.need_body else null(),
    )
    if conditions.need_trace_id:
        query = query.join_from(runs, requests, requests.c.seq == call_column())
    order = runs.c.seq.desc() if newest_first else runs.c.seq
    return query.where(runs.c.seq.in_(numbers)).order_by(order)
