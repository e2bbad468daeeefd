"""The JSON Event and whoami as Flask routes, and the answer to any other path (Q-URL-4)."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from contracts import CONTROL_PATH
from mock_qualtrics.engine.call_handler import answer_not_journalled
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import TRIGGER_PATHS
from mock_qualtrics.gate.checks import WHOAMI_PATH
from mock_qualtrics.model import Call, Refusal
from mock_qualtrics.web.context import current_engine, to_response

blueprint = Blueprint("qualtrics", __name__)


def trigger() -> Response:
    """Take one event (Q-URL-1)."""
    return _answer()


for _path in TRIGGER_PATHS:
    blueprint.add_url_rule(
        _path,
        endpoint="trigger" if _path == TRIGGER_PATHS[0] else "trigger_upper_case",
        view_func=trigger,
        methods=["POST"],
        provide_automatic_options=False,
    )


@blueprint.get(WHOAMI_PATH, provide_automatic_options=False)
def whoami() -> Response:
    """Return the user that the credential belongs to (Q-AUTH-5)."""
    return _answer()


def answer_everything_else(app: Flask, control_answer: Callable[[HTTPException], Response]) -> None:
    """Answer and journal unknown paths and wrong methods as Qualtrics does.

    Args:
        app: the app.
        control_answer: answers the same errors for paths of the control API, in its own format.
    """

    def answer(error: HTTPException) -> Response:
        if request.path.startswith(CONTROL_PATH):
            return control_answer(error)
        if error.code in (404, 405):
            return _answer()
        refusal = Refusal("error", error.code or 500, error.name)
        return to_response(envelope.failure(refusal, None))

    app.register_error_handler(HTTPException, answer)


def _answer() -> Response:
    engine = current_engine()
    target = engine.tenants.resolve(_query())
    try:
        answer = engine.receive(_call(target.largest_body_bytes), target)
    except StoreFailedError as error:
        answer = answer_not_journalled(error)
    return to_response(answer)


def _query() -> str:
    return request.query_string.decode("latin-1")


def _call(largest_body_bytes: int) -> Call:
    request.max_content_length = None  # the app's limit is for the control API only
    headers = tuple((name.lower(), value) for name, value in request.headers)
    try:
        # One byte above the limit is enough to see that the body is too long.
        body = request.stream.read(largest_body_bytes + 1)
    except ClientDisconnected:
        body = b""
    return Call(request.method, request.path, _query(), headers, body)
