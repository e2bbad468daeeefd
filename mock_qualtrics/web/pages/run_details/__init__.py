"""One run, explained; compared with another one; and sent again."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.pages.forms import see
from mock_qualtrics.web.pages.history.list_address import PARAMETERS
from mock_qualtrics.web.pages.history.search_syntax import SearchTextError
from mock_qualtrics.web.pages.layout import page
from mock_qualtrics.web.pages.run_details import neighbours
from mock_qualtrics.web.pages.run_details.comparison import comparison
from mock_qualtrics.web.pages.run_details.run_contents import event_text, run_contents
from mock_qualtrics.web.pages.run_details.sending_again import send_again


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/runs/<run_id>")(run_details)
    blueprint.get("/runs/<run_id>/event")(run_event)
    blueprint.post("/runs/<run_id>/again")(run_again)
    blueprint.get("/runs/<run_id>/compare")(run_compare)
    blueprint.get("/runs/<run_id>/compare/<other_id>")(run_comparison)


def run_details(run_id: str) -> str:
    """Show one run: why it is as it is, its steps, event, fields, tasks and call.

    Raises:
        BadRequestError: the search text of the list that one came from is wrong.
    """
    query = inputs.parameters(frozenset({"reveal", *PARAMETERS}))
    contents = run_contents(current_engine(), run_id, base_url(), query.get("reveal", ""))
    try:
        beside = neighbours.beside(current_engine(), run_id, query)
    except SearchTextError as error:
        raise inputs.BadRequestError(str(error)) from error
    return page("run_details/run.html", live=True, **contents, **beside)


def run_event(run_id: str) -> Response:
    """Return a run's event as it came, as a file."""
    run = current_engine().journal.run(run_id)
    answer = Response(event_text(run), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{run["id"]}.json"'
    return answer


def run_again(run_id: str) -> AnyResponse:
    """Send a run's event again; lead to the new run, or to the call if that started none."""
    kind, identifier = send_again(current_engine(), run_id)
    if kind == "run":
        return see(url_for("pages.run_details", run_id=identifier))
    return see(url_for("pages.call_details", request_id=identifier))


def run_compare(run_id: str) -> AnyResponse:
    """Lead to the comparison with the run that the form's ``with`` means.

    Raises:
        BadRequestError: no run is meant: there is no earlier one, or none succeeded.
        NotFoundError: there is no run with that id.
    """
    engine = current_engine()
    workflow = engine.tenants.workflow(engine.journal.run(run_id)["workflowId"])
    choice = request.args.get("other", "").strip() or request.args.get("with", "")
    other = neighbours.compared_with(engine, run_id, workflow, choice)
    if other is None:
        raise inputs.BadRequestError("There is no such run of this workflow to compare it with.")
    return see(url_for("pages.run_comparison", run_id=run_id, other_id=other))


def run_comparison(run_id: str, other_id: str) -> str:
    """Show what differs between two runs."""
    return page("run_details/compare.html", **comparison(current_engine(), run_id, other_id))
