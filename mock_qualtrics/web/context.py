"""Helpers for all routes: the app's engine, and answers as Flask responses."""

from typing import TYPE_CHECKING, Final, cast

from flask import Response, current_app

from mock_qualtrics.model import Answer

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

PAUSE_KEY: Final = "mock_qualtrics.pause"
"""The key in a request's environ of the `Pause` that a route may fill instead of waiting."""

HEAD_ONLY_KEY: Final = "mock_qualtrics.head_only"
"""The key in a request's environ that says that its body is not read yet: only its head is judged.
"""

STREAM_KEY: Final = "mock_qualtrics.stream"
"""The key of the `StreamWish` that a route may fill, where the server can keep an answer open."""


def current_engine() -> "Engine":
    """Return the engine of the current app."""
    return cast("Engine", current_app.extensions["mock_qualtrics"])


def to_response(answer: Answer) -> Response:
    """Return an answer as a Flask response."""
    return Response(answer.body, answer.status, list(answer.headers))
