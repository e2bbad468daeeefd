"""The secrets of a HAR file: found first, so that no text that follows shows one. Pure."""

import base64
import binascii
import functools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from contracts.addresses import is_trigger_path
from contracts.redaction import (
    HIDDEN,
    encoded_parts,
    hide_encoded,
    hide_secrets,
    holds_encoded_token,
    names_a_secret,
)
from contracts.verification.har_parts import HarEntry, as_sent

SHORTEST: Final = 6
"""Characters; a shorter text would be found in ordinary words."""
_MOST_COOKIES: Final = 200
_MOST_KEPT: Final = 1_024  # texts
_TOKEN_PARAMETERS: Final = frozenset({"xapitoken", "apitoken", "token", "password", "accesstoken"})


class HarSecrets:
    """What must not be shown of a recording, and which of it is the account's API token.

    Attributes:
        tokens: the API tokens that trigger calls carried.
        hide: returns a text without the secrets, and without what looks like one.
    """

    def __init__(self, entries: Iterable[HarEntry]) -> None:
        found: set[str] = set()
        tokens: set[str] = set()
        for entry in entries:
            found.update(_secrets_of(entry), tokens_of(entry))
            if is_trigger_path(entry.parts.path):  # other services have tokens of their own
                tokens.update(tokens_of(entry))
        self.tokens = frozenset(token for token in tokens if len(token) >= SHORTEST)
        self._marks = frozenset(mark for token in self.tokens for mark in _marks(token))
        forms = {form for secret in found for form in _forms(secret)}
        known = sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None
        # URLs and media types come again and again, and a file may have thousands of cookies.
        self.hide = functools.lru_cache(_MOST_KEPT)(self._hide)

    def _hide(self, text: str) -> str:
        """Return a text without the secrets, and without what looks like one."""
        for token in self.tokens:  # in base64 first: as long as all of it is there
            text = hide_encoded(text, token)
        return hide_secrets(text if self._known is None else self._known.sub(HIDDEN, text))

    def stands_in(self, text: str) -> bool:
        """Return whether an API token stands in a text, as it is or in base64."""
        return _has_one(text, self._marks)

    def stands_plainly_in(self, text: str) -> bool:
        """Return whether an API token stands in a text as it is."""
        return _has_one(text, self.tokens)


def tokens_of(entry: HarEntry) -> Iterator[str]:
    """Yield the API tokens that an entry carries as a credential (Q-AUTH-1)."""
    for name, value in entry.headers:
        if name == "x-api-token":
            yield value.strip()
        if name == "authorization" and (password := basic_password(value)):
            yield password


def basic_password(authorization: str) -> str | None:
    """Return the password of HTTP Basic; None when it is not that, or cannot be read."""
    scheme, _, credential = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(credential.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return pair.partition(":")[2] if ":" in pair else None


def query_has_token(entry: HarEntry) -> bool:
    """Return whether a parameter of the URL is there for a token, or the URL has a password.

    One that has base64 of ``username:token`` is, whatever its name.
    """
    pairs = parse_qsl(entry.parts.query, keep_blank_values=True)
    plain = {re.sub(r"[^a-z]", "", name.lower()) for name, _ in pairs}
    is_named = not plain.isdisjoint(_TOKEN_PARAMETERS) or entry.parts.password is not None
    return is_named or any(holds_encoded_token(value) for _, value in pairs)


def _has_one(text: str, marks: Iterable[str]) -> bool:
    decoded = unquote(text)
    return any(mark in text or mark in decoded for mark in marks)


def _marks(token: str) -> tuple[str, ...]:
    return token, *encoded_parts(token)


def _secrets_of(entry: HarEntry) -> Iterator[str]:
    yield from entry.cookies
    for name, value in (*entry.headers, *entry.answer_headers):
        if name == "set-cookie":  # behind the first pair there is when and where it counts
            yield from _cookie_values(value.partition(";")[0])
        elif name == "cookie":
            yield from _cookie_values(value)
        elif names_a_secret(name):
            yield from (value, value.rpartition(" ")[2])
    for name, value in parse_qsl(entry.parts.query):
        if names_a_secret(name):
            yield value
    yield from filter(None, (entry.parts.password, entry.parts.username))


def _cookie_values(header: str) -> Iterator[str]:
    for pair in header.split(";")[:_MOST_COOKIES]:
        yield pair.partition("=")[2].strip()


def _forms(secret: str) -> tuple[str, ...]:
    """Return a secret as it stands in a URL, in JSON, and by itself."""
    return secret, quote(as_sent(secret), safe=""), json.dumps(secret)[1:-1]
