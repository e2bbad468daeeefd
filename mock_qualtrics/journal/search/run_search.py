"""Find runs, newest received first; what stands beside one of them; and all of them.

What an index knows (tenant, workflows, states, instants) costs the same however long the journal
is. Texts are looked for in run after run, in small pieces, between which others write; a request
ends when its `Work` is done, and its cursor goes on from there. Nothing is counted or skipped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, select

from mock_qualtrics import ids
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal.calls.call_instants import first_received_from, newest_call
from mock_qualtrics.journal.calls.run_documents import run_document
from mock_qualtrics.journal.calls.run_rows import run_rows
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.journal.page_cursors import PageCursors
from mock_qualtrics.journal.search.candidates import Candidates, Span
from mock_qualtrics.journal.search.deliveries import Delivery, deliveries
from mock_qualtrics.journal.search.error_groups import MOST_FAILED, ErrorGroups, grouped
from mock_qualtrics.journal.search.found_runs import FoundPage, FoundRun, found_run
from mock_qualtrics.journal.search.scanning import Looked, Scan
from mock_qualtrics.journal.search.wanted_runs import FAILURES, WantedRuns, Work
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import call_of_run, first_sequence, runs

_DOCUMENTS_AT_ONCE: Final = 100


class Neighbours(NamedTuple):
    """The ids of the runs beside one in a list; None where there is none, or none was found.

    Attributes:
        newer: the next one received after it.
        older: the next one received before it.
    """

    newer: str | None
    older: str | None


class RunSearch:
    """Find runs.

    Args:
        store: the database.
        cursors: makes and reads the cursors of pages.
        key: the seed's key, from which the ids of runs derive.
        workflow_ids: the workflows whose runs can be read.
    """

    def __init__(
        self, store: Store, cursors: PageCursors, key: bytes, workflow_ids: WorkflowIds
    ) -> None:
        self._store = store
        self._cursors = cursors
        self._key = key
        self._workflow_ids = workflow_ids

    def find(
        self, wanted: WantedRuns, limit: int, cursor: str | None = None, work: Work | None = None
    ) -> FoundPage:
        """Return a page of runs, newest received first.

        Args:
            wanted: which runs.
            limit: the size of the page.
            cursor: ``next`` of the page before.
            work: how much this page may look at, when not the default.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor does not belong to this list.
        """
        before = self._cursors.read(wanted.listing, cursor)
        span = self._span(wanted)
        if before is not None:
            span = Span(span.first, min(span.end, before))
        looked = self._look(wanted, span, limit, work or Work())
        rows = self._rows(looked.found)
        rest = None if looked.rest is None else looked.rest.end
        return FoundPage(
            tuple(self._found(row) for row in rows),
            None if rest is None else self._cursors.make(wanted.listing, rest),
            len(looked.looked),
            self._received_at(looked.looked[-1]) if looked.looked else None,
        )

    def neighbours(self, wanted: WantedRuns, run_id: str, work: Work | None = None) -> Neighbours:
        """Return the runs beside one in a list that it need not be in itself.

        Args:
            wanted: which runs are in the list.
            run_id: the run.
            work: how much may be looked at on each side, when not the default.

        Raises:
            NotFoundError: there is no such run, or no such workflow.
        """
        number = run_number(self._key, run_id)
        span = self._span(wanted)
        older = Span(span.first, min(span.end, number))
        newer = Span(max(span.first, number + 1), span.end)
        sides = [
            self._look(wanted, side, 1, work or Work(), newest_first=side is older).found
            for side in (newer, older)
        ]
        return Neighbours(*(ids.run_id(self._key, one[0]) if one else None for one in sides))

    def rows(self, wanted: WantedRuns) -> Iterator[FoundRun]:
        """Yield everything that is found, newest received first, as lists show it."""
        return map(self._found, self._everything(wanted))

    def documents(self, wanted: WantedRuns) -> Iterator[dict[str, Any]]:
        """Yield everything that is found, newest received first, as the control API shows it."""
        for row in self._everything(wanted):
            yield run_document(
                self._key,
                row,
                self._workflow_ids.id_of(row.workflow_number) or "",
                is_virtual=self._workflow_ids.is_virtual(row.workflow_number),
            )

    def error_groups(self, wanted: WantedRuns, most: int = MOST_FAILED) -> ErrorGroups:
        """Return what failed runs say, of the newest ones that an index knows to be wanted.

        Args:
            wanted: which runs; of its conditions workflows, states and instants count.
            most: how many runs are looked at.

        Raises:
            NotFoundError: there is no such workflow.
        """
        failed = replace(wanted, states=wanted.states & FAILURES)
        candidates, span = self._candidates(failed), self._span(failed)
        numbers, rest, _ = candidates.piece(span, most, newest_first=True)
        with self._store.connection() as connection:
            rows = connection.execute(errors_of(numbers)).all()
        return ErrorGroups(grouped(self._key, rows), len(rows), is_all=rest is None)

    def deliveries(self, run_id: str) -> tuple[Delivery, ...]:
        """Return the calls that brought the message of a run, newest first, refused ones too.

        Raises:
            NotFoundError: there is no such run.
        """
        return deliveries(self._store, self._key, call_of_run(run_number(self._key, run_id)))

    def _everything(self, wanted: WantedRuns) -> Iterator[Row[Any]]:
        rest: Span | None = self._span(wanted)
        while rest is not None:
            looked = self._look(wanted, rest, _DOCUMENTS_AT_ONCE, Work())
            yield from self._rows(looked.found)
            rest = looked.rest

    def _look(
        self, wanted: WantedRuns, span: Span, limit: int, work: Work, *, newest_first: bool = True
    ) -> Looked:
        scan = Scan(self._store, self._candidates(wanted), wanted, newest_first=newest_first)
        return scan.look(span, limit, work)

    def _candidates(self, wanted: WantedRuns) -> Candidates:
        if wanted.workflow_ids is None:
            numbers = self._workflow_ids.numbers_of(wanted.tenant_number)
        else:
            numbers = [self._number(wanted, one) for one in wanted.workflow_ids]
        is_whole = wanted.workflow_ids is None
        return Candidates(self._store, numbers, wanted.states, whole_tenant=is_whole)

    def _number(self, wanted: WantedRuns, workflow_id: str) -> int:
        number = self._workflow_ids.number_of(workflow_id)
        if number is None or self._workflow_ids.tenant_of(number) != wanted.tenant_number:
            raise NotFoundError("workflow", workflow_id)
        return number

    def _span(self, wanted: WantedRuns) -> Span:
        tenant = wanted.tenant_number
        first, end = first_sequence(tenant), first_sequence(tenant + 1)
        if wanted.since is None and wanted.until is None:
            return Span(first, end)
        with self._store.connection() as connection:
            calls = newest_call(connection, tenant)
            if wanted.since is not None:
                first = first_received_from(connection, tenant, wanted.since, calls)
            if wanted.until is not None:
                end = first_received_from(connection, tenant, wanted.until, calls)
        return Span(first, end)

    def _rows(self, numbers: Sequence[int]) -> Sequence[Row[Any]]:
        if not numbers:
            return ()
        with self._store.connection() as connection:
            rows = connection.execute(run_rows(numbers)).all()
        # A workflow may have been deleted since.
        return [row for row in rows if self._workflow_ids.id_of(row.workflow_number) is not None]

    def _found(self, row: Row[Any]) -> FoundRun:
        return found_run(self._key, row, self._workflow_ids.id_of(row.workflow_number) or "")

    def _received_at(self, number: int) -> Microseconds | None:
        question = select(runs.c.received_at).where(runs.c.seq == number)
        with self._store.connection() as connection:
            return connection.scalar(question)


def errors_of(numbers: Sequence[int]) -> Select[Any]:
    """Return the query for the errors of runs, newest first."""
    query = select(runs.c.seq, runs.c.received_at, runs.c.error)
    return query.where(runs.c.seq.in_(numbers)).order_by(runs.c.seq.desc())


def run_number(key: bytes, run_id: str) -> int:
    """Return the number of a run, which may not be kept any more.

    Raises:
        NotFoundError: the text is no id of a run of this server.
    """
    number = ids.run_sequence(run_id)
    if number is None or ids.run_id(key, number) != run_id:
        raise NotFoundError("run", run_id)
    return number
