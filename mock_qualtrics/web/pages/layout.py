"""What surrounds the contents of each page: navigation, the tenant, and when it was made.

Every page is of one tenant, which its address names: ``tenant=``; by default of the first one.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flask import g, render_template, request, url_for

from mock_qualtrics.clock import monotonic_seconds
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.web.changes.positions import position_of
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.masked import masked

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant

PAGES: Final = {
    "run_history": "Run history",
    "workflow_list": "Workflows",
    "refused_calls": "Refused calls",
    "overview": "Overview",
    "controls": "Controls",
}
"""The pages of the navigation, by endpoint, in order."""
_SECTIONS: Final = {"runs": "run_history", "workflows": "workflow_list", "calls": "refused_calls"}
"""Where the pages belong that are no page of the navigation, by how their paths begin."""
_OF_ANY_TENANT: Final = {*PAGES, "call_list"}
"""The pages that every tenant has at the same address; others are of one thing of a tenant."""


def page_started() -> None:
    """Note when the server began to make a page."""
    g.page_started = monotonic_seconds()


def note_position() -> None:
    """Note where the tenant stands whose page it is, before anything of it is read.

    The page hears of every change since then, also of one while it was being made.
    """
    with suppress(NotFoundError):  # the page says so itself
        tenant = chosen_tenant(request.args.get("tenant"))
        if tenant is not None:
            g.position = tenant.number, position_of(current_engine(), tenant)


def timing() -> str:
    """Return the header Server-Timing: how long the server took, by which the script paces itself.

    Example: ``page;dur=12.3``, in milliseconds.
    """
    took = monotonic_seconds() - g.get("page_started", monotonic_seconds())
    return f"page;dur={took * 1000:.1f}"


def chosen_tenant(tenant_id: str | None = None) -> "Tenant | None":
    """Return the tenant with an id, or by default the first one; None when there is none.

    Raises:
        NotFoundError: there is no tenant with this id.
    """
    tenants = current_engine().tenants
    if tenant_id:
        return tenants.get(tenant_id)
    every = tenants.all()
    return every[0] if every else None


def page(
    template: str,
    *,
    tenant: "Tenant | None" = None,
    live: bool = False,
    every: int = 0,
    bare: bool = False,
    **contents: Any,  # noqa: ANN401  whatever the template shows
) -> str:
    """Return a page.

    Args:
        template: its template.
        tenant: the tenant whose page it is; the navigation leads to its other pages.
        live: whether the script keeps its contents up to date.
        every: seconds after which the script fetches it though nothing has changed; 0 for never.
        bare: whether somebody sees it who perhaps may see nothing else: it names no tenant.
        contents: what the template shows.
    """
    return render_template(
        template,
        tenant=tenant,
        tenants=() if bare else current_engine().tenants.all(),
        # What a form is answered with cannot be had again.
        events_url=_events_url(tenant) if live and tenant and request.method == "GET" else None,
        every=0 if tenant is None or tenant.virtual else every,
        of_tenant_url=url_for(f"pages.{_of_any_tenant()}"),
        navigation=[] if bare else _navigation(tenant),
        form_token=forms.token(),
        **{"masked": masked, **contents},
    )


def _events_url(tenant: "Tenant") -> str:
    """Return the address of the tenant's event stream, from the position of this page on."""
    number, position = g.get("position", (None, ""))
    # Of a tenant that the address does not name the position is unknown: it is told at once.
    after = position if number == tenant.number else ""
    return url_for("pages.live.events", tenant=tenant.id, after=after)


def _navigation(tenant: "Tenant | None") -> list[dict[str, Any]]:
    chosen = None if tenant is None else tenant.id
    here, section = _here(), _section()
    return [
        {
            "url": url_for(f"pages.{name}", tenant=chosen),
            "text": text,
            "current": "page" if name == here else "true" if name == section else None,
        }
        for name, text in PAGES.items()
    ]


def _of_any_tenant() -> str:
    return _here() if _here() in _OF_ANY_TENANT else _section() or "run_history"


def _here() -> str:
    return (request.endpoint or "").removeprefix("pages.")


def _section() -> str | None:
    return _SECTIONS.get(request.path.split("/")[1])
