"""The answers of the control API: JSON, with one format for all errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from mock_qualtrics.events import raw_json


def to_json(value: Mapping[str, Any], status: int = 200) -> Response:
    """Return a JSON answer; stored events in it keep their original text."""
    return Response(raw_json.dumps(value), status, mimetype="application/json")


def no_content() -> Response:
    """Return an empty answer with status 204."""
    return Response(status=204)


def problem(
    status: int,
    message: str,
    violations: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return ``{"error": message, "violations": […]}``; an empty list is left out."""
    body: dict[str, Any] = {"error": message}
    if violations:
        body["violations"] = list(violations)
    answer = to_json(body, status)
    answer.headers.update(headers or {})
    return answer
