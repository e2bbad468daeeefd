"""The part of the journal that only reads: pages of runs and calls, single runs and calls."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from mock_qualtrics.journal.calls.call_filter import NO_FILTER, CallFilter
from mock_qualtrics.journal.calls.call_queries import KeptCall
from mock_qualtrics.journal.calls.run_documents import View, states
from mock_qualtrics.journal.page_cursors import Page
from mock_qualtrics.journal.queries import JournalQueries
from mock_qualtrics.journal.search.run_search import RunSearch
from mock_qualtrics.model import RunStatus
from mock_qualtrics.store.schema import UNATTRIBUTED


class JournalReads(ABC):
    """Read what is committed.

    Attributes:
        reader: reads committed rows.
    """

    reader: JournalQueries

    @abstractmethod
    def reasons(self, tenant_number: int) -> Iterable[str]:
        """Return all reasons for which calls of a tenant were refused."""

    @property
    def search(self) -> RunSearch:
        """Finds runs of a tenant, by filter and text."""
        return self.reader.search

    def runs_page(
        self,
        workflow_id: str,
        view: View | None = None,
        status: RunStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
        trace_id: str | None = None,
    ) -> Page:
        """Return a page of a workflow's runs, newest received first.

        Args:
            workflow_id: the workflow.
            view: one of the two views of Run history (Q-RUN-2); None for all runs, pending ones
                included.
            status: return only the runs with this status.
            limit: the size of the page.
            cursor: ``next`` of the page before.
            trace_id: return only the runs of calls with this trace id.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor does not belong to this list.
        """
        wanted = states(view, status)
        if trace_id is None:
            return self.reader.runs_page(workflow_id, wanted, limit, cursor)
        return self.reader.traced_runs_page(workflow_id, trace_id, wanted, limit, cursor)

    def run(self, run_id: str) -> dict[str, Any]:
        """Return one run.

        Raises:
            NotFoundError: the journal has no such run.
        """
        return self.reader.run(run_id)

    def requests_page(
        self,
        tenant_number: int | None,
        limit: int = 50,
        cursor: str | None = None,
        wanted: CallFilter = NO_FILTER,
    ) -> Page:
        """Return a page of a tenant's calls, newest first; with None, of unattributed calls.

        With a filter by status, trace id or identity a page may be empty and not be the last one.

        Raises:
            BadCursorError: the cursor does not belong to this list.
        """
        number = UNATTRIBUTED if tenant_number is None else tenant_number
        return self.reader.calls.page(number, limit, cursor, wanted, self.reasons(number))

    def kept_call(self, request_id: str) -> KeptCall:
        """Return one call with all that is kept of it.

        Raises:
            NotFoundError: the journal has no such call.
        """
        return self.reader.calls.kept(request_id)

    def call_texts(self, request_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the query and the answer that are kept of calls, by id; both may be empty."""
        return self.reader.calls.texts(request_ids)
