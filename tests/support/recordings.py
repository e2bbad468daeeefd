"""Recordings of a connector's calls, made by hand, for tests of what judges them."""

import json
from collections.abc import Iterable
from itertools import count

from contracts.conformance.recording import MISSING, Call, Ending, Recording

_NUMBERS = count(1)
TRIGGER_PATH = "/inbound-event/v1/events/json/triggers"


def message(name: str, **attributes: object):
    """Return a message whose identity is that name at example.com."""
    return {**attributes, "identityMap": {"Email": [{"id": f"{name}@example.com"}]}}


def call(body: object = None, status: int | None = 202, at: float = 0.0, **fields: object) -> Call:
    """Return a call with this body; an accepted one starts a run, and so does one with `faults`."""
    number = next(_NUMBERS)
    defaults = {
        "request_id": f"request-{number}",
        "at": at,
        "method": "POST",
        "path": TRIGGER_PATH,
        "status": status,
        "reason": None,
        "run_ids": (f"run-{number}",) if status in (None, 200, 202) else (),
        "trace_id": None,
        "headers": {},
        "token_in": frozenset({"header"}),
        "faults": (),
        "body": body,
        "text": None if body is MISSING else json.dumps(body),
    }
    return Call(**{**defaults, **fields})


def recorded(calls: Iterable[Call], messages: Iterable[object] = (), exit_code: int | None = 0):
    """Return the recording of these calls, oldest first, and of a command that ended so."""
    return Recording(tuple(calls), tuple(messages), Ending(exit_code))
