"""Delete a workflow, after a question on a page of its own."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.layout import page
from mock_qualtrics.web.pages.workflows.list_contents import run_counts


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows/<workflow_id>/delete")(ask_to_delete)
    blueprint.post("/workflows/<workflow_id>/delete")(delete_workflow)


def ask_to_delete(workflow_id: str) -> str:
    """Ask whether to delete a workflow, and say what goes with it."""
    engine = current_engine()
    workflow = engine.tenants.workflow(workflow_id)
    return page(
        "workflows/delete.html",
        tenant=engine.tenants.by_number(workflow.tenant_number),
        workflow=workflow,
        counts=run_counts(engine, workflow_id),
    )


def delete_workflow(workflow_id: str) -> Response:
    """Delete it; its trigger URL becomes unknown, and its waiting runs fail to start."""
    tenants = current_engine().tenants
    tenant = tenants.by_number(tenants.workflow(workflow_id).tenant_number)
    tenants.delete_workflow(workflow_id)
    return forms.see(url_for("pages.workflow_list", tenant=tenant.id if tenant else None))
