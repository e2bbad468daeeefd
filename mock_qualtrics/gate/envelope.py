"""Build answers: a JSON object with ``result`` and ``meta`` (Q-ENV-1). Pure: no HTTP library."""

import hashlib
import http
import json
from functools import lru_cache
from typing import Any

from mock_qualtrics import ids
from mock_qualtrics.model import Answer, Refusal

JSON_HEADERS = (("content-type", "application/json"),)
_PHRASES = {413: "Payload Too Large", 420: "Enhance Your Calm", 422: "Unprocessable Entity"}


def http_status(status: int) -> str:
    """Return the status and its phrase, such as ``200 - OK``, or ``Unknown`` for the phrase."""
    phrase = _PHRASES.get(status)
    if phrase is None:
        try:
            phrase = http.HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
    return f"{status} - {phrase}"


def success(request_id: str, status: int = 200, result: object = None) -> Answer:
    """Return the answer to an admitted call."""
    meta: dict[str, Any] = {"httpStatus": http_status(status), "requestId": request_id}
    body = {"meta": meta} if result is None else {"result": result, "meta": meta}
    return Answer(status, _encode(body))


def accepted(request_id: str, status: int) -> Answer:
    """Return the same as `success` without a result, from a cached template (hot path)."""
    return Answer(status, _accepted_template(status) % request_id.encode())


def failure(refusal: Refusal, request_id: str | None) -> Answer:
    """Return the answer to a refused call; 500, 503 and 504 have an instance id (Q-ENV-3).

    Args:
        refusal: why the call is refused.
        request_id: None to leave it out, as observed for an unknown path (Q-URL-4).
    """
    status = refusal.status
    if request_id is None or status in _WITH_INSTANCE:
        body = _failure_body(status, refusal.message, refusal.error_code, request_id)
    else:
        before, after = _failure_template(status, refusal.message, refusal.error_code)
        body = b"%s%s%s" % (before, request_id.encode(), after)
    return Answer(status, body, JSON_HEADERS + refusal.headers)


def store_failed() -> Answer:
    """Return the answer to a call that could not be journalled, and so may be lost."""
    return failure(Refusal("store-failed", 503, "The journal cannot be written."), None)


def broken() -> Answer:
    """Return the answer to a call that an error inside the mock has ended."""
    return failure(Refusal("error", 500, "Internal Server Error"), None)


def as_sent(answer: Answer) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Return the headers and the body that HTTP allows for the answer's status."""
    # 204 and 304 have no body and 205 an empty one (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5);
    # a 204 must not even have a Content-Length (section 8.6).
    if answer.status in _WITHOUT_LENGTH:
        return answer.headers, b""
    body = b"" if answer.status == _RESET_CONTENT else answer.body
    return (*answer.headers, ("content-length", str(len(body)))), body


_WITH_INSTANCE = frozenset({500, 503, 504})
_WITHOUT_LENGTH = (204, 304)
_RESET_CONTENT = 205
_templates: dict[int, bytes] = {}
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _failure_body(
    status: int, message: str, error_code: str | None, request_id: str | None
) -> bytes:
    error = {"errorMessage": message}
    if error_code is not None:
        error["errorCode"] = error_code
    if status in _WITH_INSTANCE:
        error["instanceId"] = _instance_id(request_id or "")
    meta: dict[str, Any] = {"httpStatus": http_status(status)}
    if request_id is not None:
        meta["requestId"] = request_id
    return _encode({"meta": {**meta, "error": error}})


@lru_cache(maxsize=512)
def _failure_template(status: int, message: str, error_code: str | None) -> tuple[bytes, bytes]:
    """Return what stands before and after the request id; most refusals differ in it alone."""
    # The encoder writes a NUL as an escape, and nothing before the request id can hold one.
    before, _, after = _failure_body(status, message, error_code, "\0").partition(rb"\u0000")
    return before, after


def _accepted_template(status: int) -> bytes:
    template = _templates.get(status)
    if template is None:
        template = _templates[status] = success("%s", status).body
    return template


def _instance_id(request_id: str) -> str:
    """Return the same id for the same request, so that an answer can be shown again."""
    digest = hashlib.blake2b(request_id.encode(), digest_size=16, person=b"instanceId").digest()
    return ids.uuid_text(digest)


def _encode(body: dict[str, Any]) -> bytes:
    return _encoder.encode(body).encode()
