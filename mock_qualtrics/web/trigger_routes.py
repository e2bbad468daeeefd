"""The JSON Event and whoami as Flask routes, and the answer to any other path (Q-URL-4)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import TRIGGER_PATHS
from mock_qualtrics.gate.checks import WHOAMI_PATH
from mock_qualtrics.model import Answer, Call, Refusal
from mock_qualtrics.server.trigger_endpoint import body_ceiling, not_journalled

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

blueprint = Blueprint("qualtrics", __name__)
CONTROL_PREFIX = "/__control/v1"


def current_engine() -> "Engine":
    """Return the engine of the app that answers this request."""
    return cast("Engine", current_app.extensions["mock_qualtrics"])


def trigger() -> Response:
    """Take one event (Q-URL-1)."""
    return _answer(_call())


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
    """Say whose credential this is (Q-AUTH-5)."""
    return _answer(_call())


def answer_everything_else(app: Flask, control_answer: Callable[[HTTPException], Response]) -> None:
    """Answer unknown paths and wrong methods as the service does, and journal them.

    Args:
        app: the app whose routes did not answer.
        control_answer: says the same for paths of the control API, in its own form.
    """

    def answer(error: HTTPException) -> Response:
        if request.path.startswith(CONTROL_PREFIX):
            return control_answer(error)
        if error.code in (404, 405):
            return _answer(_call())
        refusal = Refusal("error", error.code or 500, error.name)
        return to_response(envelope.failure(refusal, None))

    app.register_error_handler(HTTPException, answer)


def _answer(call: Call) -> Response:
    try:
        answer = current_engine().receive(call)
    except StoreFailedError as error:
        answer = not_journalled(error)
    return to_response(answer)


def to_response(answer: Answer) -> Response:
    """Return an answer as Flask's."""
    return Response(answer.body, answer.status, list(answer.headers))


def _call() -> Call:
    query = request.query_string.decode("latin-1")
    request.max_content_length = None
    ceiling_bytes = body_ceiling(current_engine(), query)
    headers = tuple((name.lower(), value) for name, value in request.headers)
    try:
        body = request.stream.read(ceiling_bytes)
    except ClientDisconnected:
        body = b""
    return Call(request.method, request.path, query, headers, body)
