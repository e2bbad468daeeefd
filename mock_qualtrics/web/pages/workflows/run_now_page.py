"""Start a run with an event of one's own, as a workflow's test button does (Q-WF-7)."""

import json
from typing import Any

from flask import Blueprint, make_response, request, url_for

from mock_qualtrics.errors import InvalidEventError
from mock_qualtrics.events.sample_event import sample_event
from mock_qualtrics.tenants.settings_documents import as_run_now_has_it
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.layout import page


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows/<workflow_id>/run")(ask_for_event)
    blueprint.post("/workflows/<workflow_id>/run")(run_now)


def ask_for_event(workflow_id: str) -> str:
    """Ask for the event; a sample one, which fits the workflow, is typed in already."""
    workflow = current_engine().tenants.workflow(workflow_id)
    event = sample_event(workflow.settings.to_mapping())
    return _form(workflow_id, json.dumps(event, indent=2, ensure_ascii=False))


def run_now(workflow_id: str) -> Any:  # noqa: ANN401  Flask's own return values
    """Start the run and show it; an event that is no JSON object is asked for again."""
    event = request.form.get("event", "").replace("\r\n", "\n")  # a browser sends the former
    try:
        run = current_engine().run_now(workflow_id, event.encode())
    except InvalidEventError as error:
        return make_response(_form(workflow_id, event, [str(one) for one in error.violations]), 400)
    return forms.see(url_for("pages.run_details", run_id=run["id"]))


def _form(workflow_id: str, event: str, errors: list[str] | None = None) -> str:
    tenants = current_engine().tenants
    workflow = tenants.workflow(workflow_id)
    tenant = tenants.by_number(workflow.tenant_number)
    takes_edits = tenant is not None and as_run_now_has_it(workflow, tenant.answers) is not workflow
    return page(
        "workflows/run_now.html",
        tenant=tenant,
        workflow=workflow,
        takes_edits=takes_edits,
        event=event,
        errors=errors or [],
    )
