"""Why one call started nothing, and what to do about it: the reason's words, made precise. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_qualtrics.gate.checks import WHOAMI_PATH
from mock_qualtrics.gate.credentials import AUTHORIZATION_HEADER, TOKEN_HEADER
from mock_qualtrics.journal import IGNORED
from mock_qualtrics.settings import Limits
from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.pages.calls.meant_workflows import meant_workflow
from mock_qualtrics.web.pages.calls.refusal_words import STORE_FAILED, words

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

_NOT_WRITTEN: Final = 503
_KILOBYTE: Final = 1_024


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said of a call.

    Attributes:
        label: the reason in a few words.
        said: what was wrong, in a sentence.
        fix: what to do, in a sentence; empty when nothing is to be done.
        meant: the workflow that a wrong URL was perhaps meant for.
        to_enable: the workflow that started nothing and still would.
    """

    label: str
    said: str
    fix: str = ""
    meant: "Workflow | None" = None
    to_enable: "Workflow | None" = None


class Circumstances(NamedTuple):
    """What an explanation may look at.

    Attributes:
        shown: the call as lists show it.
        query: its query as it is kept.
        answer: its answer as it is kept; empty when it is not.
        tenant: None when the call names none.
        workflows: those that its URL may be meant for.
    """

    shown: Mapping[str, Any]
    query: str = ""
    answer: str = ""
    tenant: "Tenant | None" = None
    workflows: Sequence["Workflow"] = ()

    @property
    def workflow(self) -> "Workflow | None":
        """The workflow that the URL names, as it is now."""
        named = self.shown["workflowId"]
        return next((one for one in self.workflows if one.id == named), None)


def reason_of(shown: Mapping[str, Any]) -> str | None:
    """Return the reason for which a call started nothing; None for a call that did its work."""
    if shown["reason"] is not None:
        return str(shown["reason"])
    if shown["path"] == WHOAMI_PATH:
        return None
    if shown["runId"] is None:
        return IGNORED
    return STORE_FAILED if shown["status"] == _NOT_WRITTEN and not shown["faults"] else None


def explained(case: Circumstances) -> Explanation:
    """Return what is said of a call, with what is known of it."""
    reason = reason_of(case.shown)
    if reason is None:
        is_whoami = case.shown["path"] == WHOAMI_PATH
        return Explanation("whoami, answered" if is_whoami else "accepted", "Nothing was wrong.")
    said = Explanation(*words(reason))
    return _PRECISE.get(reason, _as_it_is)(case, said)


def _as_it_is(_: Circumstances, said: Explanation) -> Explanation:
    return said


def _unknown_path(case: Circumstances, said: Explanation) -> Explanation:
    return replace(said, said=f"There is nothing at {case.shown['path']}.")


def _method(case: Circumstances, said: Explanation) -> Explanation:
    expected = "GET" if case.shown["path"] == WHOAMI_PATH else "POST"
    text = f"The method is {case.shown['method']}; this address takes {expected} only."
    return replace(said, said=text, fix=f"Send it with {expected}.")


def _unknown_trigger(case: Circumstances, said: Explanation) -> Explanation:
    if not case.workflows:
        return replace(said, fix="There is no workflow yet: make one, and take its trigger URL.")
    meant = meant_workflow(case.query, case.workflows)
    if meant is None:
        return said
    text = f"{said.said} Did you mean {meant.workflow.name}? {meant.why.capitalize()}."
    return replace(said, said=text, meant=meant.workflow)


def _starts_nothing(case: Circumstances, said: Explanation) -> Explanation:
    workflow = case.workflow
    if workflow is None:
        return said
    if workflow.enabled:
        fix = f"{workflow.name} is enabled now: send the call again."
        return replace(said, fix=fix)
    label, text = _STATES.get(workflow.state, (said.label, said.said))
    if case.shown["reason"] is None:
        label, text = said.label, said.said
    fix = f"Enable {workflow.name}, and send the call again."
    return replace(said, label=label, said=text, fix=fix, to_enable=workflow)


_STATES: Final = {
    State.DRAFT: (
        "draft",
        "The workflow is a draft, never published: its URL is answered like a wrong one.",
    ),
    State.PUBLISHED: (
        "never enabled",
        "The workflow is published but was never enabled: its URL is answered like a wrong one.",
    ),
}


