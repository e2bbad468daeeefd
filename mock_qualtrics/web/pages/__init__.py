"""The pages: server-rendered HTML, enhanced by a little script of their own.

Everything that came over the wire is escaped, nothing is loaded from elsewhere, and a strict policy
keeps the browser from running or loading anything else. Each group of pages has a sub-package.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from mock_qualtrics.errors import InvalidSettingsError, MockError
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.problems import status_of
from mock_qualtrics.web.control.tenant_routes import base_url
from mock_qualtrics.web.openapi_file import openapi_file
from mock_qualtrics.web.pages import (
    calls,
    controls,
    forms,
    history,
    live,
    login,
    overview,
    run_details,
    static_files,
    workflows,
)
from mock_qualtrics.web.pages.history.search_syntax import SearchTextError
from mock_qualtrics.web.pages.layout import note_position, page, page_started, timing
from mock_qualtrics.web.request_guard import (
    CallerRefusedError,
    refuse_foreign_pages,
    require_access,
)

blueprint = Blueprint("pages", __name__)
for _group in (
    history,
    workflows,
    run_details,
    calls,
    overview,
    controls,
    live,
    login,
    static_files,
):
    _group.register(blueprint)

_OPEN: Final = frozenset(
    f"pages.{name}" for name in ("login_form", "log_in", "icon", "openapi", "static_file")
)
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.before_request
def _guard() -> None:
    page_started()
    if request.endpoint in _OPEN:
        refuse_foreign_pages()
    else:
        require_access()
        note_position()
    forms.refuse_foreign_form()


@blueprint.after_request
def _harden(response: Response) -> Response:
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server-Timing"] = timing()
    return response


@blueprint.errorhandler(CallerRefusedError)
def _refused(error: CallerRefusedError) -> Any:  # noqa: ANN401  Flask's own return values
    if error.status == HTTPStatus.UNAUTHORIZED:
        return redirect(url_for("pages.login_form"))
    return _error_page(str(error), error.status, bare=True)


@blueprint.errorhandler(inputs.BadRequestError)
def _bad_request(error: inputs.BadRequestError) -> Response:
    return _error_page(str(error), error.status)


@blueprint.errorhandler(RequestEntityTooLarge)
def _form_too_large(_: RequestEntityTooLarge) -> Response:
    most = f"{inputs.LARGEST_BODY_BYTES:,} bytes"
    text = f"The form has more than {most}, so nothing was done with it"
    return _error_page(text, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@blueprint.errorhandler(SearchTextError)
def _wrong_search(error: SearchTextError) -> Response:
    return _error_page(str(error), HTTPStatus.BAD_REQUEST)


@blueprint.errorhandler(MockError)
def _mock_error(error: MockError) -> Response:
    if isinstance(error, InvalidSettingsError):
        reasons = [str(reason) for reason in error.violations]
        return _error_page(error.what, status_of(error), reasons)
    return _error_page(str(error), status_of(error))


def _error_page(
    message: str, status: int, reasons: Sequence[str] = (), *, bare: bool = False
) -> Response:
    shown = page("error.html", bare=bare, message=message, reasons=reasons)
    return make_response(shown, status)


@blueprint.get("/")
def start() -> Any:  # noqa: ANN401  Flask's own return values
    """Redirect to Run history."""
    return redirect(url_for("pages.run_history"))


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Answer that there is no icon; otherwise a browser's request would be journalled as a call."""
    return Response(status=204)


@blueprint.get("/openapi.yaml")
def openapi() -> Response:
    """Return the description of trigger, whoami and control API, for generators and linters."""
    response = make_response(openapi_file(base_url()))
    response.mimetype = "application/yaml"
    return response
