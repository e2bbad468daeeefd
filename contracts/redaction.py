"""Hides secrets and personal data in texts: tokens, e-mail addresses, a URL's ``urlTokenId``.

For messages, logs and reports. Does not replace :class:`contracts.secret.Secret`, which keeps a
known credential from being printed at all.
"""

import re

from contracts.masking import mask_identity

HIDDEN = "***"
TOKEN_CHARACTERS = 40  # letters and digits of an API token

_URL_TOKEN = re.compile(r"(urlTokenId=)[^&\s\"']+", re.IGNORECASE)
# The lookbehind lets a match start only at the beginning of a word, so that a long text without
# "@" is searched once, and not again from each of its characters. No address has a dot or a filter
# right after the "@", but a JSONPath such as ``$[?@.name]`` does.
_EMAIL = re.compile(r"(?<![^\s@\"'<>,;=])[^\s@\"'<>,;=]++@(?!\.|\[\?)[^\s@\"'<>,;&]+")
_API_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{40}+(?![0-9A-Za-z])")
_RUNS = bytes(ord("a") if chr(byte).isalnum() and byte < 128 else 32 for byte in range(256))  # noqa: PLR2004  ASCII
_LONG_RUN = b"a" * 40
_AUTHENTICATION = re.compile(r"\b((?:basic|bearer)[ \t]+)[^\s\"'<>,;&]{6,}", re.IGNORECASE)
# In a sentence a word of small letters behind these names is no credential.
_NO_WORD = r"(?![a-z]+[.,:;)]?(?:\s|$))"
# A shell's variable is none either: lines that name the credential by it can be copied whole.
_NO_VARIABLE = r"""(?!(?-i:\$[A-Z_]+)(?:["'\s&]|$))"""
_AUTHENTICATION_IN_PROSE = re.compile(
    rf"\b((?i:basic|bearer)[ \t]+){_NO_WORD}[^\s\"'<>,;&]{{6,}}", re.MULTILINE
)
_HEADER_IN_PROSE = re.compile(
    rf"\b((?i:x-api-token|authorization)[ \t]*:[ \t]*){_NO_WORD}{_NO_VARIABLE}[^\s\"'<>,;&]+",
    re.MULTILINE,
)
_COOKIES = re.compile(r"\b(cookie[ \t]*:[ \t]*)[^\r\n]+", re.IGNORECASE)
_USER_INFO = re.compile(r"(://)[^\s/?#@\"']+@")
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
    return _API_TOKEN.sub(HIDDEN, _EMAIL.sub(HIDDEN, without_url_tokens))


def hide_credentials(text: str, authentication: re.Pattern[str] = _AUTHENTICATION) -> str:
    """Return the text with every known form of a credential hidden; all else stays.

    Known are tokens (40 letters or digits), the credentials of HTTP authentication, and the values
    of names such as ``token`` or ``password``, in JSON or in a form's or URL's fields.

    Example:
        >>> hide_credentials('{"apiToken": "PLACEHOLDER", "email": "dave@example.com"}')
        '{"apiToken": "***", "email": "dave@example.com"}'
    """
    # Plain searches first: most texts hold no credential, and each is looked through.
    raw = text.encode(errors="replace")
    if _LONG_RUN in raw.translate(_RUNS):
        text = _API_TOKEN.sub(HIDDEN, text)
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
