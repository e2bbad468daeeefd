"""The Overview: calls and runs over time, how long they take, how much of the limits is used."""

from typing import Final

from flask import Blueprint

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.layout import chosen_tenant, page
from mock_qualtrics.web.pages.overview.overview_contents import overview_contents
from mock_qualtrics.web.pages.overview.time_spans import read_span

EVERY: Final = 10
"""Seconds after which the page is fetched again though nothing came in: its time moves on."""
_PARAMETERS: Final = frozenset({"tenant", "last", "before"})


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/overview")(overview)


def overview() -> str:
    """Show a tenant's charts over a span of time, and what it uses now."""
    query = inputs.parameters(_PARAMETERS)
    tenant = chosen_tenant(query.get("tenant"))
    if tenant is None:
        return page("overview/overview.html", charts=())
    span = read_span(query, tenant.clock.now())
    contents = overview_contents(current_engine(), tenant, span)
    return page("overview/overview.html", tenant=tenant, live=span.is_now, every=EVERY, **contents)
