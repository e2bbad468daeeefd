"""The calls that came in: those that started nothing and why, all of them, and one explained."""

from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.curl_line import curl_line
from mock_qualtrics.web.pages.calls import call_contents, call_lists
from mock_qualtrics.web.pages.forms import see
from mock_qualtrics.web.pages.layout import chosen_tenant, page

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant

_FILTERS = frozenset({"tenant", "cursor", *inputs.CALL_FILTERS})


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/refused")(refused_calls)
    blueprint.get("/calls")(call_list)
    blueprint.get("/calls/<request_id>")(call_details)
    blueprint.post("/calls/<request_id>/enable")(enable_workflow)


def refused_calls() -> str:
    """Show a tenant's calls that started nothing, and beside them those that name no tenant."""
    given = _given(_FILTERS | {"whose"})
    whose = given.get("whose", "tenant")
    if whose not in ("tenant", "nobody"):
        raise inputs.BadRequestError(f"whose: found {whose!r}, expected tenant or nobody")
    wanted, cursor = inputs.call_filter(given), inputs.cursor(given)
    tenant = chosen_tenant(given.get("tenant"))
    contents = call_lists.refused_contents(
        current_engine(), tenant, wanted, cursor, strays_only=whose == "nobody"
    )
    curl = _first_call(tenant)
    return page("calls/refused.html", live=cursor is None, curl=curl, **contents)


def _first_call(tenant: "Tenant | None") -> str | None:
    workflows = () if tenant is None else tenant.workflows
    urls = [workflow.urls(base_url())["triggerUrl"] for workflow in workflows]
    return curl_line(urls[0], {}, None, current_engine().settings.ca_file) if urls else None


def call_list() -> str:
    """Show a tenant's calls, refused and ignored ones too, or those that name no tenant.

    Without a tenant it begins with the first one, as Run history does.
    """
    given = _given(_FILTERS)
    contents = call_lists.list_contents(
        current_engine(), given.get("tenant"), inputs.call_filter(given), inputs.cursor(given)
    )
    return page("calls/calls.html", live="cursor" not in given, **contents)


def _given(known: frozenset[str]) -> dict[str, str]:
    # A form sends empty fields.
    return {name: value for name, value in inputs.parameters(known).items() if value}


def call_details(request_id: str) -> str:
    """Show one call: why it started nothing and what to do, the request, the answer, its runs."""
    is_revealed = request.args.get("reveal") == "body"
    contents = call_contents.details_contents(
        current_engine(), request_id, base_url(), is_revealed=is_revealed
    )
    return page("calls/call.html", **contents)


def enable_workflow(request_id: str) -> Response:
    """Enable the workflow that a call names, and show the call again.

    Raises:
        NotFoundError: there is no such call, or it names no workflow.
    """
    engine = current_engine()
    workflow_id = engine.journal.kept_call(request_id).shown["workflowId"]
    if workflow_id is None:
        raise NotFoundError("workflow", request_id)
    engine.tenants.update_workflow(workflow_id, {"enabled": True})
    return see(url_for("pages.call_details", request_id=request_id))
