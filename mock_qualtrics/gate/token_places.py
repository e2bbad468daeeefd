"""Where a call carries its tenant's API token. Pure; the token itself is not kept.

Only the two credentials count (Q-AUTH-1). A token in the URL, the body or another header ends in
logs and backups of all that stands between, so whoever judges a connector wants to know.
"""

import base64
import binascii

from contracts.secret import Secret
from mock_qualtrics.gate.credentials import AUTHORIZATION_HEADER, TOKEN_HEADER
from mock_qualtrics.model import Call, TokenPlace

_CREDENTIALS = frozenset({TOKEN_HEADER, AUTHORIZATION_HEADER})


def token_places(call: Call, api_token: Secret) -> int:
    """Return the places in which a tenant's present token stands, as a sum of `TokenPlace`."""
    token, places = api_token.reveal(), 0
    for name, value in call.headers:
        if token in value:
            places |= TokenPlace.HEADER if name in _CREDENTIALS else TokenPlace.OTHER_HEADER
        elif name == AUTHORIZATION_HEADER and _is_basic_with(value, token):
            places |= TokenPlace.BASIC
    if token in call.query or token in call.path:
        places |= TokenPlace.QUERY
    return places | TokenPlace.BODY if token.encode() in call.body else places


def _is_basic_with(value: str, token: str) -> bool:
    try:
        decoded = base64.b64decode(value.rpartition(" ")[2])
    except (binascii.Error, ValueError):
        return False
    return token.encode() in decoded
