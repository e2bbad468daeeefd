"""How the calls of a message were answered, in words for the other checks' sentences."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from contracts.conformance.recording import MISSING, Call, Recording, identity_of

_REFUSALS: Final[Mapping[str, str]] = {
    "unknown-path": "not the path of a JSON Event",
    "method": "no POST",
    "unknown-trigger": "the URL names no workflow",
    "workflow-draft": "the workflow is a draft",
    "workflow-disabled": "the workflow is disabled",
    "no-credential": "no X-API-TOKEN and no HTTP Basic",
    "unsupported-credential": "no X-API-TOKEN and no HTTP Basic",
    "malformed-credential": "HTTP Basic that cannot be read",
    "wrong-credential": "not the tenant's credential",
    "rate-limit": "past the rate limit",
    "payload-too-large": "the body is too large",
    "content-encoding": "the body is compressed",
    "media-type": "Content-Type is not application/json",
    "not-json": "the body is no JSON in UTF-8",
    "not-an-object": "the body is JSON, but no object",
}
_UNANSWERED: Final[Mapping[str, str]] = {
    "reset-before-read": "connection reset",
    "reset-after-journal": "connection reset",
    "hang": "never answered",
}


def answer(call: Call) -> str:
    """Return a call's answer with what is known of its reason, such as ``429 (rate limit)``."""
    if call.status is None:
        words = [_UNANSWERED[kind] for kind in call.faults if kind in _UNANSWERED]
        text = "no answer"
    else:
        reason = call.reason or ""
        words = [_REFUSALS[reason]] if reason in _REFUSALS else []
        text = str(call.status)
    return f"{text} ({words[0]})" if words else text


def answers(calls: Iterable[Call]) -> str:
    """Return the answers of calls in their order; equal ones in a row stand once, with a count."""
    groups = ((text, len(list(same))) for text, same in groupby(map(answer, calls)))
    return ", ".join(text if count == 1 else f"{count} × {text}" for text, count in groups)


def history(recording: Recording, identity: str) -> str:
    """Return what became of a message, as the end of a sentence about it."""
    if calls := recording.of(identity):
        return f"whose calls were answered {answers(calls)}"
    if unknown := [call for call in recording.triggers() if call.identity is None]:
        return (
            f"for which no call is known; {_counted(unknown)} whose message is unknown: answered "
            f"{answers(unknown)}"
        )
    return "for which no call came"


def first_undelivered(recording: Recording) -> str | None:
    """Return the identity of the first message that started no run; None when each did."""
    for message in recording.messages:
        identity = identity_of(message) or ""
        if not any(call.run_ids for call in recording.of(identity)):
            return identity
    return None


def first_refused(calls: Iterable[Call]) -> Call | None:
    """Return the first call that started no run; None when each did."""
    return next((call for call in calls if not call.run_ids), None)


def kind_of_body(call: Call) -> str | None:
    """Return what a body is that is JSON, but no object; None for any other."""
    body = call.body
    if body is MISSING or isinstance(body, dict):
        return None
    if isinstance(body, str):
        return "a JSON text"
    return "a JSON array" if isinstance(body, list) else "neither object nor array"


def _counted(calls: list[Call]) -> str:
    return "1 call" if len(calls) == 1 else f"{len(calls)} calls"
