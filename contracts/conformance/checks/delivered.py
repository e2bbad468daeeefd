"""Whether each message started a run as it should, unchanged, and no message that is not wanted."""

from collections.abc import Iterator
from typing import Any, Final

from contracts.conformance.checks.answers import history, kind_of_body
from contracts.conformance.recording import MISSING, Recording, identity_of
from contracts.conformance.scenario import Scenario
from contracts.exact_values import first_difference
from contracts.masking import mask_identity

Sentences = Iterator[str]
NO_JSON: Final = "not-json"  # why the mock refused it (Q-BODY-1)


def check_delivered(scenario: Scenario, recording: Recording) -> Sentences:
    """Yield what is missing, unexpected, changed or delivered twice."""
    if not recording.calls and recording.messages:
        yield (
            "no call came that names its workflow or tenant; messages: "
            f"{len(recording.messages)}, {_to_be_delivered(scenario)}"
        )
        return
    messages = {identity_of(message) or "": message for message in recording.messages}
    yield from _unwanted(messages, recording)
    yield from _changed(messages, recording)
    yield from _missing(scenario, messages, recording)
    yield from _twice(scenario, messages, recording)


def _to_be_delivered(scenario: Scenario) -> str:
    if not scenario.gives_messages:
        return "to be made from PROFILES and DATAFLOW: MESSAGES is empty here"
    return "to be delivered"


def _unwanted(messages: dict[str, Any], recording: Recording) -> Sentences:
    for call in recording.triggers():
        if call.body is MISSING and (call.run_ids or call.reason == NO_JSON):
            yield f"request {call.request_id}: its body is no JSON in UTF-8"
            return
        if kind := kind_of_body(call):
            yield f"request {call.request_id}: its body is {kind}, expected an object"
            return
        if call.body is not MISSING and call.identity not in messages:
            whose = mask_identity(call.identity) if call.identity else "no identity"
            yield f"request {call.request_id} is of a message that was not to be sent: {whose}"
            return


def _changed(messages: dict[str, Any], recording: Recording) -> Sentences:
    for call in recording.triggers():
        message = messages.get(call.identity or "")
        if message is None or call.body is MISSING:
            continue
        if difference := first_difference(message, call.body):
            whose = _shown(call.identity)
            yield f"request {call.request_id}: the message of {whose} was changed: {difference}"
            return


def _missing(scenario: Scenario, messages: dict[str, Any], recording: Recording) -> Sentences:
    wanted = _wanted(scenario, messages)
    if wanted is None:
        return
    started = {identity for identity in messages if _runs(recording, identity)}
    if lost := [identity for identity in wanted if identity not in started]:
        yield (
            f"{len(lost)} of {len(wanted)} messages started no run; the first is that of "
            f"{_shown(lost[0])}, {history(recording, lost[0])}"
        )
    if extra := [identity for identity in started if identity not in wanted]:
        yield (
            f"{len(extra)} of {len(messages)} messages started a run and were not to; the first is "
            f"that of {_shown(extra[0])}"
        )


def _wanted(scenario: Scenario, messages: dict[str, Any]) -> list[str] | None:
    match scenario.expect.delivered:
        case "all":
            return list(messages)
        case "none":
            return []
        case "any":
            return None
        case identities:
            return list(identities)


def _twice(scenario: Scenario, messages: dict[str, Any], recording: Recording) -> Sentences:
    twice = [
        identity
        for identity in messages
        if _runs(recording, identity) > 1 + _excused(scenario, recording, identity)
    ]
    if twice:
        yield (
            f"{len(twice)} of {len(messages)} messages started too many runs; the first is that of "
            f"{_shown(twice[0])}, {history(recording, twice[0])}"
        )


def _excused(scenario: Scenario, recording: Recording, identity: str) -> int:
    """Return how many runs more a message may start: one for each call whose answer was lost."""
    if scenario.expect.duplicates == "none":
        return 0
    return sum(bool(call.run_ids and call.faults) for call in recording.of(identity))


def _runs(recording: Recording, identity: str) -> int:
    return sum(bool(call.run_ids) for call in recording.of(identity))


def _shown(identity: str | None) -> str:
    return mask_identity(identity or "")
