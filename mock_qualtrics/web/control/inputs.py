"""Validate the inputs of the control API: bodies, ids in paths and query parameters."""

import re
from collections.abc import Callable, Mapping, Set
from typing import Any, TypeVar

from flask import current_app, request

from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.events import strict_json
from mock_qualtrics.gate import header_redaction
from mock_qualtrics.journal import CallFilter
from mock_qualtrics.journal.calls.run_documents import View
from mock_qualtrics.model import RunStatus
from mock_qualtrics.storable import storable

LARGEST_BODY_BYTES = 1_000_000
LARGEST_LIMIT = 500
LONGEST_WAIT_SECONDS = 300.0
LONGEST_ID_CHARACTERS = 100
VIEWS: dict[str, View] = {"started": "started", "failed-to-start": "failed-to-start"}
COUNTS = (
    "received",
    "refused",
    "accepted",
    "extraRuns",
    "ignored",
    "succeeded",
    "failed",
    "blocked",
    "pending",
    "duplicates",
    "otherCalls",
)
CALL_FILTERS = ("reason", "status", "traceId", "identity")
LONGEST_FILTER_CHARACTERS = 1_000
_HTTP_STATUS = re.compile(r"[1-5][0-9]{2}", re.ASCII)
Route = TypeVar("Route", bound=Callable[..., Any])
_PARAMETERS: dict[Callable[..., Any], frozenset[str]] = {}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)


