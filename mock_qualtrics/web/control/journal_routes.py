"""Read the journal: runs, requests, totals; and wait for what it is to hold."""

from flask import Blueprint, Response, request

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import to_json

_PAGE = ("limit", "cursor")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/workflows/<workflow_id>/runs")(list_runs)
    blueprint.get("/runs/<run_id>")(show_run)
    blueprint.get("/tenants/<tenant_id>/requests")(list_requests)
    blueprint.get("/unattributed")(list_unattributed)
    blueprint.get("/tenants/<tenant_id>/totals")(show_totals)
    blueprint.get("/tenants/<tenant_id>/wait")(wait_for_totals)


@inputs.takes(*_PAGE, "view", "status")
def list_runs(workflow_id: str) -> Response:
    """List a workflow's runs, newest received first; a view is one of two (Q-RUN-2)."""
    engine = current_engine()
    engine.tenants.workflow(workflow_id)
    given = request.args
    page = engine.journal.runs_page(
        workflow_id,
        view=inputs.view(given),
        status=inputs.status(given),
        limit=inputs.limit(given),
        cursor=inputs.cursor(given),
    )
    return to_json({"runs": page.items, "next": page.next})


def show_run(run_id: str) -> Response:
    """Show one run with its tasks and, if it failed, the reason."""
    return to_json(current_engine().journal.run(run_id))


@inputs.takes(*_PAGE)
def list_requests(tenant_id: str) -> Response:
    """List every call received for a tenant, refused ones too, newest first."""
    return _requests(current_engine().tenants.get(tenant_id).number)


@inputs.takes(*_PAGE)
def list_unattributed() -> Response:
    """List the calls that name no tenant, by URL or credential."""
    return _requests(None)


def _requests(tenant_number: int | None) -> Response:
    given = request.args
    page = current_engine().journal.requests_page(
        tenant_number, limit=inputs.limit(given), cursor=inputs.cursor(given)
    )
    return to_json({"requests": page.items, "next": page.next})


def show_totals(tenant_id: str) -> Response:
    """Show a tenant's counts of trigger calls and what became of them."""
    engine = current_engine()
    number = engine.tenants.get(tenant_id).number
    return to_json(engine.journal.totals(number))


@inputs.takes(*inputs.COUNTS, "timeoutSeconds")
def wait_for_totals(tenant_id: str) -> Response:
    """Answer once each count is at least as asked, or 408 when time is up."""
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    given = request.args
    wanted, timeout_seconds = inputs.wanted_counts(given), inputs.timeout_seconds(given)
    totals = engine.wait(tenant_id, wanted, timeout_seconds)
    if totals is None:
        return to_json(engine.journal.totals(tenant.number), 408)
    return to_json(totals)
