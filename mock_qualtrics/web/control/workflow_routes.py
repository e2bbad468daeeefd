"""Workflows: create, show, change, publish, delete."""

from flask import Blueprint, Response

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import no_content, to_json
from mock_qualtrics.web.control.tenant_routes import base_url


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/tenants/<tenant_id>/workflows")(create_workflow)
    blueprint.get("/workflows/<workflow_id>")(show_workflow)
    blueprint.patch("/workflows/<workflow_id>")(change_workflow)
    blueprint.post("/workflows/<workflow_id>/publish")(publish_workflow)
    blueprint.post("/workflows/<workflow_id>/run")(run_workflow_now)
    blueprint.delete("/workflows/<workflow_id>")(delete_workflow)


def create_workflow(tenant_id: str) -> Response:
    """Create a workflow."""
    settings = inputs.body("workflow-settings")
    tenants = current_engine().tenants
    workflow = tenants.add_workflow(tenants.get(tenant_id), settings)
    return to_json(workflow.to_mapping(base_url()), 201)


def show_workflow(workflow_id: str) -> Response:
    """Show one workflow: its settings, id and URLs."""
    return to_json(current_engine().tenants.workflow(workflow_id).to_mapping(base_url()))


def change_workflow(workflow_id: str) -> Response:
    """Change some settings; the others stay the same. With ``publish`` false they are kept."""
    changes = inputs.body("workflow-patch")
    workflow = current_engine().tenants.update_workflow(workflow_id, changes)
    return to_json(workflow.to_mapping(base_url()))


def publish_workflow(workflow_id: str) -> Response:
    """Make the edits live that were kept (Q-WF-6)."""
    return to_json(current_engine().tenants.publish_workflow(workflow_id).to_mapping(base_url()))


def run_workflow_now(workflow_id: str) -> Response:
    """Start a run with the event in the body, as the test button does (Q-WF-7)."""
    return to_json(current_engine().run_now(workflow_id, inputs.event()), 201)


def delete_workflow(workflow_id: str) -> Response:
    """Delete a workflow; its trigger URL becomes unknown."""
    current_engine().tenants.delete_workflow(workflow_id)
    return no_content()
