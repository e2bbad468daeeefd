"""The list of a tenant's workflows, and the switch of each."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.layout import chosen_tenant, page
from mock_qualtrics.web.pages.workflows.list_contents import calling, workflow_entry
from mock_qualtrics.web.pages.workflows.list_pages import (
    PARAMETERS,
    STATE_NAMES,
    WantedWorkflows,
    page_with,
    read_wanted,
    workflow_page,
)

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows")(workflow_list)
    blueprint.post("/workflows/<workflow_id>/switch")(switch_workflow)


def workflow_list() -> str:
    """Show a tenant's workflows; ``reveal`` names the one whose curl line has the API token."""
    query = inputs.parameters(PARAMETERS | {"tenant", "reveal"})
    wanted, tenant = read_wanted(query), chosen_tenant(query.get("tenant"))
    contents = {} if tenant is None else _contents(tenant, wanted, query.get("reveal"))
    return page("workflows/list.html", tenant=tenant, live=True, **contents)


def _contents(tenant: "Tenant", wanted: WantedWorkflows, revealed: str | None) -> dict[str, Any]:
    engine, listed = current_engine(), workflow_page(tenant.workflows, wanted)
    return {
        "workflows": [
            workflow_entry(engine, workflow)
            | calling(
                tenant,
                workflow,
                base_url(),
                with_token=workflow.id == revealed,
                ca_file=engine.settings.ca_file,
            )
            for workflow in listed.workflows
        ],
        "listed": listed,
        "all": len(tenant.workflows),
        "wanted": wanted,
        "older": _address_from(tenant, wanted, listed.older),
        "newer": _address_from(tenant, wanted, listed.newer),
        "state_names": STATE_NAMES,
    }


def _address_from(tenant: "Tenant", wanted: WantedWorkflows, first: int | None) -> str | None:
    return None if first is None else address_of_list(tenant, wanted=replace(wanted, first=first))


def address_of_list(
    tenant: "Tenant", workflow: "Workflow | None" = None, wanted: WantedWorkflows | None = None
) -> str:
    """Return the address of a tenant's list, at a workflow if one is given.

    Args:
        tenant: the tenant.
        workflow: one of its workflows.
        wanted: the page; by default the one of the whole list on which the workflow is.
    """
    if wanted is None:
        wanted = page_with(tenant.workflows, workflow) if workflow else WantedWorkflows()
    anchor = workflow.id if workflow else None
    given = wanted.parameters
    return url_for("pages.workflow_list", tenant=tenant.id, **given, _anchor=anchor)


def switch_workflow(workflow_id: str) -> Response:
    """Enable or disable a workflow (Q-WF-1); enabling publishes edits that wait (Q-WF-6).

    Raises:
        NotFoundError: there is no such workflow.
        BadRequestError: the form says neither of both, or names no page of the list.
    """
    wanted = request.form.get("enabled")
    if wanted not in ("true", "false"):
        raise inputs.BadRequestError("enabled: expected true or false")
    shown = read_wanted(request.form)
    engine = current_engine()
    workflow = engine.tenants.update_workflow(workflow_id, {"enabled": wanted == "true"})
    tenant = engine.tenants.by_number(workflow.tenant_number)
    if tenant is None:  # just deleted
        return forms.see(url_for("pages.workflow_list"))
    return forms.see(address_of_list(tenant, workflow, shown if shown.parameters else None))
