"""Hides secrets and personal data in texts: tokens, e-mail addresses, a URL's ``urlTokenId``.

For messages, logs and reports. Does not replace :class:`contracts.secret.Secret`, which keeps a
known credential from being printed at all.
"""

import base64
import re
import shlex
from collections.abc import Sequence
from functools import lru_cache

from contracts.masking import mask_identity

HIDDEN = "***"
TOKEN_CHARACTERS = 40  # letters and digits of an API token
LONGEST_ENCODED_CHARACTERS = 256  # of a username and a token in base64, as good as always

_URL_TOKEN = re.compile(r"(urlTokenId=)[^&\s\"']+", re.IGNORECASE)
# The lookbehind lets a match start only at the beginning of a word, so that a long text without
# "@" is searched once, and not again from each of its characters. No address has a dot or a filter
# right after the "@", but a JSONPath such as ``$[?@.name]`` does.
_EMAIL = re.compile(r"(?<![^\s@\"'<>,;=])[^\s@\"'<>,;=]++@(?!\.|\[\?)[^\s@\"'<>,;&]+")
_API_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{40}+(?![0-9A-Za-z])")
# Half an encoded credential is as long as a token; "/" is left out, for it ends a URL's segment.
_ENCODED_TOKEN = re.compile(rb"(?<![0-9A-Za-z])[0-9A-Za-z]{40}(?![0-9A-Za-z])")
_ENCODED = re.compile(r"(?<![0-9A-Za-z+_-])[0-9A-Za-z+_-]{54,}+={0,2}")
_ENCODED_RUN = re.compile(r"(?<![0-9A-Za-z+_-])[0-9A-Za-z+_-]{8,}+={0,2}")
_SHORTEST_PART = 8  # characters; a shorter text would be found in ordinary words
_PLACES_IN_BASE64 = 3  # three bytes are four characters
_RUNS = bytes(ord("a") if chr(byte).isalnum() and byte < 128 else 32 for byte in range(256))  # noqa: PLR2004  ASCII
_LONG_RUN = b"a" * 40
_AUTHENTICATION = re.compile(r"\b((?:basic|bearer)[ \t]+)[^\s\"'<>,;&]{6,}", re.IGNORECASE)
# In a sentence a word of small letters behind these names is no credential.
_NO_WORD = r"(?![a-z]+[.,:;)]?(?:\s|$))"
# A shell's variable is none either: lines that name the credential by it can be copied whole.
_VARIABLE = r"""(?-i:\$[A-Z_]+)(?:["'\s&]|$)"""
_NO_VARIABLE = rf"(?!{_VARIABLE})"
_NO_SCHEME_WITH_ONE = rf"(?!(?i:basic|bearer)[ \t]+{_VARIABLE})"
_AUTHENTICATION_IN_PROSE = re.compile(
    rf"\b((?i:basic|bearer)[ \t]+){_NO_WORD}{_NO_VARIABLE}[^\s\"'<>,;&]{{6,}}", re.MULTILINE
)
_HEADER_IN_PROSE = re.compile(
    r"\b((?i:x-api-token|authorization)[ \t]*:[ \t]*)"
    rf"{_NO_WORD}{_NO_VARIABLE}{_NO_SCHEME_WITH_ONE}[^\s\"'<>,;&]+",
    re.MULTILINE,
)
_COOKIES = re.compile(r"\b(cookie[ \t]*:[ \t]*)[^\r\n]+", re.IGNORECASE)
_USER_INFO = re.compile(r"(://)[^\s/?#@\"']+@")
_USER_FLAGS = frozenset({"-u", "--user"})  # curl's: name and password
_USER_WORD = re.compile(r"^(-u|--user=)[^:]*:.*", re.DOTALL)
_SECRET_WORDS = ("token", "password", "secret", "authorization", "apikey", "api_key", "api-key")
_SECRET_KEY = re.compile("|".join(_SECRET_WORDS), re.IGNORECASE)
_WORD = f"(?:{'|'.join(_SECRET_WORDS)})"
_NAMED_VALUE = re.compile(
    # In JSON "name": "value", perhaps cut off before its end, or a value without quotes ...
    rf"""("[^"\n]{{0,60}}{_WORD}[^"\n]{{0,60}}"\s*:\s*"?)"""
    r"""(?:(?<=")(?:[^"\\]|\\.)*|[^\s",{}\[\]]+)"""
    # ... and name=value in a form or URL.
    rf"""|((?<![\w.-])[\w.-]{{0,60}}{_WORD}[\w.-]{{0,60}}=){_NO_VARIABLE}[^\s&"'<>]+""",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return the text with tokens (40 letters or digits), e-mail addresses and token ids hidden.

    Example:
        >>> redact("no answer for dave@example.com")
        'no answer for ***'
    """
    without_url_tokens = _URL_TOKEN.sub(rf"\1{HIDDEN}", text)
    return _without_tokens(_EMAIL.sub(HIDDEN, without_url_tokens))


def hide_credentials(text: str, authentication: re.Pattern[str] = _AUTHENTICATION) -> str:
    """Return the text with every known form of a credential hidden; all else stays.

    Known are tokens (40 letters or digits), as they are or in base64, such as that of
    ``username:token``, the credentials of HTTP authentication, and the values of names such as
    ``token`` or ``password``, in JSON or in a form's or URL's fields.

    Example:
        >>> hide_credentials('{"apiToken": "PLACEHOLDER", "email": "dave@example.com"}')
        '{"apiToken": "***", "email": "dave@example.com"}'
    """
    # Plain searches first: most texts hold no credential, and each is looked through.
    text = _without_tokens(text)
    lower = text.lower()
    if "basic" in lower or "bearer" in lower:
        text = authentication.sub(rf"\1{HIDDEN}", text)
    if _has_secret_word(lower):
        text = _NAMED_VALUE.sub(_name_alone, text)
    return text


def hide_secrets(text: str) -> str:
    """Return a text for people who look on: no credential, and of addresses what tells them apart.

    Hides what :func:`hide_credentials` does, credentials in HTTP headers and in URLs too, and masks
    addresses as :func:`contracts.masking.mask_identity` does. A masked address stays as it is.

    Example:
        >>> hide_secrets("X-API-TOKEN: PLACEHOLDER")
        'X-API-TOKEN: ***'
        >>> hide_secrets("d***@e***.com was sent twice, eve@example.com not at all")
        'd***@e***.com was sent twice, e***@e***.com not at all'
    """
    for pattern in (_URL_TOKEN, _COOKIES):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    text = hide_credentials(_USER_INFO.sub(r"\1", text), _AUTHENTICATION_IN_PROSE)
    text = _HEADER_IN_PROSE.sub(rf"\1{HIDDEN}", text)
    return _EMAIL.sub(lambda match: mask_identity(match[0]), text)


@lru_cache(maxsize=256)
def encoded_parts(secret: str) -> tuple[str, ...]:
    """Return what base64 makes of a secret wherever in a longer text it stands.

    Three bytes are four characters, so there are three ways; those characters are left out that
    depend on what stands before or behind. Parts shorter than 8 characters are left out too.

    Example:
        >>> base64.b64encode(b"dave:PLACEHOLDER")
        b'ZGF2ZTpQTEFDRUhPTERFUg=='
        >>> [part for part in encoded_parts("PLACEHOLDER") if part in "ZGF2ZTpQTEFDRUhPTERFUg=="]
        ['QTEFDRUhPTERFU']
    """
    raw, parts = secret.encode(errors="replace"), []
    for before in range(_PLACES_IN_BASE64):
        text = base64.b64encode(bytes(before) + raw).decode()
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        parts += [text[first:last], text[first:last].replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(part for part in parts if len(part) >= _SHORTEST_PART))


def hide_secret(text: str, secret: str) -> str:
    """Return a text with a known secret hidden, as it is and within what base64 makes of it.

    Example:
        >>> hide_secret("PLACEHOLDER, ?a=ZGF2ZTpQTEFDRUhPTERFUg==&b", "PLACEHOLDER")
        '***, ?a=***&b'
    """
    return hide_encoded(text.replace(secret, HIDDEN), secret)


def hide_encoded(text: str, secret: str) -> str:
    """Return a text with what base64 makes of a known secret hidden, and of what stands around it.

    Example:
        >>> hide_encoded("PLACEHOLDER, ?a=ZGF2ZTpQTEFDRUhPTERFUg==&b", "PLACEHOLDER")
        'PLACEHOLDER, ?a=***&b'
    """
    found = [part for part in encoded_parts(secret) if part in text]
    if not found:
        return text
    return _ENCODED_RUN.sub(
        lambda run: HIDDEN if any(part in run[0] for part in found) else run[0], text
    )


def _without_tokens(text: str) -> str:
    """Return a text without what has the form of an API token, as it is or in base64."""
    if _LONG_RUN not in text.encode(errors="replace").translate(_RUNS):
        return text
    text = _ENCODED.sub(lambda run: HIDDEN if _is_of_a_token(run[0]) else run[0], text)
    return _API_TOKEN.sub(HIDDEN, text)


def holds_encoded_token(text: str) -> bool:
    """Return whether base64 of what has the form of an API token stands in a text."""
    return any(map(_is_of_a_token, _ENCODED.findall(text)))


def _is_of_a_token(run: str) -> bool:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):  # what stands before it may be of the same characters
        part = plain[start:]
        whole = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + "=" * (-len(part) % 4)
        if _ENCODED_TOKEN.search(base64.b64decode(whole)):
            return True
    return False


def _has_secret_word(lower: str) -> bool:
    for word in _SECRET_WORDS:  # noqa: SIM110  `any` takes twice as long
        if word in lower:
            return True
    return False


def _name_alone(match: re.Match[str]) -> str:
    return f"{match[1] or match[2]}{HIDDEN}"


def names_a_secret(key: str) -> bool:
    """Return whether the value of this key must never be shown."""
    return _SECRET_KEY.search(key) is not None


def command_line(words: Sequence[str]) -> str:
    """Return a command as it can be typed, for people who look on: without its secrets.

    Hides what :func:`hide_secrets` does, the values of options that name a secret, and the users
    and passwords of curl.

    Example:
        >>> command_line(["./connector", "--api-token", "PLACEHOLDER", "in put"])
        "./connector --api-token '***' 'in put'"
        >>> command_line(["curl", "--user=dave:PLACEHOLDER", "-uPLACEHOLDER:PLACEHOLDER"])
        "curl '--user=***' '-u***'"
    """
    pairs = zip(("", *words), words, strict=False)
    return hide_secrets(shlex.join(_typed(before, word) for before, word in pairs))


def _typed(before: str, word: str) -> str:
    """Return a word of a command, hidden if it is the value of an option that names a secret."""
    names_one = before.startswith("-") and "=" not in before and names_a_secret(before)
    is_user = before in _USER_FLAGS and ":" in word  # python -u is followed by a file
    return HIDDEN if names_one or is_user else _USER_WORD.sub(rf"\1{HIDDEN}", word)
