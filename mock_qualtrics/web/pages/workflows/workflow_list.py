"""The list of a tenant's workflows, and the switch of each."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.layout import chosen_tenant, page
from mock_qualtrics.web.pages.workflows.list_contents import calling, workflow_entry

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows")(workflow_list)
    blueprint.post("/workflows/<workflow_id>/switch")(switch_workflow)


def workflow_list() -> str:
    """Show a tenant's workflows; ``reveal`` names the one whose curl line has the API token."""
    query = inputs.parameters(frozenset({"tenant", "reveal"}))
    engine, tenant = current_engine(), chosen_tenant(query.get("tenant"))
    entries = _entries(engine, tenant, query.get("reveal")) if tenant else []
    return page("workflows/list.html", tenant=tenant, live=True, workflows=entries)


def _entries(engine: "Engine", tenant: "Tenant", revealed: str | None) -> list[dict[str, Any]]:
    # In order of creation, so that a switch moves nothing.
    in_order = sorted(tenant.workflows, key=lambda workflow: workflow.position)
    return [
        workflow_entry(engine, workflow)
        | calling(tenant, workflow, base_url(), with_token=workflow.id == revealed)
        for workflow in in_order
    ]


def switch_workflow(workflow_id: str) -> Response:
    """Enable or disable a workflow (Q-WF-1); enabling publishes edits that wait (Q-WF-6).

    Raises:
        NotFoundError: there is no such workflow.
        BadRequestError: the form says neither of both.
    """
    wanted = request.form.get("enabled")
    if wanted not in ("true", "false"):
        raise inputs.BadRequestError("enabled: expected true or false")
    engine = current_engine()
    workflow = engine.tenants.update_workflow(workflow_id, {"enabled": wanted == "true"})
    tenant = engine.tenants.by_number(workflow.tenant_number)
    shown = url_for("pages.workflow_list", tenant=tenant.id if tenant else None)
    return forms.see(f"{shown}#{workflow.id}")
