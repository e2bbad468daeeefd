"""What the fixture's tenant asks of a mock, as a protocol that HTTP could serve as well.

`EngineBackend` asks the engine of a server in the same process; nothing in it polls or sleeps.
Values are plain JSON as the control API shows it, with camelCase keys.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from mock_qualtrics.clock import format_instant
from mock_qualtrics.model import Microseconds

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.faults.fault_set import FaultSet
    from mock_qualtrics.journal import Page

PAGE_ROWS = 500
Document = dict[str, Any]


class CreatedTenant(NamedTuple):
    """A new tenant, and how to authenticate as it."""

    id: str
    username: str
    api_token: str


@runtime_checkable
class Backend(Protocol):
    """A mock, as the fixture ``qualtrics`` uses it.

    Every method that takes a tenant's id raises `NotFoundError` when the tenant was deleted, except
    where it says otherwise.
    """

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        ...

    def now(self) -> Microseconds:
        """Return the instant by which waiting is limited; it never goes backwards."""
        ...

    def create_tenant(self, settings: Mapping[str, Any]) -> CreatedTenant:
        """Create a tenant.

        Raises:
            InvalidSettingsError: with every reason.
        """
        ...

    def new_token(self, tenant_id: str) -> str:
        """Give the tenant another API token, and end the old one; return it."""
        ...

    def check_tenant(self, tenant_id: str) -> None:
        """Return if the tenant exists."""
        ...

    def reset_tenant(self, tenant_id: str) -> None:
        """Delete a tenant's journal, counters and faults, and set its clock back to the start."""
        ...

    def delete_tenant(self, tenant_id: str) -> None:
        """Delete a tenant with its workflows and its journal."""
        ...

    def add_workflow(self, tenant_id: str, settings: Mapping[str, Any]) -> Document:
        """Create a workflow; return it with its id and URLs.

        Raises:
            InvalidSettingsError: with every reason.
        """
        ...

    def update_workflow(self, workflow_id: str, changes: Mapping[str, Any]) -> Document:
        """Change a workflow; return it.

        Raises:
            NotFoundError: there is no such workflow.
            InvalidSettingsError: with every reason.
        """
        ...

    def run_now(self, workflow_id: str, event: bytes) -> Document:
        """Start a run without a call, as a workflow's test button does; return it (Q-WF-7).

        Raises:
            InvalidEventError: the event is no JSON object.
        """
        ...

    def runs(self, tenant_id: str) -> list[Document]:
        """Return the runs of all workflows, in the order their calls were received."""
        ...

    def requests(self, tenant_id: str) -> list[Document]:
        """Return the tenant's calls, oldest first; none when it was deleted."""
        ...

    def request(self, request_id: str) -> Document:
        """Return one call as ``request-details``: its headers, kept body and answer.

        Raises:
            NotFoundError: the journal has no such call.
        """
        ...

    def largest_body_bytes(self, tenant_id: str) -> int:
        """Return the size of the largest body that the tenant takes (Q-LIM-3)."""
        ...

    def unattributed_requests(self) -> list[Document]:
        """Return the calls that name no tenant, oldest first."""
        ...

    def unattributed_count(self) -> int:
        """Return how many such calls there were since the store is there."""
        ...

    def totals(self, tenant_id: str) -> Document:
        """Return the tenant's counts."""
        ...

    def wait(
        self, tenant_id: str, wanted: Mapping[str, int], timeout_seconds: float
    ) -> Document | None:
        """Return the totals once each wanted count is reached, None after the timeout.

        Raises:
            ClockMustBeAdvancedError: the clock is virtual, and nothing is due before it is moved.
        """
        ...

    def clock(self, tenant_id: str) -> str:
        """Return the tenant's instant, RFC 3339."""
        ...

    def advance_clock(self, tenant_id: str, seconds: float) -> str:
        """Move a virtual or skipping clock; return its new instant, RFC 3339.

        Raises:
            NotVirtualError: the tenant has a real clock.
        """
        ...

    def add_fault(self, tenant_id: str, fault: Mapping[str, Any]) -> Document:
        """Add a fault; return it with its id.

        Raises:
            InvalidFaultError: with every reason.
        """
        ...

    def faults(self, tenant_id: str) -> list[Document]:
        """Return the faults in the order they were added."""
        ...

    def remove_fault(self, tenant_id: str, fault_id: str) -> None:
        """Remove one fault.

        Raises:
            UnknownFaultError: there is no fault of that id.
        """
        ...

    def clear_faults(self, tenant_id: str) -> None:
        """Remove all faults."""
        ...


class ServerInProcess(Protocol):
    """A server in the same process, such as a ``RunningServer``."""

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        ...

    @property
    def engine(self) -> "Engine":
        """The state of the server."""
        ...


