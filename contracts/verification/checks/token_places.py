"""Where the credential stood: in its header, and nowhere else."""

from collections.abc import Iterator
from typing import Final

from contracts.verification.evidence import Evidence
from contracts.verification.traffic import SUCCESS, Call, Credential

_WHERE: Final = {
    "query": "the URL",
    "body": "the body",
    "other-header": "a header that is not for it",
}
_PLACES: Final = frozenset({"header", "basic"})
_NO_CREDENTIALS: Final = (Credential.NONE, Credential.OTHER)
_UNAUTHORIZED: Final = 401


def credentials(evidence: Evidence) -> Iterator[str]:
    """Yield each call whose credential is missing, wrong, or in the wrong place (Q-AUTH-1)."""
    for call in evidence.traffic.calls:
        yield from (f"{call.place}: {problem}" for problem in _problems(call))


def no_credentials(evidence: Evidence) -> str:
    """Return why nothing can be said; empty when the recording shows credentials or a problem."""
    if not evidence.traffic.calls:
        return "no call was recorded"
    calls = evidence.traffic.triggers
    if next(credentials(evidence), None) is not None:
        return ""
    if any(call.token_in is None for call in calls):
        return "an older release has recorded calls, and did not see where the API token stood"
    if not calls or any(call.credential is not None for call in calls):
        return ""
    return (
        "the recording has no credentials, as a browser exports it by default: record with "
        "sensitive data, or with a proxy"
    )


def _problems(call: Call) -> Iterator[str]:
    places = call.token_in or frozenset()
    for place in sorted(places - _PLACES):
        yield f"the API token stands in {_WHERE[place]}, expected only X-API-TOKEN or HTTP Basic"
    if not call.is_trigger:
        if places & _PLACES:
            yield f"a call to {call.url} carries the API token, which is the trigger's"
    elif call.status == _UNAUTHORIZED and call.credential not in _NO_CREDENTIALS:
        yield "the credential is not the account's (401); expected the right one"
    elif call.status not in SUCCESS:
        yield from _not_sent(call)


def _not_sent(call: Call) -> Iterator[str]:
    # A trigger may ask for none (Q-AUTH-2): so only where the call was not taken.
    if call.credential is Credential.NONE and call.reason in (None, "no-credential"):
        yield "there is no credential; expected X-API-TOKEN or HTTP Basic"
    if call.credential is Credential.OTHER:
        yield "the credential is neither X-API-TOKEN nor HTTP Basic"
