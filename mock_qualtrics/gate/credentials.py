"""Read the credentials of a call, and compare them with a tenant's (Q-AUTH-1).

There are two kinds: the header ``X-API-TOKEN``, and HTTP Basic with ``username:api-token``. When a
call sends both, both must be right (assumed). Credentials are compared and never stored.
"""

import base64
import binascii
import enum
import hmac
from dataclasses import dataclass

from contracts.secret import Secret
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.model import Call

TOKEN_HEADER = "x-api-token"  # noqa: S105  a header's name
AUTHORIZATION_HEADER = "authorization"


class Verdict(enum.Enum):
    """The result of checking a call's credentials."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"


RIGHT = Verdict.RIGHT
"""As a constant: the class of an enumeration looks its members up in Python each time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One credential as it was sent; its ``repr`` shows no part of it."""

    token: Secret
    username: Secret | None = None


def shown(call: Call) -> tuple[Shown | Verdict, ...]:
    """Return the credentials that the call sends, in order; a verdict for each unreadable one."""
    return _shown_in(call.headers)


def tokens_in(headers: tuple[tuple[str, str], ...]) -> list[str]:
    """Return the tokens that headers hold as credentials."""
    return [one.token.reveal() for one in _shown_in(headers) if isinstance(one, Shown)]


def _shown_in(headers: tuple[tuple[str, str], ...]) -> tuple[Shown | Verdict, ...]:
    credentials: list[Shown | Verdict] = []
    for name, value in headers:
        if name == TOKEN_HEADER and value.strip():
            credentials.append(Shown(Secret(value.strip())))
        elif name == AUTHORIZATION_HEADER and value.strip():
            credentials.append(_from_authorization(value))
    return tuple(credentials)


def judge(
    credentials: tuple[Shown | Verdict, ...],
    username: str,
    api_token: Secret,
    *,
    one_is_enough: bool = False,
) -> Verdict:
    """Compare credentials with a tenant's username and API token.

    Of several credentials the first wrong one decides, or the first right one if ``one_is_enough``.
    """
    if not credentials:
        return Verdict.NONE
    if len(credentials) == 1:  # as nearly every call has
        return _judge_one(credentials[0], username, api_token)
    verdicts = [_judge_one(credential, username, api_token) for credential in credentials]
    if one_is_enough and Verdict.RIGHT in verdicts:
        return Verdict.RIGHT
    return next((verdict for verdict in verdicts if verdict is not Verdict.RIGHT), Verdict.RIGHT)


def _judge_one(credential: Shown | Verdict, username: str, api_token: Secret) -> Verdict:
    if isinstance(credential, Verdict):
        return credential
    return RIGHT if _matches(credential, username, api_token) else Verdict.WRONG


def _matches(credential: Shown, username: str, api_token: Secret) -> bool:
    # Both parts are always compared, so that the time taken does not say which one is wrong.
    matches = _equal(credential.token.reveal(), api_token.reveal())
    if credential.username is not None:
        matches = _equal(credential.username.reveal(), username) and matches
    return matches


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


@bounded_cache(256)
def _from_authorization(value: str) -> Shown | Verdict:
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "basic":
        return Verdict.UNSUPPORTED
    try:
        decoded = base64.b64decode(rest.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return Verdict.MALFORMED
    # Split at the last colon: a token never holds one, a username might.
    username, colon, token = decoded.rpartition(":")
    return Shown(Secret(token), Secret(username)) if colon else Verdict.MALFORMED
