"""What each call to the trigger looked like: its method and its keys (Q-URL-1, Q-BODY-1)."""

import json
from collections.abc import Iterator

from contracts.conformance.recording import Call, Recording
from contracts.conformance.scenario import Scenario


class _RepeatedKeyError(Exception):
    """An object has a key twice; the key is its argument."""


def check_methods(_: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the first call to the trigger that was no POST: each POST starts a run, GET nothing."""
    for call in recording.triggers():
        if call.method != "POST":
            yield f"request {call.request_id} was made with {call.method}, expected POST"
            return


def check_keys(_: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the first body with a repeated key: which of its values counts is stated nowhere."""
    for call in recording.triggers():
        if (key := _repeated_key(call)) is not None:
            yield f"request {call.request_id}: its body has the key {key!a} twice"
            return


def _repeated_key(call: Call) -> str | None:
    try:
        json.loads(call.text or "", object_pairs_hook=_distinct)
    except _RepeatedKeyError as error:
        return str(error)
    except (ValueError, RecursionError):  # what is no JSON is told of by another check
        return None
    return None


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found
