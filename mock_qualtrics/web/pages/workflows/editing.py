"""The form of a workflow: make one, change one, and publish or discard edits that wait (Q-WF-6)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, make_response, request, url_for

from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.layout import chosen_tenant, page
from mock_qualtrics.web.pages.workflows.form_contents import form_contents
from mock_qualtrics.web.pages.workflows.form_errors import FieldError, field_errors
from mock_qualtrics.web.pages.workflows.form_values import (
    Typed,
    document_of,
    typed_in,
    typed_of,
    with_row_change,
)
from mock_qualtrics.web.pages.workflows.settings_changes import (
    DEFAULTS,
    changes,
    mark_of,
    next_settings,
)
from mock_qualtrics.web.pages.workflows.workflow_list import address_of_list

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

_STATES: Final[Mapping[str, Mapping[str, bool]]] = {
    "enabled": {},
    "disabled": {"enabled": False},
    "draft": {"draft": True},
}
_CHECKED: Final = "Nothing is wrong with these settings. They are not saved yet."
_MEANWHILE: Final = (
    "This workflow was changed meanwhile, by somebody else or on another page. Nothing was saved. "
    "What differs is below: saving again makes it as it is typed here."
)
Answer = Any  # Flask's own return values


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows/new")(new_workflow)
    blueprint.post("/workflows/new")(create_workflow)
    blueprint.get("/workflows/<workflow_id>")(edit_workflow)
    blueprint.post("/workflows/<workflow_id>")(change_workflow)
    blueprint.post("/workflows/<workflow_id>/publish")(publish_edits)
    blueprint.post("/workflows/<workflow_id>/discard")(discard_edits)


def new_workflow() -> str:
    """Show the form with the defaults."""
    return _form(_tenant(), None, typed_of(DEFAULTS))


def create_workflow() -> Answer:
    """Make a workflow, or show the form again: with another row, or with what is wrong."""
    tenant, typed, action = _tenant(), typed_in(request.form), request.form.get("do", "check")
    if other := with_row_change(typed, action):
        return _form(tenant, None, other)
    typed = typed.without_blank_rows()
    state = _STATES.get(typed.single["state"], {})
    document, errors = _judged(typed, state)
    if errors or action != "save":
        return _again(tenant, None, typed, errors)
    made = {"name": document["name"], **changes(DEFAULTS, document), **state}
    return _see_in_list(current_engine().tenants.add_workflow(tenant, made))


def edit_workflow(workflow_id: str) -> str:
    """Show the form with a workflow's settings, those of edits that wait included."""
    workflow = current_engine().tenants.workflow(workflow_id)
    return _form(_tenant_of(workflow), workflow, typed_of(next_settings(workflow)))


def change_workflow(workflow_id: str) -> Answer:
    """Change a workflow, live or as edits that wait; or show the form again."""
    workflow = current_engine().tenants.workflow(workflow_id)
    typed, action = typed_in(request.form), request.form.get("do", "check")
    if other := with_row_change(typed, action):
        return _form(_tenant_of(workflow), workflow, other)
    typed = typed.without_blank_rows()
    settings = workflow.settings
    document, errors = _judged(typed, {"enabled": settings.enabled, "draft": settings.draft})
    if errors or action not in ("save", "keep"):
        return _again(_tenant_of(workflow), workflow, typed, errors)
    with _unchanged(workflow_id) as same:
        if same is not None:
            _save(same, changes(next_settings(same), document), action)
            return _see_in_list(same) if action == "save" else _see_form(same)
    workflow = current_engine().tenants.workflow(workflow_id)
    shown = _form(_tenant_of(workflow), workflow, typed, problem=_MEANWHILE, document=document)
    return make_response(shown, 409)


def publish_edits(workflow_id: str) -> Answer:
    """Make edits live that wait; a draft is published, and not enabled by that."""
    return _if_unchanged(workflow_id, publishes=True)


def discard_edits(workflow_id: str) -> Answer:
    """Drop edits that wait; what is live stays."""
    return _if_unchanged(workflow_id, publishes=False)


def _if_unchanged(workflow_id: str, *, publishes: bool) -> Answer:
    tenants = current_engine().tenants
    with _unchanged(workflow_id) as workflow:
        if workflow is None:
            raise inputs.BadRequestError("This workflow was changed meanwhile: look again", 409)
        if publishes:
            tenants.publish_workflow(workflow_id)
        else:
            tenants.replace_workflow(workflow_id, workflow.version.chosen)
    return _see_in_list(workflow)


@contextmanager
def _unchanged(workflow_id: str) -> "Iterator[Workflow | None]":
    """Keep a workflow from being changed; None when it is not as the form was made for."""
    with current_engine().lock:
        workflow = current_engine().tenants.workflow(workflow_id)
        yield workflow if mark_of(workflow) == request.form.get("mark") else None


def _save(workflow: "Workflow", changed: dict[str, Any], action: str) -> None:
    tenants = current_engine().tenants
    if action == "save":
        tenants.update_workflow(workflow.id, changed)  # publishes edits that wait, too
    elif changed:
        tenants.update_workflow(workflow.id, {**changed, "publish": False})


def _judged(typed: Typed, state: Mapping[str, bool]) -> tuple[dict[str, Any], Sequence[FieldError]]:
    """Return the document that the form means, and what is wrong with it."""
    document, reasons = document_of(typed)
    try:
        workflow_settings({**document, **state})
    except InvalidSettingsError as error:
        return document, field_errors(map(str, error.violations), typed, reasons)
    return document, field_errors((), typed, reasons)


def _again(
    tenant: "Tenant", workflow: "Workflow | None", typed: Typed, errors: Sequence[FieldError]
) -> Answer:
    if errors:
        return make_response(_form(tenant, workflow, typed, errors=errors), 400)
    return _form(tenant, workflow, typed, said=_CHECKED)


def _form(
    tenant: "Tenant",
    workflow: "Workflow | None",
    typed: Typed,
    **shown: Any,  # noqa: ANN401  what else the form says
) -> str:
    contents = form_contents(workflow, typed, **shown)
    return page("workflows/form.html", tenant=tenant, **contents)


def _tenant() -> "Tenant":
    tenant = chosen_tenant(inputs.parameters(frozenset({"tenant"})).get("tenant"))
    if tenant is None:
        raise inputs.BadRequestError("There is no tenant whose workflow it could be", 404)
    return tenant


def _tenant_of(workflow: "Workflow") -> "Tenant":
    tenants = current_engine().tenants
    tenant = tenants.by_number(workflow.tenant_number)
    return tenant or tenants.get(f"tenant-{workflow.tenant_number}")  # just deleted: not found


def _see_in_list(workflow: "Workflow") -> Answer:
    return forms.see(address_of_list(_tenant_of(workflow), workflow))


def _see_form(workflow: "Workflow") -> Answer:
    return forms.see(url_for("pages.edit_workflow", workflow_id=workflow.id))
