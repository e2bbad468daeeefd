"""A typed client of the mock's control API (``contracts/openapi.yaml``).

Documents are plain mappings; each method names the schema in ``contracts/schemas`` of its document.
A number that Python cannot hold is a :class:`~contracts.exact_json.HugeNumber`: its text.
Every failure raises a :class:`~contracts.errors.ControlError`.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, TypedDict, Unpack
from urllib.parse import quote

from requests import PreparedRequest, Response, Session, exceptions
from urllib3.exceptions import HTTPError

from contracts import CONTROL_PATH, exact_json
from contracts.addresses import is_loopback_url
from contracts.credentials import token_fits_a_header, token_is_wrapped, without_line_end
from contracts.errors import (
    ControlAnswerError,
    ControlNotReadyError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.http_session import HttpSession, through_proxy
from contracts.secret import Secret

LARGEST_PAGE: Final = 500
TIMEOUT_SECONDS: Final = 30.0
_REQUEST_TIMEOUT: Final = 408
_FIRST_REDIRECT: Final = 300
_REASONS: Final = (  # subclasses before their base classes: the first match counts
    (exceptions.InvalidProxyURL, NoAnswer.UNUSABLE_PROXY),
    (exceptions.SSLError, NoAnswer.UNTRUSTED_CERTIFICATE),
    (exceptions.ConnectTimeout, NoAnswer.CONNECT_TIMEOUT),
    (exceptions.Timeout, NoAnswer.READ_TIMEOUT),
    (exceptions.ConnectionError, NoAnswer.NO_CONNECTION),
)

_TRIGGERS = "/inbound-event/"

Document = dict[str, Any]


def control_url_of(mock_url: str) -> str:
    """Return the address of the control API of a mock, from its address or a trigger URL of it.

    Example:
        >>> control_url_of("http://127.0.0.1:8084/")
        'http://127.0.0.1:8084/__control/v1'
    """
    address = mock_url.partition(_TRIGGERS)[0]
    return address.rstrip("/").removesuffix(CONTROL_PATH) + CONTROL_PATH


class Page(NamedTuple):
    """One page of a list, newest first.

    Attributes:
        items: the rows.
        next: the cursor of the next page; None when this is the last.
    """

    items: tuple[Document, ...]
    next: str | None


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


class ControlClient:
    """Calls the control API of one mock; a context manager that closes its connections.

    A mock on loopback is called directly, without the environment's proxy or netrc file. A
    credential in a netrc file or in the address never replaces the control token.

    Args:
        control_url: the API's address, from the ready file or :func:`control_url_of`.
        control_token: for a mock that was started with ``--control-token``.
        timeout_seconds: how long an answer may take; :meth:`wait` adds its own timeout.
        session: a session to use instead of a new one; the client then owns it.
        ca_file: the certificate authority to trust, as ``serve --tls`` writes it.

    Raises:
        ControlTokenError: the token cannot be sent in a header.
    """

    def __init__(
        self,
        control_url: str,
        control_token: Secret | str | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        session: Session | None = None,
        ca_file: str | Path | None = None,
    ) -> None:
        self.control_url = control_url
        self._timeout_seconds = timeout_seconds
        self._session = session or HttpSession()
        self._headers = _authorization(control_token)
        self._auth = _unchanged if self._headers else None
        self._verify = None if ca_file is None else str(ca_file)
        if is_loopback_url(control_url):
            self._session.trust_env = False
            self._verify = self._verify or _ca_bundle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._session.close()

    def health(self) -> Document:
        """Return ``{"status", "version"}``."""
        return self._json("GET", "/health", part="status")

    def create_tenant(self, settings: Mapping[str, Any] | None = None) -> Document:
        """Create a tenant from ``tenant-settings``; return it as ``tenant``."""
        return self._json("POST", "/tenants", body=settings or {}, part="id")

    def tenants(self) -> list[Document]:
        """Return every tenant, each as ``tenant``."""
        return self._list("/tenants", "tenants")

    def tenant(self, tenant_id: str) -> Document:
        """Return one tenant as ``tenant``."""
        return self._json("GET", _path("tenants", tenant_id), part="id")

    def delete_tenant(self, tenant_id: str) -> None:
        """Delete a tenant and everything that belongs to it."""
        self._call("DELETE", _path("tenants", tenant_id))

    def reset(self, tenant_id: str) -> Document:
        """Empty a tenant's journal, reset its counters, clock and faults; return the tenant."""
        return self._json("POST", _path("tenants", tenant_id, "reset"), part="id")

    def new_token(self, tenant_id: str) -> Document:
        """Give a tenant another API token, and end the old one; return the tenant (Q-AUTH-6)."""
        return self._json("POST", _path("tenants", tenant_id, "token"), part="apiToken")

    def add_workflow(self, tenant_id: str, settings: Mapping[str, Any]) -> Document:
        """Create a workflow from ``workflow-settings``; return it as ``workflow``."""
        path = _path("tenants", tenant_id, "workflows")
        return self._json("POST", path, body=settings, part="id")

    def workflow(self, workflow_id: str) -> Document:
        """Return one workflow as ``workflow``."""
        return self._json("GET", _path("workflows", workflow_id), part="id")

    def update_workflow(self, workflow_id: str, changes: Mapping[str, Any]) -> Document:
        """Apply a ``workflow-patch``; return the workflow.

        With ``publish`` false the changes are kept until they are published (Q-WF-6).
        """
        return self._json("PATCH", _path("workflows", workflow_id), body=changes, part="id")

    def publish_workflow(self, workflow_id: str) -> Document:
        """Make edits live that were kept with ``publish`` false; return the workflow (Q-WF-6)."""
        return self._json("POST", _path("workflows", workflow_id, "publish"), part="id")

    def enable_workflow(self, workflow_id: str) -> Document:
        """Enable a workflow, and publish the edits that wait; return it."""
        return self.update_workflow(workflow_id, {"enabled": True})

    def disable_workflow(self, workflow_id: str) -> Document:
        """Disable a workflow; edits that wait stay unpublished. Return it."""
        return self.update_workflow(workflow_id, {"enabled": False})

    def run_now(self, workflow_id: str, event: Mapping[str, Any] | None = None) -> Document:
        """Start a run without a call, as a workflow's test button does; return it as ``run``.

        No credential is asked for, nothing is taken from the minute, conditions count as met, and
        a draft runs too (Q-WF-7). Without an event it is an empty object.
        """
        return self._json(
            "POST", _path("workflows", workflow_id, "run"), body=event or {}, part="id"
        )

    def delete_workflow(self, workflow_id: str) -> None:
        """Delete a workflow."""
        self._call("DELETE", _path("workflows", workflow_id))

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
        return self._page(_path("workflows", workflow_id, "runs"), "runs", query)

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
        return self._pages(_path("workflows", workflow_id, "runs"), "runs", query)

    def run(self, run_id: str) -> Document:
        """Return one run as ``run``."""
        return self._json("GET", _path("runs", run_id), part="id")

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
        path = _path("tenants", tenant_id, "requests")
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
        path = _path("tenants", tenant_id, "requests")
        return self._pages(path, "requests", _filter_query(filters) | {"limit": page_rows})

    def request(self, request_id: str) -> Document:
        """Return one call as ``request-details``: its URL, headers, kept body and answer."""
        return self._json("GET", _path("requests", request_id), part="requestId")

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
        return self._json("GET", _path("tenants", tenant_id, "totals"), part="complete")

    def wait(self, tenant_id: str, *, timeout_seconds: float = 5.0, **counts: int) -> Document:
        """Wait until each count is at least as given, as in ``succeeded=3``; return the totals.

        Raises:
            ControlNotReadyError: the counts were not reached in time; holds the totals.
            ControlRefusedError: 409, a virtual clock has to be advanced first.
        """
        query = {**counts, "timeoutSeconds": f"{timeout_seconds:f}"}
        path = _path("tenants", tenant_id, "wait")
        answer = self._send("GET", path, query, patience_seconds=timeout_seconds)
        if answer.status_code == _REQUEST_TIMEOUT:
            raise ControlNotReadyError(self._document(answer, "complete"))
        return self._document(self._accepted(answer), "complete")

    def advance_clock(self, tenant_id: str, seconds: float) -> str:
        """Advance a tenant's clock; return its new time after everything due has been done."""
        path = _path("tenants", tenant_id, "clock", "advance")
        return str(self._json("POST", path, body={"seconds": seconds}, part="now")["now"])

    def add_fault(self, tenant_id: str, fault: Mapping[str, Any]) -> Document:
        """Add a ``fault``; return it with its id."""
        return self._json("POST", _path("tenants", tenant_id, "faults"), body=fault, part="id")

    def faults(self, tenant_id: str) -> list[Document]:
        """Return a tenant's faults in the order they were added, each as ``fault``."""
        path = _path("tenants", tenant_id, "faults")
        return self._list(path, "faults")

    def remove_fault(self, tenant_id: str, fault_id: str) -> None:
        """Remove one fault."""
        self._call("DELETE", _path("tenants", tenant_id, "faults", fault_id))

    def clear_faults(self, tenant_id: str) -> None:
        """Remove all of a tenant's faults."""
        self._call("DELETE", _path("tenants", tenant_id, "faults"))

    def _pages(self, path: str, part: str, query: Mapping[str, Any]) -> Iterator[Document]:
        cursor = None
        while True:
            page = self._page(path, part, {**query, "cursor": cursor})
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _page(self, path: str, part: str, query: Mapping[str, Any]) -> Page:
        document = self._json("GET", path, query, part=part)
        return Page(tuple(self._rows(document, part)), document.get("next"))

    def _list(self, path: str, part: str) -> list[Document]:
        return self._rows(self._json("GET", path, part=part), part)

    def _rows(self, document: Document, part: str) -> list[Document]:
        rows = document[part]
        if not isinstance(rows, list):
            raise ControlAnswerError(self.control_url, f"an answer without a list {part!r}", part)
        return rows

    def _json(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        body: Mapping[str, Any] | None = None,
        part: str,
    ) -> Document:
        return self._document(self._call(method, path, query, body), part)

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Response:
        return self._accepted(self._send(method, path, query, body))

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        patience_seconds: float = 0.0,
    ) -> Response:
        try:
            return self._session.request(
                method,
                self.control_url + path,
                params=query,
                json=body,
                headers=self._headers,
                auth=self._auth,
                timeout=self._timeout_seconds + patience_seconds,
                verify=self._verify,
                allow_redirects=False,
            )
        # A ValueError: a session that is handed in may read the address of a redirect.
        # The others: requests lets some of urllib3's errors through, and a body may be too deep.
        except (exceptions.RequestException, HTTPError, ValueError, RecursionError) as error:
            note = through_proxy(self.control_url)
            raise ControlUnreachableError(
                self.control_url, _reason(error), str(error), note
            ) from error

    @staticmethod
    def _accepted(answer: Response) -> Response:
        if answer.status_code >= _FIRST_REDIRECT:
            raise _refusal(answer)
        return answer

    def _document(self, answer: Response, part: str) -> Document:
        """Return the answer's JSON object, which must have this key."""
        try:
            document = exact_json.loads(answer.content)
        except ValueError as error:
            raise ControlAnswerError(self.control_url, str(error)) from error
        if not isinstance(document, dict) or part not in document:
            raise ControlAnswerError(self.control_url, f"an answer without {part!r}", part)
        return document


