"""The contents of the pages about calls: a list by filter, and one call; no HTML here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.journal import IGNORED, UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.calls.call_filter import NO_FILTER, identities_in
from mock_qualtrics.journal.counters import ANSWERED, RUN_NOW
from mock_qualtrics.web.pages.calls.call_explanations import all_calls, explained
from mock_qualtrics.web.pages.masked import masked

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

PAGE_ROWS: Final = 50
NO_TENANT: Final = "none"
"""Stands in the pages' address for the calls that name no tenant; no tenant has this id."""
_PLACES: Final = {
    "header": "a header",
    "basic": "HTTP Basic",
    "query": "the URL",
    "body": "the body",
    "other-header": "a header that is not for it",
}


def list_contents(
    engine: "Engine", tenant_id: str | None, wanted: CallFilter, cursor: str | None
) -> dict[str, Any]:
    """Return a page of a tenant's calls, or of those that name none.

    Args:
        engine: the engine.
        tenant_id: the tenant; `NO_TENANT` for calls that name none; None for the first tenant, or
            where there is none for `NO_TENANT`.
        wanted: which calls.
        cursor: of the page.

    Raises:
        NotFoundError: there is no such tenant.
        BadCursorError: the cursor belongs to another list.
    """
    tenants = engine.tenants.all()
    if tenant_id is None:
        tenant_id = tenants[0].id if tenants else NO_TENANT
    is_stray = tenant_id == NO_TENANT
    number = UNATTRIBUTED if is_stray else engine.tenants.get(tenant_id).number
    totals = engine.journal.totals(number)
    page = engine.journal.requests_page(number, PAGE_ROWS, cursor, wanted)
    ignored = {IGNORED: totals["ignored"]} if totals["ignored"] else {}
    filters = {"reason": wanted.reason, "status": wanted.status, "traceId": wanted.trace_id}
    return {
        "tenant": None if is_stray else engine.tenants.get(tenant_id),
        "tenant_id": tenant_id,
        "all": all_calls(totals),
        "reasons": list((_merged(totals) | ignored).items()),
        "filters": {name: value for name, value in filters.items() if value is not None},
        "calls": explained(engine, page.items),
        "next": page.next,
        "nothing": "" if page.items else _nothing(engine, number, wanted),
        "no_tenant": NO_TENANT,
    }


def _nothing(engine: "Engine", number: int, wanted: CallFilter) -> str:
    """Return why a list has no calls, and where there are some."""
    totals = engine.journal.totals(number)
    if wanted != NO_FILTER and all_calls(totals):
        return "No call meets these conditions."
    if all_calls(totals):
        return "The calls that came in are not kept any more."
    if number == UNATTRIBUTED:
        return "Every call so far names a tenant."
    if count := all_calls(engine.journal.totals(UNATTRIBUTED)):
        names = "1 call names" if count == 1 else f"{count} calls name"
        return f"No call of this tenant has come in yet; {names} no tenant."
    return "No call of this tenant has come in yet."


def details_contents(engine: "Engine", request_id: str, base_url: str) -> dict[str, Any]:
    """Return the contents of the page of one call.

    Raises:
        NotFoundError: there is no such call.
    """
    call = call_details(engine.journal.kept_call(request_id), engine.tenants, base_url)
    body = call["body"]
    shown = None if body is None else masked(body, identities_in(body))
    named = (one for tenant in engine.tenants.all() for one in tenant.workflows)
    workflow = next((one for one in named if one.id == call["workflowId"]), None)
    return {
        "tenant": None if call["tenantId"] is None else engine.tenants.get(call["tenantId"]),
        "call": call,
        "body": shown,
        "workflow": workflow,
        "token": token_shown(call),
    }


def token_shown(call: Mapping[str, Any]) -> str:
    """Return where the tenant's API token stood in a call, in words; never the token."""
    if call["tokenIn"] is None:
        return "not known: it names no tenant, is none of Qualtrics', or an older release stored it"
    if not call["tokenIn"]:
        return "nowhere in it is the token that its tenant had when it came"
    return "in " + " and in ".join(_PLACES[place] for place in call["tokenIn"])


def _merged(totals: dict[str, Any]) -> dict[str, int]:
    """Return the refused calls by reason, trigger calls and others together."""
    refused, others = totals["refusedBy"], totals["otherCallsBy"]
    reasons = sorted({*refused, *others} - {ANSWERED, RUN_NOW})
    return {reason: refused.get(reason, 0) + others.get(reason, 0) for reason in reasons}
