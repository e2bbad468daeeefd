"""The contents of the lists of calls: those that started nothing, and all; no HTML here."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.journal import UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.calls.call_filter import NO_FILTER
from mock_qualtrics.web.pages.calls.call_explanations import all_calls
from mock_qualtrics.web.pages.calls.call_rows import call_rows, reason_counts

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant

PAGE_ROWS: Final = 50
ROWS_BESIDE: Final = 10
NO_TENANT: Final = "none"
"""Stands in the pages' address for the calls that name no tenant; no tenant has this id."""


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
    tenant = None if tenant_id == NO_TENANT else engine.tenants.get(tenant_id)
    listed = one_list(engine, tenant, wanted, cursor)
    return {
        "tenant": tenant,
        "tenant_id": tenant_id,
        "nothing": "" if listed["calls"] else _nothing(engine, tenant, wanted),
        "no_tenant": NO_TENANT,
        "listed": listed,
    }


def refused_contents(
    engine: "Engine",
    tenant: "Tenant | None",
    wanted: CallFilter,
    cursor: str | None,
    *,
    strays_only: bool = False,
) -> dict[str, Any]:
    """Return a page of a tenant's calls that started nothing; beside it, those that name no tenant.

    Args:
        engine: the engine.
        tenant: the tenant; None when there is none.
        wanted: which of its calls.
        cursor: of the page.
        strays_only: whether only those that name no tenant are wanted, by the same conditions.

    Raises:
        BadCursorError: the cursor belongs to another list.
    """
    is_stray = strays_only or tenant is None
    main = one_list(engine, None if is_stray else tenant, replace(wanted, refused=True), cursor)
    refused = CallFilter(refused=True)
    beside = None if is_stray else one_list(engine, None, refused, None, ROWS_BESIDE)
    return {
        "tenant": tenant,
        "is_stray": is_stray,
        "listed": main,
        "beside": beside,
        "has_calls": tenant is not None and _received(engine, tenant.number) > 0,
    }


def one_list(
    engine: "Engine",
    tenant: "Tenant | None",
    wanted: CallFilter,
    cursor: str | None,
    limit: int = PAGE_ROWS,
) -> dict[str, Any]:
    """Return a page of a tenant's calls, or of those that name none, and their counts by reason."""
    number = UNATTRIBUTED if tenant is None else tenant.number
    page = engine.journal.requests_page(number, limit, cursor, wanted)
    totals = engine.journal.totals(number)
    reasons = reason_counts(totals)
    filters = {"reason": wanted.reason, "status": wanted.status, "traceId": wanted.trace_id}
    return {
        "all": all_calls(totals),
        "refused": sum(one.calls for one in reasons),
        "reasons": reasons,
        "filters": {name: value for name, value in filters.items() if value is not None},
        "calls": call_rows(engine, page.items, tenant),
        "next": page.next,
    }


def _received(engine: "Engine", number: int) -> int:
    return all_calls(engine.journal.totals(number))


def _nothing(engine: "Engine", tenant: "Tenant | None", wanted: CallFilter) -> str:
    """Return why a list has no calls, and where there are some."""
    count = _received(engine, UNATTRIBUTED if tenant is None else tenant.number)
    if wanted != NO_FILTER and count:
        return "No call meets these conditions."
    if count:
        return "The calls that came in are not kept any more."
    if tenant is None:
        return "Every call so far names a tenant."
    if strays := _received(engine, UNATTRIBUTED):
        names = "1 call names" if strays == 1 else f"{strays} calls name"
        return f"No call of this tenant has come in yet; {names} no tenant."
    return "No call of this tenant has come in yet."