def _filter_query(filters: RequestFilters) -> dict[str, Any]:
    return {
        "reason": filters.get("reason"),
        "status": filters.get("status"),
        "traceId": filters.get("trace_id"),
        "identity": filters.get("identity"),
    }


def _path(*parts: str) -> str:
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _authorization(control_token: Secret | str | None) -> dict[str, str]:
    token = control_token.reveal() if isinstance(control_token, Secret) else control_token
    token = without_line_end(token or "")
    if not token:
        return {}
    if token_is_wrapped(token) or not token_fits_a_header(token):
        raise ControlTokenError
    return {"Authorization": f"Bearer {token}"}


def _unchanged(request: PreparedRequest) -> PreparedRequest:
    """Add no credential.

    Passed as a request's ``auth``, this keeps requests from taking a credential from a netrc file
    or from the URL, which would overwrite the Authorization header.
    """
    return request


def _ca_bundle() -> str | None:
    """Return the CA bundle of the environment, which requests ignores without ``trust_env``."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _reason(error: Exception) -> NoAnswer:
    kinds = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(kinds, NoAnswer.OTHER)


def _refusal(answer: Response) -> ControlRefusedError:
    try:
        problem = exact_json.loads(answer.content)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return ControlRefusedError(answer.status_code)
    violations = problem.get("violations")
    texts = [str(violation) for violation in violations] if isinstance(violations, list) else []
    return ControlRefusedError(answer.status_code, str(problem.get("error", "")), texts)
