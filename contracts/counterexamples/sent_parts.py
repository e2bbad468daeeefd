"""What the journal does not keep of a call, told from what it does: its credential, its body. Pure.

A credential is named by variables, which no report hides; one that was wrong becomes another wrong
one.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from contracts.conformance.messages import line_of
from contracts.conformance.recording import Call, Recording, identity_of
from contracts.conformance.scenario import Scenario

_RIGHT: Final = '-H "X-API-TOKEN: $QUALTRICS_API_TOKEN"'
_BASIC: Final = '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"'
_BEARER: Final = '-H "Authorization: Bearer $QUALTRICS_API_TOKEN"'
_MALFORMED: Final = '-H "Authorization: Basic $QUALTRICS_API_TOKEN"'
_WRONG: Final = '-H "X-API-TOKEN: $QUALTRICS_USERNAME"'
_WRONG_BASIC: Final = '-u "$QUALTRICS_USERNAME:wrong"'
_WRONG_USERNAME: Final = '-u "wrong:$QUALTRICS_API_TOKEN"'
_BEFORE_THE_BODY: Final = "reset-before-read"


def credentials(call: Call, scenario: Scenario) -> Iterator[str]:
    """Yield the curl options of a call's credential, and of other places of the token."""
    if "x-api-token" in call.headers:
        yield from _of_token(call, scenario)
    if "authorization" in call.headers:
        yield _of_authorization(call, scenario)
    if "other-header" in call.token_in:
        yield '-H "X-Copy: $QUALTRICS_API_TOKEN"'


def never_came(call: Call) -> bool:
    """Return whether a call with a body was answered before that was read."""
    headers = call.headers
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
    return not call.text and has_body and _BEFORE_THE_BODY in call.faults


def texts_of(recording: Recording, most: int) -> Iterator[str | None]:
    """Yield the body of each of the first calls; None where it is not known.

    One that never came is told by its trace id, or else by its length: it is the first message of
    that length that no call before it has delivered.
    """
    lines = {identity_of(each) or "": line_of(each) for each in recording.messages}
    by_trace = {call.trace_id: call.identity for call in recording.calls if call.identity}
    delivered: set[str] = set()
    for call in recording.calls[:most]:
        if never_came(call):
            traced = by_trace.get(call.trace_id) if call.trace_id else None
            yield lines.get(traced or "") or _of_length(call, lines, delivered)
            continue
        if call.identity and call.run_ids:
            delivered.add(call.identity)
        yield call.text


def _of_token(call: Call, scenario: Scenario) -> Iterator[str]:
    if call.reason == "no-credential":  # an empty value is none
        yield "-H 'X-API-TOKEN;'"
    elif "header" in call.token_in or _has_given_token(scenario) or call.reason is None:
        yield _RIGHT
    else:
        yield _WRONG


def _of_authorization(call: Call, scenario: Scenario) -> str:
    if call.reason == "unsupported-credential":
        return _BEARER
    if call.reason == "malformed-credential":
        return _MALFORMED
    if call.reason == "no-credential":
        return "-H 'Authorization;'"
    if "basic" in call.token_in:
        return _WRONG_USERNAME if call.reason == "wrong-credential" else _BASIC
    if "header" in call.token_in and "x-api-token" not in call.headers:
        return _BEARER
    return _BASIC if _has_given_token(scenario) or call.reason is None else _WRONG_BASIC


def _has_given_token(scenario: Scenario) -> bool:
    """Return whether a token that the tenant does not know may be the one that was given."""
    return scenario.has_wrong_token or any(each.action == "new-token" for each in scenario.during)


def _of_length(call: Call, lines: Mapping[str, str], delivered: Collection[str]) -> str | None:
    length = call.headers.get("content-length")
    fitting = [each for each, line in lines.items() if str(len(line.encode())) == length]
    left = [identity for identity in fitting if identity not in delivered]
    return lines[(left or fitting)[0]] if fitting else None
