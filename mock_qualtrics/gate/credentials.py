"""What a call shows for a credential, and whether it is the right one (Q-AUTH-1).

Two ways and no other: the header ``X-API-TOKEN``, or HTTP Basic with ``username:api-token``. A call
that shows both must be right in both (assumed). What was shown is compared and forgotten.
"""

import base64
import binascii
import enum
import hmac
from dataclasses import dataclass

from contracts.secret import Secret
from mock_qualtrics.model import Call

TOKEN_HEADER = "x-api-token"  # noqa: S105  a header's name
AUTHORIZATION_HEADER = "authorization"


class Verdict(enum.Enum):
    """What the gate knows of a call's credential."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Shown:
    """One credential as it was shown; it prints no part of itself."""

    token: Secret
    username: Secret | None = None


def shown(call: Call) -> tuple[Shown | Verdict, ...]:
    """Return all credentials that the call shows, in order, or why one cannot be read."""
    found: list[Shown | Verdict] = []
    for name, value in call.headers:
        if name == TOKEN_HEADER and value.strip():
            found.append(Shown(Secret(value.strip())))
        elif name == AUTHORIZATION_HEADER and value.strip():
            found.append(_from_authorization(value))
    return tuple(found)


def judge(
    credentials: tuple[Shown | Verdict, ...],
    username: str,
    api_token: Secret,
    *,
    one_is_enough: bool = False,
) -> Verdict:
    """Compare what was shown with a tenant's own.

    Of several the first that is not right decides, or with ``one_is_enough`` the first that is.
    """
    if not credentials:
        return Verdict.NONE
    verdicts = [_judge_one(credential, username, api_token) for credential in credentials]
    if one_is_enough and Verdict.RIGHT in verdicts:
        return Verdict.RIGHT
    return next((one for one in verdicts if one is not Verdict.RIGHT), Verdict.RIGHT)


def _judge_one(credential: Shown | Verdict, username: str, api_token: Secret) -> Verdict:
    if isinstance(credential, Verdict):
        return credential
    return Verdict.RIGHT if _fits(credential, username, api_token) else Verdict.WRONG


def _fits(credential: Shown, username: str, api_token: Secret) -> bool:
    fits = _equal(credential.token.reveal(), api_token.reveal())
    if credential.username is not None:
        fits = _equal(credential.username.reveal(), username) and fits
    return fits


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _from_authorization(value: str) -> Shown | Verdict:
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "basic":
        return Verdict.UNSUPPORTED
    try:
        decoded = base64.b64decode(rest.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return Verdict.MALFORMED
    username, colon, token = decoded.rpartition(":")
    return Shown(Secret(token), Secret(username)) if colon else Verdict.MALFORMED
