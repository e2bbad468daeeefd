"""The contents of the pages about calls: a list by filter, and one call; no HTML here."""

from typing import TYPE_CHECKING, Any

from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.journal import IGNORED, UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.journal.counters import ANSWERED, RUN_NOW
from mock_qualtrics.web.pages.contents import PAGE_ROWS, all_calls, why
from mock_qualtrics.web.pages.masked import masked

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine


def list_contents(
    engine: "Engine", tenant_id: str | None, wanted: CallFilter, cursor: str | None
) -> dict[str, Any]:
    """Return a page of a tenant's calls; without a tenant, of those that name none.

    Raises:
        NotFoundError: there is no such tenant.
        BadCursorError: the cursor belongs to another list.
    """
    number = UNATTRIBUTED if tenant_id is None else engine.tenants.get(tenant_id).number
    totals = engine.journal.totals(number)
    page = engine.journal.requests_page(number, PAGE_ROWS, cursor, wanted)
    ignored = {IGNORED: totals["ignored"]} if totals["ignored"] else {}
    filters = {"reason": wanted.reason, "status": wanted.status, "traceId": wanted.trace_id}
    return {
        "tenants": engine.tenants.all(),
        "tenant_id": tenant_id,
        "all": all_calls(totals),
        "reasons": list((_merged(totals) | ignored).items()),
        "filters": {name: value for name, value in filters.items() if value is not None},
        "calls": [{**call, "why": why(call)} for call in page.items],
        "next": page.next,
    }


def details_contents(engine: "Engine", request_id: str, base_url: str) -> dict[str, Any]:
    """Return the contents of the page of one call.

    Raises:
        NotFoundError: there is no such call.
    """
    call = call_details(engine.journal.kept_call(request_id), engine.tenants, base_url)
    body = call["body"]
    shown = None if body is None else masked(body, identities_in(body))
    return {"call": call, "body": shown}


def _merged(totals: dict[str, Any]) -> dict[str, int]:
    """Return the refused calls by reason, trigger calls and others together."""
    refused, others = totals["refusedBy"], totals["otherCallsBy"]
    reasons = sorted({*refused, *others} - {ANSWERED, RUN_NOW})
    return {reason: refused.get(reason, 0) + others.get(reason, 0) for reason in reasons}
