"""Where the API token stood: in a header that is meant for it, and nowhere else (Q-AUTH-1)."""

from collections.abc import Iterator
from typing import Final

from contracts.conformance.recording import Call, Recording
from contracts.conformance.scenario import Scenario

_CREDENTIALS: Final = frozenset({"header", "basic"})
WHOAMI_PATH: Final = "/API/v3/whoami"  # by which clients try a credential (Q-AUTH-5)
_PLACES: Final = {
    "query": "in the URL",
    "body": "in the body",
    "other-header": "in a header that is not for it",
}


def check_credentials(_: Scenario, recording: Recording) -> Iterator[str]:
    """Yield the first call of each kind that carried the token where it must not be."""
    for call in recording.calls:
        if wrong := _wrong_place(call):
            yield f"request {call.request_id} carried the API token {wrong}"
            return


def _wrong_place(call: Call) -> str:
    if not call.is_trigger and call.path != WHOAMI_PATH and call.token_in:
        return (
            f"to {call.path}, answered {call.status}: expected QUALTRICS_URL and no other address"
        )
    places = sorted(call.token_in - _CREDENTIALS)
    return _PLACES[places[0]] if places else ""
