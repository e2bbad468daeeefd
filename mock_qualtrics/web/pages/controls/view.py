"""The page of the controls, as it is or with what is wrong in a form."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, make_response, request

from mock_qualtrics.faults import KINDS
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.controls import control_contents, fault_forms, settings_forms
from mock_qualtrics.web.pages.controls.notices import COUNTS, notice
from mock_qualtrics.web.pages.layout import chosen_tenant, page

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant

_PARAMETERS: Final = frozenset({"tenant", "fault", "reveal", "done", *COUNTS})


def controls() -> str:
    """Show the controls of a tenant."""
    query = inputs.parameters(_PARAMETERS)
    tenant = chosen_tenant(query.get("tenant"))
    kind = query.get("fault", "")
    form = None if kind not in KINDS else {"kind": kind, **fault_forms.fields(kind)}
    contents = _contents(tenant, fault_form=form)
    return page(
        "controls/controls.html",
        tenant=tenant,
        live=True,
        notice=notice(query),
        revealed=query.get("reveal") == "token",
        **contents,
    )


def with_errors(tenant: "Tenant | None", **contents: Any) -> Response:  # noqa: ANN401  parts of the page
    """Return the page with what is wrong in a form, and what was given in it."""
    shown = page(
        "controls/controls.html",
        tenant=tenant,
        notice=None,
        revealed=False,
        **{**_contents(tenant), **contents},
    )
    return make_response(shown, HTTPStatus.BAD_REQUEST)


def _contents(
    tenant: "Tenant | None", fault_form: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    engine = current_engine()
    shared = {
        "clocks": control_contents.CLOCKS,
        "given": request.form,
        "errors": {},
        "fault_form": fault_form,
    }
    if tenant is None:
        return shared
    return shared | {
        "clock": control_contents.clock(engine, tenant),
        "usage": control_contents.usage(engine, tenant),
        "settings": settings_forms.fields(tenant),
        "settings_before": settings_forms.shown_before(tenant, request.form),
        "after_a_restart": control_contents.after_a_restart(tenant),
        "faults": control_contents.faults(engine, tenant),
        "lost": control_contents.lost_by_reset(engine, tenant),
    }