def _no_credential(case: Circumstances, said: Explanation) -> Explanation:
    headers = case.shown["headers"]
    named = {TOKEN_HEADER: "X-API-TOKEN", AUTHORIZATION_HEADER: "Authorization"}
    empty = [written for name, written in named.items() if name in headers]
    if empty:
        return replace(said, said=f"The header {' and '.join(empty)} arrived empty.")
    if misplaced := _misplaced(case):
        return replace(said, said=f"{said.said} The token stood in {misplaced}.")
    return said


def _wrong_credential(case: Circumstances, said: Explanation) -> Explanation:
    if case.tenant is None:
        return replace(said, said="The API token is no tenant's.")
    places = case.shown["tokenIn"] or ()
    if "basic" in places:
        text = "The API token is right, but the username before it is not this tenant's."
        return replace(said, said=text, fix=f"Set the username to {case.tenant.username}.")
    if "header" in places:
        text = "One credential is right, and another one in the same call is not."
        return replace(said, said=text, fix="Send only one: X-API-TOKEN, or HTTP Basic.")
    if case.tenant.earlier_tokens:
        return replace(said, said=f"{said.said} It got a new one, which ends the old (Q-AUTH-6).")
    return said


def _misplaced(case: Circumstances) -> str:
    places = {"query": "the URL", "body": "the body", "other-header": "another header"}
    found = [places[one] for one in case.shown["tokenIn"] or () if one in places]
    return " and in ".join(found)


def _rate_limit(case: Circumstances, said: Explanation) -> Explanation:
    if case.tenant is None:
        return said
    limit = case.tenant.limits.calls_per_minute
    taken = "1 call" if limit == 1 else f"{limit:,} calls"
    text = f"The brand takes {taken} a minute, and they were used up (Q-LIM-1)."
    return replace(said, said=text)


def _too_large(case: Circumstances, said: Explanation) -> Explanation:
    limits = Limits() if case.tenant is None else case.tenant.limits
    announced = case.shown["headers"].get("content-length", "")
    # The body is read to one byte more than the limit: only the header tells how long it was.
    arrived = case.shown["bodyBytes"]
    sent = max(int(announced), arrived) if announced.isdecimal() and len(announced) < 16 else None  # noqa: PLR2004
    size = "more than" if sent is None else f"{size_shown(sent)} of"
    text = f"Too large: {size} {size_shown(limits.payload_bytes)} (Q-LIM-3)."
    return replace(said, said=text)


def size_shown(count: int) -> str:
    """Return a number of bytes as people say it, rounded to a tenth.

    Example:
        >>> size_shown(122_880), size_shown(102_401), size_shown(7)
        ('120 KB', '100.1 KB', '7 bytes')
    """
    if count < _KILOBYTE:
        return "1 byte" if count == 1 else f"{count} bytes"
    tenths = -(-count * 10 // _KILOBYTE)  # rounded up: what is too large is not shown as the limit
    return f"{tenths / 10:,.1f} KB".replace(".0 KB", " KB")


def _content_encoding(case: Circumstances, said: Explanation) -> Explanation:
    value = case.shown["headers"].get("content-encoding", "")
    return replace(said, said=f"The body has the Content-Encoding {value} (Q-LIM-3).")


def _media_type(case: Circumstances, said: Explanation) -> Explanation:
    value = case.shown["headers"].get("content-type", "").strip()
    text = f"The Content-Type is {value}, expected application/json in UTF-8." if value else ""
    return replace(said, said=text or "The Content-Type is missing, expected application/json.")


def _not_json(case: Circumstances, said: Explanation) -> Explanation:
    if not case.shown["bodyBytes"]:
        return replace(said, said="The body is empty.", fix="Send the event as a JSON object.")
    message = _message(case.answer)
    return replace(said, said=message) if message else said


def _message(answer: str) -> str:
    try:
        found = json.loads(answer.partition("\n")[2])["meta"]["error"]["errorMessage"]
    except (ValueError, TypeError, KeyError):  # a fault has replaced the answer
        return ""
    return found if isinstance(found, str) else ""


_PRECISE: Final[Mapping[str, Callable[[Circumstances, Explanation], Explanation]]] = {
    "unknown-path": _unknown_path,
    "method": _method,
    "unknown-trigger": _unknown_trigger,
    "workflow-draft": _starts_nothing,
    "workflow-disabled": _starts_nothing,
    IGNORED: _starts_nothing,
    "no-credential": _no_credential,
    "wrong-credential": _wrong_credential,
    "rate-limit": _rate_limit,
    "payload-too-large": _too_large,
    "content-encoding": _content_encoding,
    "media-type": _media_type,
    "not-json": _not_json,
}
