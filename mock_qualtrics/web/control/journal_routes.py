"""Read the journal: runs, requests and totals; wait for counts."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.web.context import PAUSE_KEY, current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import to_json
from mock_qualtrics.web.control.tenant_routes import base_url

if TYPE_CHECKING:
    from mock_qualtrics.model import Pause

_PAGE = ("limit", "cursor")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows/<workflow_id>/runs")(list_runs)
    blueprint.get("/runs/<run_id>")(show_run)
    blueprint.get("/tenants/<tenant_id>/requests")(list_requests)
    blueprint.get("/requests/<request_id>")(show_request)
    blueprint.get("/unattributed")(list_unattributed)
    blueprint.get("/tenants/<tenant_id>/totals")(show_totals)
    blueprint.get("/tenants/<tenant_id>/wait")(wait_for_totals)


@inputs.takes(*_PAGE, "view", "status", "traceId")
def list_runs(workflow_id: str) -> Response:
    """List a workflow's runs, newest received first; of one view or all (Q-RUN-2)."""
    engine = current_engine()
    engine.tenants.workflow(workflow_id)  # an unknown workflow is reported before a bad parameter
    query = request.args
    page = engine.journal.runs_page(
        workflow_id,
        view=inputs.view(query),
        status=inputs.status(query),
        limit=inputs.limit(query),
        cursor=inputs.cursor(query),
        trace_id=inputs.trace_id(query),
    )
    return to_json({"runs": page.items, "next": page.next})


def show_run(run_id: str) -> Response:
    """Return one run with its tasks and, if it failed, the reason."""
    return to_json(current_engine().journal.run(run_id))


@inputs.takes(*_PAGE, *inputs.CALL_FILTERS)
def list_requests(tenant_id: str) -> Response:
    """List received calls of a tenant, refused ones included, newest first; all, or by filter."""
    return _requests(current_engine().tenants.get(tenant_id).number)


def show_request(request_id: str) -> Response:
    """Return one call: its URL, headers, kept body, answer and runs."""
    engine = current_engine()
    call = engine.journal.kept_call(request_id)
    return to_json(call_details(call, engine.tenants, base_url()))


@inputs.takes(*_PAGE, *inputs.CALL_FILTERS)
def list_unattributed() -> Response:
    """List the calls that name no tenant, by URL or credential."""
    return _requests(None)


def _requests(tenant_number: int | None) -> Response:
    query = request.args
    page = current_engine().journal.requests_page(
        tenant_number,
        limit=inputs.limit(query),
        cursor=inputs.cursor(query),
        wanted=inputs.call_filter(query),
    )
    return to_json({"requests": page.items, "next": page.next})


def show_totals(tenant_id: str) -> Response:
    """Return a tenant's totals: its trigger calls and their runs, by outcome."""
    engine = current_engine()
    number = engine.tenants.get(tenant_id).number
    return to_json(engine.journal.totals(number))


@inputs.takes(*inputs.COUNTS, "timeoutSeconds")
def wait_for_totals(tenant_id: str) -> Response:
    """Answer once each wanted count is reached, or with 408 after the timeout.

    A server that can wait without this thread hands in a `Pause`, and asks again.
    """
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    query = request.args
    wanted, timeout_seconds = inputs.wanted_counts(query), inputs.timeout_seconds(query)
    pause: Pause | None = request.environ.get(PAUSE_KEY)
    totals = engine.wait(tenant_id, wanted, timeout_seconds if pause is None else 0.0)
    if totals is None:
        if pause is not None:
            pause.tenant_number, pause.wanted = tenant.number, wanted
            pause.timeout_seconds = timeout_seconds
        return to_json(engine.journal.totals(tenant.number), 408)
    return to_json(totals)
