"""Decide whether a call is admitted: an ordered list of checks, each returning a refusal or None.

Known path and method → known and enabled trigger → credential → rate → size → encoding → media
type → JSON.
The first refusal ends the checks. An admitted call counts against the brand's rate limit, a refused
one does not (Q-LIM-5). Nothing here stores or logs. A refusal never quotes what was sent.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from mock_qualtrics.events import strict_json
from mock_qualtrics.gate.attribution import Attribution, GateTenant, GateWorkflow
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.gate.credentials import RIGHT, Verdict
from mock_qualtrics.model import Call, Microseconds, Refusal
from mock_qualtrics.settings import Answers, Limits

_SUCCESS = range(200, 300)
WHOAMI_PATH = "/API/v3/whoami"


class Admitted(NamedTuple):
    """A call that passed every check.

    Attributes:
        duplicate_keys: whether an object repeats a key. The last value counts, and the run says so.
    """

    duplicate_keys: bool = False


class Question(NamedTuple):
    """Everything that a check may look at.

    Attributes:
        now: the instant on the tenant's clock.
        calls_per_minute: the rate limit for this call, when it is not the tenant's own.
    """

    call: Call
    attribution: Attribution[GateTenant, GateWorkflow]
    now: Microseconds
    answers: Answers
    calls_per_minute: int | None = None


def unknown_path(question: Question) -> Refusal | None:
    """Only the JSON Event and whoami exist (Q-URL-4)."""
    known = question.attribution.is_trigger or question.call.path == WHOAMI_PATH
    return None if known else UNKNOWN_PATH


def wrong_method(question: Question) -> Refusal | None:
    """A trigger accepts only POST, whoami only GET (Q-URL-1; the status is assumed)."""
    expected = "POST" if question.attribution.is_trigger else "GET"
    if question.call.method == expected:
        return None
    message = f"This resource accepts {expected} only."
    status = question.answers.wrong_method_status
    return Refusal("method", status, message, None, (("allow", expected),))


def unknown_trigger(question: Question) -> Refusal | None:
    """The URL must name a workflow that is enabled (Q-URL-5, Q-WF-1).

    The caller cannot tell an unknown URL from a draft or a disabled workflow; the journal can.
    """
    workflow, answers = question.attribution.workflow, question.answers
    if workflow is None:
        return _not_associated("unknown-trigger", answers.unknown_trigger_status)
    if workflow.enabled:
        return None
    if workflow.draft:
        return _not_associated("workflow-draft", answers.unknown_trigger_status)
    if answers.disabled_status in _SUCCESS:  # the call is judged on, and starts nothing
        return None
    return _not_associated("workflow-disabled", answers.disabled_status)


@lru_cache(maxsize=32)
def _not_associated(reason: str, status: int) -> Refusal:
    return Refusal(reason, status, _NOTHING_ASSOCIATED)


def credential(question: Question) -> Refusal | None:
    """The credential must be right, unless the trigger requires none (Q-AUTH-1 to Q-AUTH-4)."""
    workflow, verdict = question.attribution.workflow, question.attribution.verdict
    if verdict is RIGHT or (workflow is not None and not workflow.require_authentication):
        return None
    return CREDENTIAL_REFUSALS.get(verdict)


def rate(question: Question) -> Refusal | None:
    """Count the call against the brand's rate limit, or refuse it (Q-LIM-1, Q-LIM-5).

    Whether ``Retry-After`` is sent is a setting (Q-LIM-2).
    """
    tenant = question.attribution.tenant
    if tenant is None or tenant.window.try_take(question.now, question.calls_per_minute):
        return None
    if not question.answers.retry_after:
        return _RATE_LIMIT
    wait = tenant.window.retry_after_seconds(question.now, question.calls_per_minute)
    return replace(_RATE_LIMIT, headers=(("retry-after", str(wait)),))


def size(question: Question) -> Refusal | None:
    """The body must not exceed the tenant's limit in raw bytes (Q-LIM-3)."""
    tenant = question.attribution.tenant
    limit_bytes = Limits().payload_bytes if tenant is None else tenant.limits.payload_bytes
    if len(question.call.body) <= limit_bytes:
        return None
    message = f"The payload has more than {limit_bytes} bytes."
    return Refusal("payload-too-large", question.answers.too_large_status, message)


