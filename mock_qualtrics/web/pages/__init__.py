"""The Run history pages: plain HTML without scripts; all content is escaped."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mock_qualtrics.errors import MockError
from mock_qualtrics.model import RunStatus
from mock_qualtrics.web import access
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.problems import status_of
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.openapi_file import openapi_file
from mock_qualtrics.web.pages import call_contents
from mock_qualtrics.web.pages.contents import History
from mock_qualtrics.web.request_guard import (
    CallerRefusedError,
    refuse_foreign_pages,
    require_access,
)

blueprint = Blueprint("pages", __name__)
_OPEN = frozenset({"pages.login_form", "pages.login", "pages.icon", "pages.openapi"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@blueprint.before_request
def _guard() -> None:
    if request.endpoint in _OPEN:
        refuse_foreign_pages()
    else:
        require_access()


@blueprint.after_request
def _harden(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


@blueprint.errorhandler(CallerRefusedError)
def _refused(error: CallerRefusedError) -> Any:  # noqa: ANN401  Flask's own return values
    if error.status == 401:  # noqa: PLR2004  an HTTP status
        return redirect(url_for("pages.login_form"))
    return _error_page(str(error), error.status)


@blueprint.errorhandler(inputs.BadRequestError)
def _bad_request(error: inputs.BadRequestError) -> Response:
    return _error_page(str(error), error.status)


@blueprint.errorhandler(MockError)
def _mock_error(error: MockError) -> Response:
    return _error_page(str(error), status_of(error))


@blueprint.get("/")
def start() -> Any:  # noqa: ANN401  Flask's own return values
    """Redirect to Run history."""
    return redirect(url_for("pages.run_history"))


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Answer that there is no icon; otherwise a browser's request would be journalled as a call."""
    return Response(status=204)


@blueprint.get("/runs")
def run_history() -> str:
    """Show a workflow's runs in one of the two views (Q-RUN-2), or its pending runs.

    The page also lists the latest calls that started no run.
    """
    query = inputs.parameters(frozenset({"workflow", "view", "status", "cursor"}))
    view, status = inputs.view(query), inputs.status(query)
    if status is not RunStatus.PENDING:  # pending runs are in neither view
        view = view or "started"
    page = History(current_engine()).page(query.get("workflow"), view, status, inputs.cursor(query))
    return render_template("runs.html", **page)


@blueprint.get("/runs/<run_id>")
def run_details(run_id: str) -> str:
    """Show one run: its event, fields and tasks, and why it failed."""
    return render_template("run.html", **History(current_engine()).details(run_id))


@blueprint.get("/calls")
def call_list() -> str:
    """Show a tenant's calls, refused and ignored ones too, or those that name no tenant.

    Without a tenant it begins with the first one, as Run history does.
    """
    query = inputs.parameters(frozenset({"tenant", "cursor", *inputs.CALL_FILTERS}))
    given = {name: value for name, value in query.items() if value}  # a form sends empty fields
    page = call_contents.list_contents(
        current_engine(), given.get("tenant"), inputs.call_filter(given), inputs.cursor(given)
    )
    return render_template("calls.html", **page)


@blueprint.get("/calls/<request_id>")
def call_details(request_id: str) -> str:
    """Show one call: its URL and what was wrong in it, headers, body, answer and runs."""
    page = call_contents.details_contents(current_engine(), request_id, base_url())
    return render_template("call.html", **page)


@blueprint.get("/login")
def login_form() -> str:
    """Ask for the control token."""
    return render_template("login.html", wrong=False)


@blueprint.post("/login")
def login() -> Any:  # noqa: ANN401  Flask's own return values
    """Check the control token, and set the login cookie."""
    control_token = current_engine().settings.control_token
    if control_token is None:
        return redirect(url_for("pages.run_history"))
    if not access.is_control_token(request.form.get("token", ""), control_token):
        return make_response(render_template("login.html", wrong=True), 401)
    response = redirect(url_for("pages.run_history"))
    response.set_cookie(
        access.COOKIE,
        access.login_cookie(control_token),
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return response


def _error_page(message: str, status: int) -> Response:
    return make_response(render_template("error.html", message=message), status)


@blueprint.get("/openapi.yaml")
def openapi() -> Response:
    """Return the description of trigger, whoami and control API, for generators and linters."""
    response = make_response(openapi_file(base_url()))
    response.mimetype = "application/yaml"
    return response