class EngineBackend:
    """Asks the engine of a server in this process.

    Args:
        server: the server; it outlives the backend.
    """

    def __init__(self, server: ServerInProcess) -> None:
        self.url = server.url
        self._engine = server.engine
        # The journal knows tenants by number. Kept here, because the registry forgets the number
        # of a deleted tenant.
        self._numbers: dict[str, int] = {}

    def now(self) -> Microseconds:
        """Return the engine's instant; real time, unless the engine was given another clock."""
        return self._engine.clock.now()

    def create_tenant(self, settings: Mapping[str, Any]) -> CreatedTenant:
        """Create a tenant."""
        tenant = self._engine.tenants.create(settings)
        self._numbers[tenant.id] = tenant.number
        return CreatedTenant(tenant.id, tenant.username, tenant.api_token.reveal())

    def new_token(self, tenant_id: str) -> str:
        """Give the tenant another API token, and end the old one; return it."""
        return self._engine.tenants.new_token(tenant_id).api_token.reveal()

    def check_tenant(self, tenant_id: str) -> None:
        """Return if the tenant exists."""
        self._engine.tenants.get(tenant_id)

    def reset_tenant(self, tenant_id: str) -> None:
        """Delete a tenant's journal, counters and faults, and set its clock back to the start."""
        self._engine.tenants.reset(tenant_id)

    def delete_tenant(self, tenant_id: str) -> None:
        """Delete a tenant with its workflows and its journal."""
        self._engine.tenants.delete(tenant_id)

    def add_workflow(self, tenant_id: str, settings: Mapping[str, Any]) -> Document:
        """Create a workflow; return it with its id and URLs."""
        tenant = self._engine.tenants.get(tenant_id)
        return self._engine.tenants.add_workflow(tenant, settings).to_mapping(self.url)

    def update_workflow(self, workflow_id: str, changes: Mapping[str, Any]) -> Document:
        """Change a workflow; return it."""
        return self._engine.tenants.update_workflow(workflow_id, changes).to_mapping(self.url)

    def run_now(self, workflow_id: str, event: bytes) -> Document:
        """Start a run without a call; return it."""
        run = self._engine.run_now(workflow_id, event)
        return {**run, "event": run["event"].value()}

    def runs(self, tenant_id: str) -> list[Document]:
        """Return the runs of all workflows, in the order their calls were received."""
        workflows = self._engine.tenants.get(tenant_id).workflows
        runs = [run for workflow in workflows for run in self._runs_of(workflow.id)]
        return sorted(runs, key=lambda run: str(run["receivedOn"]))

    def requests(self, tenant_id: str) -> list[Document]:
        """Return the tenant's calls, oldest first; none when it was deleted."""
        return self._requests(self._numbers[tenant_id])

    def request(self, request_id: str) -> Document:
        """Return one call as ``request-details``: its headers, kept body and answer."""
        from mock_qualtrics.engine.call_details import call_details  # noqa: PLC0415  few tests need it

        call = self._engine.journal.kept_call(request_id)
        return call_details(call, self._engine.tenants, self.url)

    def largest_body_bytes(self, tenant_id: str) -> int:
        """Return the size of the largest body that the tenant takes (Q-LIM-3)."""
        return self._engine.tenants.get(tenant_id).limits.payload_bytes

    def unattributed_requests(self) -> list[Document]:
        """Return the calls that name no tenant, oldest first."""
        return self._requests(None)

    def unattributed_count(self) -> int:
        """Return how many such calls there were since the store is there."""
        return self._engine.journal.unattributed_calls()

    def totals(self, tenant_id: str) -> Document:
        """Return the tenant's counts."""
        return self._engine.journal.totals(self._numbers[tenant_id])

    def wait(
        self, tenant_id: str, wanted: Mapping[str, int], timeout_seconds: float
    ) -> Document | None:
        """Return the totals once each wanted count is reached, None after the timeout."""
        return self._engine.wait(tenant_id, wanted, timeout_seconds)

    def clock(self, tenant_id: str) -> str:
        """Return the tenant's instant, RFC 3339."""
        return format_instant(self._engine.tenants.get(tenant_id).clock.now())

    def advance_clock(self, tenant_id: str, seconds: float) -> str:
        """Move a virtual or skipping clock; return its new instant, RFC 3339."""
        return format_instant(self._engine.advance(tenant_id, seconds))

    def add_fault(self, tenant_id: str, fault: Mapping[str, Any]) -> Document:
        """Add a fault; return it with its id."""
        return self._faults(tenant_id).add(fault).to_mapping()

    def faults(self, tenant_id: str) -> list[Document]:
        """Return the faults in the order they were added."""
        return [fault.to_mapping() for fault in self._faults(tenant_id).all()]

    def remove_fault(self, tenant_id: str, fault_id: str) -> None:
        """Remove one fault."""
        self._faults(tenant_id).remove(fault_id)

    def clear_faults(self, tenant_id: str) -> None:
        """Remove all faults."""
        self._faults(tenant_id).clear()

    def _faults(self, tenant_id: str) -> "FaultSet":
        return self._engine.tenants.get(tenant_id).faults

    def _runs_of(self, workflow_id: str) -> list[Document]:
        journal = self._engine.journal
        runs = _all_items(
            lambda cursor: journal.runs_page(workflow_id, limit=PAGE_ROWS, cursor=cursor)
        )
        return [{**run, "event": run["event"].value()} for run in runs]

    def _requests(self, number: int | None) -> list[Document]:
        journal = self._engine.journal
        return _all_items(lambda cursor: journal.requests_page(number, PAGE_ROWS, cursor))


def backend_of(server: "Backend | ServerInProcess") -> Backend:
    """Return the backend itself, or one that asks the engine of a server in this process."""
    # A check of the whole protocol, for each test, takes as long as a statement.
    given: Any = server
    return given if hasattr(given, "create_tenant") else EngineBackend(given)


def _all_items(read: "Callable[[str | None], Page]") -> list[Document]:
    """Read all pages, which are newest first; return their items oldest first."""
    page = read(None)
    items = list(page.items)
    while page.next is not None:
        page = read(page.next)
        items += page.items
    return items[::-1]