def encoding(question: Question) -> Refusal | None:
    """The body must not be compressed (Q-LIM-3)."""
    value = question.call.header("content-encoding")
    if value is None or value.strip().lower() in ("", "identity"):
        return None
    message = "A Content-Encoding is not accepted."
    return Refusal("content-encoding", question.answers.content_encoding_status, message)


def media_type(question: Question) -> Refusal | None:
    """The media type must be JSON, in UTF-8; whether it may be missing is a setting (Q-BODY-1)."""
    given = question.call.header("content-type") or ""
    may_be_missing = question.answers.missing_content_type_taken
    if _is_json(given) or (may_be_missing and not given.strip()):
        return None
    message = "Expected Content-Type application/json."
    return Refusal("media-type", question.answers.media_type_status, message)


@bounded_cache(256)
def _is_json(content_type: str) -> bool:
    essence, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('" ') for part in parameters if part[:7] == "charset"]
    known = essence == "application/json" or (
        essence.startswith("application/") and essence.endswith("+json")
    )
    return known and all(charset in ("utf-8", "utf8", "us-ascii") for charset in charsets)


Check = Callable[[Question], Refusal | None]
CHECKS: tuple[Check, ...] = (unknown_path, wrong_method, unknown_trigger, credential, rate)
"""The first checks, in order. The last of them counts the call."""

BODY_CHECKS: tuple[Check, ...] = (size, encoding, media_type)
"""The checks after that, in order. The body is parsed only when all of them pass."""


def judge(question: Question) -> Refusal | Admitted:
    """Return a refusal, or `Admitted`; only an admitted call stays counted."""
    for check in CHECKS:
        if refusal := check(question):
            return refusal
    verdict = _judge_body(question)
    tenant = question.attribution.tenant
    # The rate check has counted the call already, but a refused call uses no quota (Q-LIM-5).
    if isinstance(verdict, Refusal) and tenant is not None:
        tenant.window.give_back()
    return verdict


def _judge_body(question: Question) -> Refusal | Admitted:
    for check in BODY_CHECKS:
        if refusal := check(question):
            return refusal
    return _event(question)


def _event(question: Question) -> Refusal | Admitted:
    status = question.answers.invalid_json_status
    try:
        document = strict_json.read(question.call.body)
    except strict_json.NotJsonError as error:
        return Refusal("not-json", status, f"The body is not valid JSON: {error}.")
    status = question.answers.not_an_object_status
    if not isinstance(document.value, dict) and status not in _SUCCESS:
        return Refusal("not-an-object", status, "The body must be a JSON object.")
    return _WITH_DUPLICATE_KEYS if document.duplicate_keys else _ADMITTED


_ADMITTED, _WITH_DUPLICATE_KEYS = Admitted(), Admitted(duplicate_keys=True)
_RATE_LIMIT = Refusal("rate-limit", 429, "Too many requests for this brand.")
UNKNOWN_PATH = Refusal("unknown-path", 404, "The requested resource does not exist.")
_NOTHING_ASSOCIATED = "No workflow is associated with the token in this URL."
_UNRECOGNIZED = "Unrecognized X-API-TOKEN."
CREDENTIAL_REFUSALS = {
    Verdict.NONE: Refusal(
        "no-credential", 400, "Expected authorization in headers, but none provided.", "ATP_2"
    ),
    Verdict.WRONG: Refusal("wrong-credential", 401, _UNRECOGNIZED, "DCD_7"),
    Verdict.MALFORMED: Refusal("malformed-credential", 401, _UNRECOGNIZED, "DCD_7"),
    Verdict.UNSUPPORTED: Refusal(
        "unsupported-credential", 401, "Expected X-API-TOKEN or HTTP Basic.", "DCD_7"
    ),
}
