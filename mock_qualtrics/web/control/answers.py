"""What the control API answers: JSON, and one form for everything that went wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from mock_qualtrics.events import raw_json


def to_json(value: Mapping[str, Any], status: int = 200) -> Response:
    """Return a JSON answer; stored events stand in it as they came."""
    return Response(raw_json.dumps(value), status, mimetype="application/json")


def no_content() -> Response:
    """Return the answer to what leaves nothing to say."""
    return Response(status=204)


def problem(
    status: int,
    message: str,
    violations: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return ``{"error": message, "violations": […]}``; the list is left out when it is empty."""
    body: dict[str, Any] = {"error": message}
    if violations:
        body["violations"] = list(violations)
    answer = to_json(body, status)
    answer.headers.update(headers or {})
    return answer
