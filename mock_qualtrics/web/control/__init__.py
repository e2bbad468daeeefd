"""The control API under ``/__control/v1``: one guarded blueprint, with one format of errors.

It reads and changes the state that the engine owns, and decides nothing about events.
"""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from contracts import CONTROL_PATH
from mock_qualtrics.errors import InvalidSettingsError, MockError
from mock_qualtrics.web.control import (
    clock_routes,
    fault_routes,
    health_routes,
    journal_routes,
    tenant_routes,
    workflow_routes,
)
from mock_qualtrics.web.control.answers import problem
from mock_qualtrics.web.control.inputs import (
    BadRequestError,
    refuse_long_ids,
    refuse_unknown_parameters,
)
from mock_qualtrics.web.control.problems import status_of
from mock_qualtrics.web.request_guard import CallerRefusedError, require_access

blueprint = Blueprint("control", __name__, url_prefix=CONTROL_PATH)
blueprint.before_request(require_access)
blueprint.before_request(refuse_long_ids)
blueprint.before_request(refuse_unknown_parameters)
for _part in (
    health_routes,
    tenant_routes,
    workflow_routes,
    journal_routes,
    clock_routes,
    fault_routes,
):
    _part.register(blueprint)


@blueprint.errorhandler(CallerRefusedError)
def _refused(error: CallerRefusedError) -> Response:
    return problem(error.status, str(error), headers=error.headers)


@blueprint.errorhandler(BadRequestError)
def _bad_request(error: BadRequestError) -> Response:
    return problem(error.status, str(error), error.violations)


@blueprint.errorhandler(MockError)
def _mock_error(error: MockError) -> Response:
    if isinstance(error, InvalidSettingsError):  # its text has the reasons, which are listed
        return problem(status_of(error), error.what, [str(reason) for reason in error.violations])
    return problem(status_of(error), str(error))


@blueprint.errorhandler(HTTPException)
def http_problem(error: HTTPException) -> Response:
    """Answer errors that Flask finds: an unknown path, a wrong method, a body too large."""
    if error.code == 404:  # noqa: PLR2004  an HTTP status
        return problem(404, "There is no such path here: contracts/openapi.yaml lists all.")
    headers = dict(error.get_headers())
    allowed = {"Allow": headers["Allow"]} if "Allow" in headers else None
    return problem(error.code or 500, error.description or error.name, headers=allowed)
