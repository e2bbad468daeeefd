"""Where a call carries its tenant's API token. Pure; the token itself is not kept.

Only the two credentials count (Q-AUTH-1). A token in the URL, the body or another header ends in
logs and backups of all that stands between, so a connector is judged by it. It counts
also in base64, such as that of ``username:token``, which anybody can read.

Every call is looked at, so what it costs is a handful of plain searches.
"""

import base64
import binascii
from functools import lru_cache
from typing import NamedTuple

from contracts.redaction import encoded_parts
from contracts.secret import Secret
from mock_qualtrics.gate.bounded_cache import LONGEST_REMEMBERED
from mock_qualtrics.gate.credentials import AUTHORIZATION_HEADER, TOKEN_HEADER
from mock_qualtrics.model import Call, TokenPlace

_BASIC = TokenPlace.BASIC  # looked up once: each time takes long
_CREDENTIALS = frozenset({TOKEN_HEADER, AUTHORIZATION_HEADER})


class _Forms(NamedTuple):
    """A token as it is, and what base64 makes of it, for texts and for bodies."""

    token: str
    encoded: tuple[str, ...]
    in_bodies: tuple[bytes, ...]


def token_places(call: Call, api_token: Secret) -> int:
    """Return the places in which a tenant's present token stands, as a sum of `TokenPlace`."""
    token, places = api_token.reveal(), 0
    forms, shortest = _forms(token), len(token)
    for name, value in call.headers:
        if len(value) >= shortest:
            places |= _place_in_header(name, value, forms)
    is_short = len(call.query) <= LONGEST_REMEMBERED  # as a trigger's is: the same in all calls
    if (_in_short_url if is_short else _in_url)(call.query, call.path, token):
        places |= TokenPlace.QUERY
    body = call.body
    for form in forms.in_bodies:
        if body.find(form) >= 0:  # `in` first tries a number: an error that is raised and dropped
            return places | TokenPlace.BODY
    return places


def _place_in_header(name: str, value: str, forms: _Forms) -> int:
    if forms.token in value:
        return TokenPlace.HEADER if name in _CREDENTIALS else TokenPlace.OTHER_HEADER
    if name == AUTHORIZATION_HEADER:
        is_basic = _stands_encoded(value, forms) or _is_basic_with(value, forms.token)
        return _BASIC if is_basic else 0
    if _stands_encoded(value, forms):
        return TokenPlace.HEADER if name in _CREDENTIALS else TokenPlace.OTHER_HEADER
    return 0


def _stands_encoded(text: str, forms: _Forms) -> bool:
    for form in forms.encoded:  # noqa: SIM110  `any` takes twice as long
        if form in text:
            return True
    return False


def _in_url(query: str, path: str, token: str) -> bool:
    url = f"{path}?{query}"
    return token in url or _stands_encoded(url, _forms(token))


_in_short_url = lru_cache(maxsize=1_024)(_in_url)


@lru_cache(maxsize=1_024)
def _forms(token: str) -> _Forms:
    encoded = encoded_parts(token)
    return _Forms(token, encoded, tuple(form.encode() for form in (token, *encoded)))


def _is_basic_with(value: str, token: str) -> bool:
    try:
        decoded = base64.b64decode(value.rpartition(" ")[2])
    except (binascii.Error, ValueError):
        return False
    return token.encode() in decoded
