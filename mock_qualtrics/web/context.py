"""What every route needs: the engine behind the app, and an answer as Flask's."""

from typing import TYPE_CHECKING, cast

from flask import Response, current_app

from mock_qualtrics.model import Answer

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine


def current_engine() -> "Engine":
    """Return the engine of the app that answers this request."""
    return cast("Engine", current_app.extensions["mock_qualtrics"])


def to_response(answer: Answer) -> Response:
    """Return an answer as Flask's."""
    return Response(answer.body, answer.status, list(answer.headers))
