"""The address under which others reach this server: in a container, or behind a proxy. Pure."""

import ipaddress
import re
import urllib.parse
from typing import Final

EXPECTED: Final = (
    "expected http://HOST, https://HOST or the same with :PORT, with no path: HOST a name in ASCII "
    "or an address that can be called, such as mock-qualtrics or [2001:db8::1]"
)
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_.])?", re.ASCII)
_ALLOWED: Final = re.compile(r"https?://[a-z0-9._:\[\]-]+/?", re.ASCII | re.IGNORECASE)


def public_url(text: str) -> str:
    """Return a public URL in its one form: lower case, without a trailing slash.

    A path is not taken: the links of the pages would not have it.

    Raises:
        ValueError: it is none; the message says what was expected.
    """
    if not _ALLOWED.fullmatch(text):
        raise ValueError(EXPECTED)
    try:
        parts = urllib.parse.urlsplit(text.lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(EXPECTED) from None
    if not _can_be_called(host) or port == 0 or parts.netloc.endswith(":"):
        raise ValueError(EXPECTED)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """Return a public URL's host, without brackets and port."""
    return urllib.parse.urlsplit(url).hostname or ""


def _can_be_called(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return _NAME.fullmatch(host) is not None
