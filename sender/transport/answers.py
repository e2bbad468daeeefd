"""Interprets a destination's answer, and decides whether a redirect may be followed. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

from contracts.redaction import redact
from sender.dataflow.trigger_url import redacted_url
from sender.text import printable_text
from sender.transport.outcomes import Answered

ANSWER_LIMIT_BYTES = 65_536
REDIRECTS_FOLLOWED = 3

_LONGEST_TEXT = 200
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# The only redirects that keep a POST a POST (RFC 9110, 15.4).
SAME_METHOD_REDIRECTS = (307, 308)
# What a URL may hold (RFC 3986), but for user and password: other characters are read by one
# parser in another way than by the next, or not at all.
_ADDRESS = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_LONGEST_ADDRESS = 8_192


def read_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    hide: Callable[[str], str] = redact,
) -> Answered:
    """Interpret a destination's answer; never fails, whatever the answer is.

    Any 2xx is success (Q-ENV-2), whatever its body. For other statuses the error in the answer
    envelope is read (Q-ENV-1), if there is one.

    Args:
        status: the HTTP status.
        headers: the headers; ``Retry-After`` and ``Location`` are used.
        body: the part of the body that was read.
        hide: removes secrets from the destination's words.
    """
    if status < 300:  # noqa: PLR2004  HTTP's own classes
        return Answered(status)
    code, description = _error_of(body, hide)
    location = _shown(headers.get("Location") or "", hide) if status < 400 else ""  # noqa: PLR2004
    return Answered(status, headers.get("Retry-After"), code, description, location)


def same_origin_redirect(url: str, status: int, location: str | None) -> str | None:
    """Return the redirect's target if it has the same scheme, host and port; else None.

    The credential and the message must not go to another origin, and not to an address that is not
    written as RFC 3986 says.
    """
    if status not in SAME_METHOD_REDIRECTS or not _is_address(location or ""):
        return None
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        same = (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port)
    except ValueError:
        return None
    return target if same else None


def _shown(location: str, hide: Callable[[str], str]) -> str:
    return printable_text(hide(redacted_url(location))[:_LONGEST_TEXT])


def _is_address(location: str) -> bool:
    return len(location) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(location) is not None


def _error_of(body: bytes, hide: Callable[[str], str]) -> tuple[str | None, str]:
    """Return code and message of an envelope's error; the code only if it is a short plain word."""
    try:
        error = json.loads(body)["meta"]["error"]
        code, message = error.get("errorCode"), error.get("errorMessage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None, ""
    is_code = isinstance(code, str) and _CODE.fullmatch(code) and hide(code) == code
    words = hide(message)[:_LONGEST_TEXT] if isinstance(message, str) else ""
    return code if is_code else None, printable_text(words)
