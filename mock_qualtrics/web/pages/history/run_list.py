"""The contents of a list of runs; no HTML here."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from mock_qualtrics.clock import format_instant
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal import UNATTRIBUTED, CallFilter, State
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.pages.calls.call_explanations import all_calls, explained
from mock_qualtrics.web.pages.history.list_address import VIEWS, ListAddress
from mock_qualtrics.web.pages.history.row_addresses import RowAddresses
from mock_qualtrics.web.pages.history.run_hints import hints
from mock_qualtrics.web.pages.masked import masked
from mock_qualtrics.web.pages.spans import span_text
from mock_qualtrics.web.pages.workflows.list_contents import calling

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.search.found_runs import FoundPage, FoundRun
    from mock_qualtrics.model import Microseconds

PAGE_ROWS: Final = 50
REFUSED_ROWS: Final = 10
_MOST_OFFERED: Final = 50
"""Workflows that the form offers; the list of workflows leads to the others."""
_VIEW_HELP: Final = {
    "started": "Runs that started, whether their tasks succeeded or failed (Q-RUN-2).",
    "failed-to-start": "Runs that never started, such as those beyond the daily cap (Q-RUN-2).",
    "waiting": "Runs that are not due yet, or wait for another try.",
    "all": "Runs of all views.",
}
OUTCOMES: Final = {
    "succeeded": "succeeded",
    "failed": "failed",
    "blocked": "blocked",
    "pending": "pending",
}
"""The totals that lead to their runs, each with the status of the search that finds them."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What of a list one page shows.

    Attributes:
        cursor: where it begins; None at the newest run.
        revealed: the run whose identity is shown in the clear.
    """

    cursor: str | None = None
    revealed: str | None = None


def list_contents(engine: "Engine", address: ListAddress, shown: ListPage) -> dict[str, Any]:
    """Return one page of a list of runs.

    Raises:
        BadRequestError: the search text is wrong.
        BadCursorError: the cursor belongs to another list.
    """
    now = address.tenant.clock.now()
    wanted = address.wanted(now)
    found = engine.journal.search.find(wanted, PAGE_ROWS, shown.cursor)
    addresses = RowAddresses(address, shown.cursor)
    return {
        **_surroundings(engine, address),
        "runs": [_row(run, addresses, shown.revealed) for run in found.runs],
        "caption": _caption(address),
        "progress": _progress(found, by_index=wanted.by_index),
        "nothing": _nothing(found, address),
        "addresses": _addresses(address, found.next, shown.cursor),
    }


def list_of_nothing(engine: "Engine", address: ListAddress, error: str) -> dict[str, Any]:
    """Return the page of a list whose search text is wrong: everything but runs, and the error."""
    return {
        **_surroundings(engine, address),
        "runs": [],
        "caption": _caption(address),
        "search_error": error,
        "nothing": "The search could not be read: see the error above.",
        "addresses": _addresses(address, None, None),
    }


def without_tenant(engine: "Engine") -> dict[str, Any]:
    """Return the page of a server that has no tenant: calls that name none."""
    return {"workflows": (), "workflow": None, "refused": _calls_without_run(engine, None)}


def _surroundings(engine: "Engine", address: ListAddress) -> dict[str, Any]:
    """Return what stands around the rows: totals, hints, views, and calls that started nothing."""
    tenant, workflow = address.tenant, address.workflow
    totals = engine.journal.totals(tenant.number)
    stray = all_calls(engine.journal.totals(UNATTRIBUTED))
    without_run = _calls_without_run(engine, tenant.number) + _calls_without_run(engine, None)
    return {
        "tenant": tenant,
        "workflows": tenant.workflows[:_MOST_OFFERED],
        "more_workflows": len(tenant.workflows) > _MOST_OFFERED,
        "workflow": workflow,
        "view": address.view,
        "search": address.search,
        "totals": totals,
        "outcomes": _outcomes(address, totals),
        "hints": hints(_state(address), totals, stray),
        "waits_for_clock": _waits_for_clock(address, totals),
        "view_help": _VIEW_HELP[address.view],
        "views": _views(address, totals["pending"]),
        "refused": without_run,
        "named": _named(engine, address.search.strip()),
        "first_call": _first_call(engine, address)
        if tenant.workflows and not all_calls(totals)
        else None,
    }


def _named(engine: "Engine", text: str) -> dict[str, str] | None:
    """Return the run or the call whose id is looked for: what it is, and its page."""
    with suppress(NotFoundError):
        run_id = engine.journal.run(text)["id"]
        return {"is": "a run", "url": url_for("pages.run_details", run_id=run_id)}
    with suppress(NotFoundError):
        engine.journal.kept_call(text)
        return {"is": "a call", "url": url_for("pages.call_details", request_id=text)}
    return None


def _first_call(engine: "Engine", address: ListAddress) -> dict[str, Any]:
    """Return how to make the first call: of the workflow that is shown, or of the first one."""
    workflow = address.workflow or address.tenant.workflows[0]
    ca_file = engine.settings.ca_file
    return calling(address.tenant, workflow, base_url(), with_token=False, ca_file=ca_file)


def _state(address: ListAddress) -> str:
    """Return the state of the workflow that is shown, or that is the only one."""
    only = address.tenant.workflows if len(address.tenant.workflows) == 1 else ()
    return next((one.state.value for one in (address.workflow, *only) if one), "active")


def _waits_for_clock(address: ListAddress, totals: dict[str, Any]) -> str | None:
    """Return that runs wait until somebody moves the clock; None when none does."""
    if not (address.tenant.virtual and totals["pending"]):
        return None
    runs = "1 run stays" if totals["pending"] == 1 else f"{totals['pending']} runs stay"
    return f"On {address.tenant.id} the clock is virtual: {runs} pending until it is advanced."


def _outcomes(address: ListAddress, totals: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    everything = ListAddress(address.tenant)
    return [
        (
            name,
            totals[name],
            everything.url(view=None, q=f"status:{status}") if totals[name] else None,
        )
        for name, status in OUTCOMES.items()
    ]


def _views(address: ListAddress, pending: int) -> list[dict[str, Any]]:
    """Return the tabs; only of all runs of a tenant is it known how many wait."""
    counts = {} if address.workflow or address.search else {"waiting": f" ({pending:,})"}
    return [
        {
            "url": address.url(view=name),
            "text": text + counts.get(name, ""),
            "is_chosen": name == address.view,
        }
        for name, (text, _) in VIEWS.items()
    ]


def _addresses(address: ListAddress, older: str | None, cursor: str | None) -> dict[str, Any]:
    return {
        "older": address.url(cursor=older) if older else None,
        "newest": address.url() if cursor else None,
        "without_search": address.url(q=None),
        "csv": address.url("runs_as_csv"),
        "json_lines": address.url("runs_as_json_lines"),
        "errors": address.url("run_errors"),
    }


def _row(run: "FoundRun", addresses: RowAddresses, revealed: str | None) -> dict[str, Any]:
    identity = run.identity or ""
    is_revealed = revealed == run.id
    return {
        "id": run.id,
        "url": addresses.of_run(run.id),
        "workflow_name": addresses.workflow_name(run.workflow_id),
        "workflow_url": addresses.of_workflow(run.workflow_id),
        "status": run.status.value,
        "started_on": _instant(run.started_at),
        "received_on": format_instant(run.received_at),
        "delay": _span(run.received_at, run.started_at),
        "duration": _span(run.started_at, run.finished_at),
        "identity": identity if is_revealed else masked(identity, [identity]),
        "is_revealed": is_revealed,
        "reveal_url": addresses.revealed(run.id),
        "due_on": format_instant(run.due_at) if run.state is State.PENDING else None,
        "why": [masked(text, [identity]) for text in _why(run)],
    }


def _why(run: "FoundRun") -> list[str]:
    """Return why a run is as it is, when there is something to say."""
    return [*([run.error] if run.error else []), *run.notes]


def _span(start: "Microseconds | None", end: "Microseconds | None") -> str | None:
    return None if start is None or end is None else span_text(end - start)


def _instant(instant: "Microseconds | None") -> str | None:
    return None if instant is None else format_instant(instant)


def _caption(address: ListAddress) -> str:
    of = "" if address.workflow is None else f" of {address.workflow.name}"
    found = " that the search finds" if address.search else ""
    return f"{VIEWS[address.view][0]}: runs{of}{found}, newest received first, in UTC"


def _progress(found: "FoundPage", *, by_index: bool) -> str | None:
    """Return how far a search by text got; None when all runs of the list are known."""
    if by_index or found.looked_back_to is None:
        return None
    runs = "1 run" if found.looked_at == 1 else f"{found.looked_at:,} runs"
    back_to = format_instant(found.looked_back_to)
    if found.next is None:
        return f"Looked through {runs}, back to {back_to}: there are no older ones."
    return f"Looked through {runs}, back to {back_to}; older ones were not looked at yet."


def _nothing(found: "FoundPage", address: ListAddress) -> str:
    if found.next is not None:
        return "None among the runs that were looked through so far: search on."
    if address.search:
        return "No run is found by this search."
    return "No runs here yet."


def _calls_without_run(engine: "Engine", tenant_number: int | None) -> list[dict[str, Any]]:
    wanted = CallFilter(without_run=True)
    page = engine.journal.requests_page(tenant_number, REFUSED_ROWS, wanted=wanted)
    return explained(engine, page.items)
