"""A typed client of the mock's control API (``contracts/openapi.yaml``).

Documents are plain mappings; each method names the schema in ``contracts/schemas`` of its document.
A number that Python cannot hold is a :class:`~contracts.exact_json.HugeNumber`: its text.
Every failure raises a :class:`~contracts.errors.ControlError`.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts import CONTROL_PATH
from contracts.addresses import mock_address_of
from contracts.control_connection import TIMEOUT_SECONDS, Document, Page, path_of
from contracts.control_journal import LARGEST_PAGE, ControlJournal, RequestFilters
from contracts.errors import ControlNotReadyError

__all__ = [
    "LARGEST_PAGE",
    "TIMEOUT_SECONDS",
    "ControlClient",
    "Document",
    "Page",
    "RequestFilters",
    "control_url_of",
]

_REQUEST_TIMEOUT: Final = 408


def control_url_of(mock_url: str) -> str:
    """Return the address of the control API of a mock, from any URL of it.

    Example:
        >>> control_url_of("http://127.0.0.1:8084/")
        'http://127.0.0.1:8084/__control/v1'
    """
    return mock_address_of(mock_url) + CONTROL_PATH


class ControlClient(ControlJournal):
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
        return self._json("GET", path_of("tenants", tenant_id), part="id")

    def change_tenant(self, tenant_id: str, changes: Mapping[str, Any]) -> Document:
        """Apply a ``tenant-patch``, other limits and assumptions; return the tenant.

        What the rate window has counted still counts.
        """
        return self._json("PATCH", path_of("tenants", tenant_id), body=changes, part="id")

    def delete_tenant(self, tenant_id: str) -> None:
        """Delete a tenant and everything that belongs to it."""
        self._call("DELETE", path_of("tenants", tenant_id))

    def reset(self, tenant_id: str) -> Document:
        """Empty a tenant's journal, reset its counters, clock and faults; return the tenant."""
        return self._json("POST", path_of("tenants", tenant_id, "reset"), part="id")

    def new_token(self, tenant_id: str) -> Document:
        """Give a tenant another API token, and end the old one; return the tenant (Q-AUTH-6)."""
        return self._json("POST", path_of("tenants", tenant_id, "token"), part="apiToken")

    def add_workflow(self, tenant_id: str, settings: Mapping[str, Any]) -> Document:
        """Create a workflow from ``workflow-settings``; return it as ``workflow``."""
        path = path_of("tenants", tenant_id, "workflows")
        return self._json("POST", path, body=settings, part="id")

    def workflow(self, workflow_id: str) -> Document:
        """Return one workflow as ``workflow``."""
        return self._json("GET", path_of("workflows", workflow_id), part="id")

    def update_workflow(self, workflow_id: str, changes: Mapping[str, Any]) -> Document:
        """Apply a ``workflow-patch``; return the workflow.

        With ``publish`` false the changes are kept until they are published (Q-WF-6).
        """
        return self._json("PATCH", path_of("workflows", workflow_id), body=changes, part="id")

    def publish_workflow(self, workflow_id: str) -> Document:
        """Make edits live that were kept with ``publish`` false; return the workflow (Q-WF-6)."""
        return self._json("POST", path_of("workflows", workflow_id, "publish"), part="id")

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
            "POST", path_of("workflows", workflow_id, "run"), body=event or {}, part="id"
        )

    def delete_workflow(self, workflow_id: str) -> None:
        """Delete a workflow."""
        self._call("DELETE", path_of("workflows", workflow_id))

    def wait(self, tenant_id: str, *, timeout_seconds: float = 5.0, **counts: int) -> Document:
        """Wait until each count is at least as given, as in ``succeeded=3``; return the totals.

        Raises:
            ControlNotReadyError: the counts were not reached in time; holds the totals.
            ControlRefusedError: 409, a virtual clock has to be advanced first.
        """
        query = {**counts, "timeoutSeconds": f"{timeout_seconds:f}"}
        path = path_of("tenants", tenant_id, "wait")
        answer = self._send("GET", path, query, patience_seconds=timeout_seconds)
        if answer.status_code == _REQUEST_TIMEOUT:
            raise ControlNotReadyError(self._document(answer, "complete"))
        return self._document(self._accepted(answer), "complete")

    def advance_clock(self, tenant_id: str, seconds: float) -> str:
        """Advance a tenant's clock; return its new time after everything due has been done."""
        path = path_of("tenants", tenant_id, "clock", "advance")
        return str(self._json("POST", path, body={"seconds": seconds}, part="now")["now"])

    def advance_until_idle(self, tenant_id: str) -> Document:
        """Advance a tenant's clock until nothing waits, from one due moment to the next.

        Return ``{"now", "succeeded", "failed", "pending"}``. It stops after 30 days of the clock or
        10,000 tries of runs; what is left is pending.
        """
        path = path_of("tenants", tenant_id, "clock", "advance")
        return self._json("POST", path, body={"until": "idle"}, part="pending")

    def add_fault(self, tenant_id: str, fault: Mapping[str, Any]) -> Document:
        """Add a ``fault``; return it with its id."""
        return self._json("POST", path_of("tenants", tenant_id, "faults"), body=fault, part="id")

    def faults(self, tenant_id: str) -> list[Document]:
        """Return a tenant's faults in the order they were added, each as ``fault``."""
        path = path_of("tenants", tenant_id, "faults")
        return self._list(path, "faults")

    def remove_fault(self, tenant_id: str, fault_id: str) -> None:
        """Remove one fault."""
        self._call("DELETE", path_of("tenants", tenant_id, "faults", fault_id))

    def clear_faults(self, tenant_id: str) -> None:
        """Remove all of a tenant's faults."""
        self._call("DELETE", path_of("tenants", tenant_id, "faults"))
