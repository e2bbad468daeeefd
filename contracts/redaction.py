"""Hides secrets and personal data in texts: tokens, e-mail addresses, a URL's ``urlTokenId``.

For messages, logs and reports. Does not replace :class:`contracts.secret.Secret`, which keeps a
known credential from being printed at all.
"""

import re

HIDDEN = "***"

_URL_TOKEN = re.compile(r"(urlTokenId=)[^&\s\"']+", re.IGNORECASE)
# The lookbehind lets a match start only at the beginning of a word, so that a long text without
# "@" is searched once, and not again from each of its characters. No address has a dot or a filter
# right after the "@", but a JSONPath such as ``$[?@.name]`` does.
_EMAIL = re.compile(r"(?<![^\s@\"'<>,;=])[^\s@\"'<>,;=]++@(?!\.|\[\?)[^\s@\"'<>,;&]+")
_API_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{40}(?![0-9A-Za-z])")
_SECRET_KEY = re.compile(r"token|password|secret|authorization|api_?key", re.IGNORECASE)


def redact(text: str) -> str:
    """Return the text with tokens (40 letters or digits), e-mail addresses and token ids hidden.

    Example:
        >>> redact("no answer for dave@example.com")
        'no answer for ***'
    """
    without_url_tokens = _URL_TOKEN.sub(rf"\1{HIDDEN}", text)
    return _API_TOKEN.sub(HIDDEN, _EMAIL.sub(HIDDEN, without_url_tokens))


def names_a_secret(key: str) -> bool:
    """Return whether the value of this key must never be shown."""
    return _SECRET_KEY.search(key) is not None
