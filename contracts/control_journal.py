"""What a mock's journal is asked for through its control API: runs, calls and totals."""

from collections.abc import Iterator
from typing import Any, Final, TypedDict, Unpack

from contracts.control_connection import ControlConnection, Document, Page, path_of

LARGEST_PAGE: Final = 500


class RequestFilters(TypedDict, total=False):
    """Which calls a list has; of several filters a call meets all.

    Attributes:
        reason: why the call was refused, as in the totals' ``refusedBy``.
        status: the status that it was answered with.
        trace_id: the value of its header X-Trace-Id.
        identity: an identity in the ``identityMap`` of its body, unmasked.
    """

    reason: str | None
    status: int | None
    trace_id: str | None
    identity: str | None


class ControlJournal(ControlConnection):
    """Reads what a mock has received; documents are plain mappings, as the schemas say."""

    def runs(
        self,
        workflow_id: str,
        *,
        view: str | None = None,
        status: str | None = None,
        trace_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Page:
        """Return one page of a workflow's runs, each as ``run``.

        With a trace id a page may be short, or empty, and not be the last one.
        """
        filters = {"view": view, "status": status, "traceId": trace_id}
        query = filters | {"limit": limit, "cursor": cursor}
        return self._page(path_of("workflows", workflow_id, "runs"), "runs", query)

    def all_runs(
        self,
        workflow_id: str,
        *,
        view: str | None = None,
        status: str | None = None,
        trace_id: str | None = None,
        page_rows: int = LARGEST_PAGE,
    ) -> Iterator[Document]:
        """Yield a workflow's runs, newest first; pages are read as they are needed."""
        query = {"view": view, "status": status, "traceId": trace_id, "limit": page_rows}
        return self._pages(path_of("workflows", workflow_id, "runs"), "runs", query)

    def run(self, run_id: str) -> Document:
        """Return one run as ``run``."""
        return self._json("GET", path_of("runs", run_id), part="id")

    def requests(
        self,
        tenant_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[RequestFilters],
    ) -> Page:
        """Return one page of the calls received for a tenant, each as ``request``.

        With a filter a page may be short, or empty, and not be the last one: :meth:`all_requests`
        goes on by itself.
        """
        path = path_of("tenants", tenant_id, "requests")
        query = _filter_query(filters) | {"limit": limit, "cursor": cursor}
        return self._page(path, "requests", query)

    def all_requests(
        self,
        tenant_id: str,
        *,
        page_rows: int = LARGEST_PAGE,
        **filters: Unpack[RequestFilters],
    ) -> Iterator[Document]:
        """Yield the calls received for a tenant, newest first; pages are read as needed."""
        path = path_of("tenants", tenant_id, "requests")
        return self._pages(path, "requests", _filter_query(filters) | {"limit": page_rows})

    def request(self, request_id: str) -> Document:
        """Return one call as ``request-details``: its URL, headers, kept body and answer."""
        return self._json("GET", path_of("requests", request_id), part="requestId")

    def unattributed(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[RequestFilters],
    ) -> Page:
        """Return one page of the calls that name no tenant, each as ``request``."""
        query = _filter_query(filters) | {"limit": limit, "cursor": cursor}
        return self._page("/unattributed", "requests", query)

    def all_unattributed(
        self, *, page_rows: int = LARGEST_PAGE, **filters: Unpack[RequestFilters]
    ) -> Iterator[Document]:
        """Yield the calls that name no tenant, newest first; pages are read as needed."""
        return self._pages(
            "/unattributed", "requests", _filter_query(filters) | {"limit": page_rows}
        )

    def totals(self, tenant_id: str) -> Document:
        """Return a tenant's counts as ``totals``."""
        return self._json("GET", path_of("tenants", tenant_id, "totals"), part="complete")


def _filter_query(filters: RequestFilters) -> dict[str, Any]:
    return {
        "reason": filters.get("reason"),
        "status": filters.get("status"),
        "traceId": filters.get("trace_id"),
        "identity": filters.get("identity"),
    }
