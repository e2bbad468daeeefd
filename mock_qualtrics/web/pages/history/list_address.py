"""Which runs a list shows, as its address says it: tenant, workflow, view and search text.

Every list has an address that can be shared, and the page of one run knows the list that it was
opened from by the same parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from mock_qualtrics.journal import State
from mock_qualtrics.journal.calls.run_documents import states
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.model import Microseconds, RunStatus
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.history.search_syntax import parse
from mock_qualtrics.web.pages.layout import chosen_tenant

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

PARAMETERS: Final = frozenset({"tenant", "workflow", "view", "status", "q"})
STARTED: Final = "started"
VIEWS: Final[Mapping[str, tuple[str, frozenset[State]]]] = {
    STARTED: ("Successfully started with tasks run", frozenset(states("started", None))),
    "failed-to-start": (
        "Failed to start after triggered",
        frozenset(states("failed-to-start", None)),
    ),
    "waiting": ("Waiting", frozenset(states(None, RunStatus.PENDING))),
    "all": ("All", frozenset(State)),
}
"""By its name in addresses, what a view is called and which states it shows (Q-RUN-2)."""


@dataclass(frozen=True, slots=True)
class ListAddress:
    """What one list shows.

    Attributes:
        tenant: the tenant.
        workflow: the only workflow whose runs are shown; None for all of the tenant.
        view: a name in `VIEWS`.
        search: the text in the search box.
    """

    tenant: "Tenant"
    workflow: "Workflow | None" = None
    view: str = STARTED
    search: str = ""

    def wanted(self, now: Microseconds) -> WantedRuns:
        """Return which runs the list has at an instant of the tenant's clock.

        Raises:
            SearchTextError: the search text is wrong.
        """
        found = parse(self.search).wanted(self.tenant.number, now, self._workflow_ids())
        ids = found.workflow_ids
        if self.workflow is not None:
            own = self.workflow.id
            ids = (own,) if ids is None or own in ids else ()
        return replace(found, states=found.states & VIEWS[self.view][1], workflow_ids=ids)

    def _workflow_ids(self) -> dict[str, list[str]]:
        by_name: dict[str, list[str]] = {}
        for workflow in self.tenant.workflows:
            by_name.setdefault(workflow.name, []).append(workflow.id)
        return by_name

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """Return the parameters of this list's address, some of them changed; None leaves one out.

        Example: ``{"tenant": "tenant-1", "view": "all", "q": "task:Invite"}``.
        """
        named = {
            "tenant": self.tenant.id,
            "workflow": self.workflow.id if self.workflow else None,
            "view": None if self.view == _view_of(self.search) else self.view,
            "q": self.search or None,
            **changes,
        }
        return {name: value for name, value in named.items() if value is not None}

    def url(self, endpoint: str = "run_history", **changes: str | None) -> str:
        """Return the address of this list, or of another page about the same runs."""
        given: dict[str, Any] = self.parameters(**changes)
        return url_for(f"pages.{endpoint}", **given)

    def workflow_name(self, workflow_id: str) -> str:
        """Return the name of a workflow of the tenant; its id when it was deleted."""
        named = (one.name for one in self.tenant.workflows if one.id == workflow_id)
        return next(named, workflow_id)


def read_address(query: Mapping[str, str]) -> ListAddress | None:
    """Return the list that the parameters of an address name; None when there is no tenant.

    An older address may name a status beside the search.

    Raises:
        BadRequestError: there is no such view.
        NotFoundError: there is no such tenant or workflow.
    """
    tenants = current_engine().tenants
    workflow = tenants.workflow(query["workflow"]) if query.get("workflow") else None
    tenant = chosen_tenant(query.get("tenant"))
    if workflow is not None:
        tenant = tenants.by_number(workflow.tenant_number)
    if tenant is None:
        return None
    status = inputs.status(query)
    named = [] if status is None else [f"status:{status.value.lower()}"]
    search = " ".join([*named, query.get("q", "").strip()]).strip()
    return ListAddress(tenant, workflow, _view(query, search), search)


def _view(query: Mapping[str, str], search: str) -> str:
    text = query.get("view") or _view_of(search)
    if text not in VIEWS:
        expected = f"expected one of {', '.join(VIEWS)}"
        raise inputs.BadRequestError(f"view: found {text!r}, {expected}")
    return text


def _view_of(search: str) -> str:
    """Return the view of a list whose address names none: a search is in all runs."""
    return "all" if search else STARTED
