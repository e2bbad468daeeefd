"""The calls that came in, refused and ignored ones too, and one call explained."""

from flask import Blueprint

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.pages.calls import call_contents
from mock_qualtrics.web.pages.layout import page


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/calls")(call_list)
    blueprint.get("/calls/<request_id>")(call_details)


def call_list() -> str:
    """Show a tenant's calls, refused and ignored ones too, or those that name no tenant.

    Without a tenant it begins with the first one, as Run history does.
    """
    query = inputs.parameters(frozenset({"tenant", "cursor", *inputs.CALL_FILTERS}))
    given = {name: value for name, value in query.items() if value}  # a form sends empty fields
    contents = call_contents.list_contents(
        current_engine(), given.get("tenant"), inputs.call_filter(given), inputs.cursor(given)
    )
    return page("calls/calls.html", live="cursor" not in given, **contents)


def call_details(request_id: str) -> str:
    """Show one call: its URL and what was wrong in it, headers, body, answer and runs."""
    contents = call_contents.details_contents(current_engine(), request_id, base_url())
    return page("calls/call.html", **contents)