class BadRequestError(Exception):
    """The input is invalid.

    Attributes:
        status: the HTTP status of the answer.
        violations: all violations of the schema; empty for other errors.
    """

    def __init__(self, message: str, status: int = 400, violations: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.violations = violations


def body(schema_name: str, *, required: bool = True) -> dict[str, Any]:
    """Return the request's JSON object, validated by a schema.

    Args:
        schema_name: the name of a schema in `contracts`.
        required: when false, an empty body counts as an empty object.

    Raises:
        BadRequestError: the body is no JSON, or violates the schema; lists all violations.
    """
    raw = _raw_body()
    if not raw and not required:
        return {}
    value: dict[str, Any] = _document(raw)
    _refuse_violations(value, schema_name)
    return value if schema_name.startswith("workflow") else _with_whole_numbers(value)


def event() -> bytes:
    """Return the event in the body, unchanged; without a body an empty object.

    Raises:
        BadRequestError: the body is too large, or said to be no JSON.
    """
    raw = _raw_body()
    _refuse_other_media_types()
    return raw or b"{}"


def _with_whole_numbers(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Convert floats such as 503.0 to integers, which JSON Schema takes them for."""
    if isinstance(value, dict):
        return {name: _with_whole_numbers(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def seconds_to_advance() -> float | None:
    """Return the seconds in a body such as ``{"seconds": 90}``; None for ``{"until": "idle"}``.

    Raises:
        BadRequestError: the body is anything else.
    """
    value = _document(_raw_body())
    if value == {"until": "idle"}:
        return None
    seconds = value.get("seconds") if isinstance(value, dict) and len(value) == 1 else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise BadRequestError(
            'The body is not as expected: expected {"seconds": a number} or {"until": "idle"}'
        )
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise BadRequestError(f"seconds: expected a number from 0 to {LONGEST_SECONDS}")
    return seconds


def _raw_body() -> bytes:
    raw = request.get_data(cache=False)
    if len(raw) > LARGEST_BODY_BYTES:
        raise BadRequestError(f"The body has more than {LARGEST_BODY_BYTES} bytes", 413)
    return raw


def _refuse_other_media_types() -> None:
    if request.mimetype not in ("", "application/json"):
        raise BadRequestError("Expected Content-Type application/json", 415)


def _document(raw: bytes) -> Any:  # noqa: ANN401  any JSON value
    _refuse_other_media_types()
    try:
        document = strict_json.read(raw)
    except strict_json.NotJsonError as error:
        raise BadRequestError(f"The body is not valid JSON: {error}") from None
    if document.duplicate_keys:
        raise BadRequestError("The body gives a key twice")
    if strict_json.has_huge_number(document.value):
        raise BadRequestError("The body has a number that is too large, or has too many digits")
    return document.value


def _refuse_violations(value: object, schema_name: str) -> None:
    from contracts.validation import validate  # noqa: PLC0415  a server must start without it

    violations = tuple(str(violation) for violation in validate(value, schema_name))
    if violations:
        raise BadRequestError("The body is not as expected", violations=violations)


def refuse_long_ids() -> None:
    """Refuse an id in the path that is longer than all ids of this server.

    Raises:
        BadRequestError: with status 404, as for any other unknown id.
    """
    for name, identifier in (request.view_args or {}).items():
        if len(identifier) > LONGEST_ID_CHARACTERS:
            raise BadRequestError(f"There is no such {name.removesuffix('_id')}", 404)


def takes(*names: str) -> Callable[[Route], Route]:
    """Declare the query parameters of the decorated view; other views accept none."""

    def declare(view: Route) -> Route:
        _PARAMETERS[view] = frozenset(names)
        return view

    return declare


def refuse_unknown_parameters() -> None:
    """Refuse query parameters that the view does not accept.

    Raises:
        BadRequestError: a parameter is unknown or repeated.
    """
    if request.endpoint is not None:
        view = current_app.view_functions[request.endpoint]
        parameters(_PARAMETERS.get(view, frozenset()))


def parameters(known: Set[str]) -> Mapping[str, str]:
    """Return the query's parameters.

    Raises:
        BadRequestError: a parameter is unknown (perhaps misspelled) or repeated.
    """
    for name, values in request.args.lists():
        if name not in known:
            expected = ", ".join(sorted(known)) or "none"
            raise BadRequestError(f"Unknown query parameter {name!r}: expected {expected}")
        if len(values) > 1:
            raise BadRequestError(f"The query parameter {name} is given {len(values)} times")
    return request.args


def limit(query: Mapping[str, str]) -> int:
    """Return the number of rows of a page: 50 by default, at most 500."""
    text = query.get("limit", "50")
    if not _WHOLE_NUMBER.fullmatch(text) or not 1 <= int(text) <= LARGEST_LIMIT:
        raise BadRequestError(f"limit: found {text!r}, expected 1 to {LARGEST_LIMIT}")
    return int(text)


def cursor(query: Mapping[str, str]) -> str | None:
    """Return the cursor of the wanted page; None for the first page."""
    return query.get("cursor")


def view(query: Mapping[str, str]) -> View | None:
    """Return the wanted view of Run history (Q-RUN-2); None for all runs."""
    text = query.get("view")
    if text is None:
        return None
    if text not in VIEWS:
        raise BadRequestError(f"view: found {text!r}, expected one of {', '.join(VIEWS)}")
    return VIEWS[text]


def status(query: Mapping[str, str]) -> RunStatus | None:
    """Return the wanted status, which may be in upper or lower case; None for all."""
    text = query.get("status")
    if text is None or text == "":
        return None
    try:
        return RunStatus(text.capitalize())
    except ValueError:
        expected = ", ".join(status.value for status in RunStatus)
        raise BadRequestError(f"status: found {text!r}, expected one of {expected}") from None


def call_filter(query: Mapping[str, str]) -> CallFilter:
    """Return which calls are wanted; without parameters, all."""
    status = _filter_text(query, "status")
    if status is not None and not _HTTP_STATUS.fullmatch(status):
        raise BadRequestError(f"status: found {status!r}, expected an HTTP status, 100 to 599")
    return CallFilter(
        reason=_filter_text(query, "reason"),
        status=None if status is None else int(status),
        trace_id=trace_id(query),
        identity=_filter_text(query, "identity"),
    )


def trace_id(query: Mapping[str, str]) -> str | None:
    """Return the wanted trace id as the journal keeps it; None for all."""
    text = _filter_text(query, "traceId")
    return None if text is None else header_redaction.kept_trace_id(text)


def _filter_text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name)
    if text is not None and not 1 <= len(text) <= LONGEST_FILTER_CHARACTERS:
        expected = f"expected 1 to {LONGEST_FILTER_CHARACTERS} characters"
        raise BadRequestError(f"{name}: found {len(text)} characters, {expected}")
    return None if text is None else storable(text)


def wanted_counts(query: Mapping[str, str]) -> dict[str, int]:
    """Return the counts to wait for."""
    return {name: _count(name, query[name]) for name in COUNTS if name in query}


def timeout_seconds(query: Mapping[str, str]) -> float:
    """Return the timeout of a wait: 5 s by default, at most 300 s."""
    text = query.get("timeoutSeconds", "5")
    if not _NUMBER.fullmatch(text) or float(text) > LONGEST_WAIT_SECONDS:
        expected = f"seconds from 0 to {LONGEST_WAIT_SECONDS:g}"
        raise BadRequestError(f"timeoutSeconds: found {text!r}, expected {expected}")
    return float(text)


def _count(name: str, text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise BadRequestError(f"{name}: found {text!r}, expected a whole number from 0 on")
    return int(text)
