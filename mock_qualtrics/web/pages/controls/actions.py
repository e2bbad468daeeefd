"""What the forms of the controls do; each answers with the page to look at then."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.tenants.registry import DEFAULT_WORKFLOW
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.controls import fault_forms, samples, settings_forms
from mock_qualtrics.web.pages.controls.durations import seconds_of
from mock_qualtrics.web.pages.controls.fields import errors_of, number_or_text
from mock_qualtrics.web.pages.controls.view import with_errors
from mock_qualtrics.web.pages.layout import chosen_tenant

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NOT_CONFIRMED: Final = "Tick the box first: this cannot be undone."


def _done(what: str, tenant_id: str | None = None, **counts: Any) -> "Response":  # noqa: ANN401  numbers
    return forms.see(url_for("pages.controls", tenant=tenant_id, done=what, **counts))


def advance_the_clock(tenant_id: str) -> "Response":
    """Move the clock by a duration, or until nothing waits."""
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    if request.form.get("until") == "idle":
        ended = engine.advance_until_idle(tenant.id)._asdict()
        del ended["now"]
        return _done("idle", tenant.id, **ended)
    seconds = seconds_of(request.form.get("by", ""))
    if seconds is None or seconds > LONGEST_SECONDS:
        wanted = "Say how long, such as 90, 1h30m or 2d; ten years at most."
        return with_errors(tenant, errors={"by": wanted})
    engine.advance(tenant.id, seconds)
    return _done("advanced", tenant.id)


def add_a_fault(tenant_id: str) -> "Response":
    """Add a fault, or say beside each field what is wrong."""
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    try:
        fault = fault_forms.fault_of(request.form)
        tenant.faults.add(fault, wire_faults=engine.settings.wire_faults)
    except InvalidSettingsError as error:
        kind = request.form.get("kind", "")
        if not fault_forms.is_kind(kind):
            raise
        shown = fault_forms.fields(kind, request.form, errors_of(error.violations))
        return with_errors(tenant, fault_form={"kind": kind, **shown})
    return _done("fault-added", tenant.id)


def remove_a_fault(tenant_id: str) -> "Response":
    """Remove one fault."""
    current_engine().tenants.get(tenant_id).faults.remove(request.form.get("id", ""))
    return _done("fault-removed", tenant_id)


def clear_faults_of(tenant_id: str) -> "Response":
    """Remove all faults."""
    current_engine().tenants.get(tenant_id).faults.clear()
    return _done("faults-cleared", tenant_id)


def change_settings(tenant_id: str) -> "Response":
    """Change limits and assumptions, or say beside each field what is wrong."""
    tenants = current_engine().tenants
    tenant = tenants.get(tenant_id)
    try:
        tenants.change_settings(tenant.id, settings_forms.changes_in(request.form, tenant))
    except InvalidSettingsError as error:
        shown = settings_forms.fields(tenant, request.form, errors_of(error.violations))
        return with_errors(tenant, settings=shown)
    return _done("settings", tenant.id)


def send_a_sample(tenant_id: str) -> "Response":
    """Send a sample event as a real call; lead to its run, or to the call that started none."""
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    request_id = samples.send(engine, tenant, request.form.get("sample", ""))
    run_ids = engine.journal.kept_call(request_id).run_ids
    if run_ids:
        return forms.see(url_for("pages.run_details", run_id=run_ids[0]))
    return forms.see(url_for("pages.call_details", request_id=request_id))


def give_a_new_token(tenant_id: str) -> "Response":
    """Give the tenant another API token (Q-AUTH-6)."""
    current_engine().tenants.new_token(tenant_id)
    return _done("token", tenant_id)


def reset(tenant_id: str) -> "Response":
    """Delete the tenant's journal, counters and faults; the form must say that it is meant."""
    tenants = current_engine().tenants
    tenant = tenants.get(tenant_id)
    if not _is_meant():
        return with_errors(tenant, errors={"reset": NOT_CONFIRMED})
    tenants.reset(tenant.id)
    return _done("reset", tenant.id)


def delete(tenant_id: str) -> "Response":
    """Delete the tenant; the form must say that it is meant."""
    tenants = current_engine().tenants
    tenant = tenants.get(tenant_id)
    if not _is_meant():
        return with_errors(tenant, errors={"delete": NOT_CONFIRMED})
    tenants.delete(tenant.id)
    return _done("deleted")


def create_tenant() -> "Response":
    """Create a tenant with a workflow, or say beside each field what is wrong."""
    tenants, given = current_engine().tenants, request.form
    settings: dict[str, Any] = {"clock": given.get("clock", "real")}
    if given.get("seed"):
        settings["seed"] = number_or_text(given["seed"])
    if given.get("new-limits-callsPerMinute"):
        calls = number_or_text(given["new-limits-callsPerMinute"])
        settings["limits"] = {"callsPerMinute": calls}
    try:
        tenant = tenants.create(settings)
    except InvalidSettingsError as error:
        errors = {f"new-{name}": text for name, text in errors_of(error.violations).items()}
        return with_errors(chosen_tenant(), errors=errors)
    tenants.add_workflow(tenant, DEFAULT_WORKFLOW)
    return _done("created", tenant.id)


def _is_meant() -> bool:
    return request.form.get("sure") == "yes"


OF_A_TENANT: Final[dict[str, Callable[[str], "Response"]]] = {
    "clock/advance": advance_the_clock,  # as in the control API: the server gives it turns
    "faults": add_a_fault,
    "faults/remove": remove_a_fault,
    "faults/clear": clear_faults_of,
    "settings": change_settings,
    "samples": send_a_sample,
    "token": give_a_new_token,
    "reset": reset,
    "delete": delete,
}
"""The forms of a tenant, by the path behind its id."""
