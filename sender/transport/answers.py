"""Reading a destination's answer, and whether a redirect may be followed. Pure."""

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


_SAME_METHOD_REDIRECTS = (307, 308)


def read_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    hide: Callable[[str], str] = redact,
) -> Answered:
    """Read a destination's answer, whatever it is.

    Any 2xx is success (Q-ENV-2) whatever its body; of a refusal, the envelope's error is taken
    (Q-ENV-1) if there is one.

    Args:
        status: the HTTP status.
        headers: looked up as ``Retry-After`` and ``Location``.
        body: as much of it as was read.
        hide: returns the destination's words without what must not be shown.
    """
    if status < 300:  # noqa: PLR2004  HTTP's own classes
        return Answered(status)
    code, description = _error_of(body, hide)
    location = hide(redacted_url(headers.get("Location") or "")) if status < 400 else ""  # noqa: PLR2004
    return Answered(status, headers.get("Retry-After"), code, description, location)


def same_origin_redirect(url: str, status: int, location: str | None) -> str | None:
    """Return where to post instead, when that is the same scheme, host and port; else nothing."""
    if status not in _SAME_METHOD_REDIRECTS or not location:
        return None
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        same = (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port)
    except ValueError:
        return None
    return target if same else None


def _error_of(body: bytes, hide: Callable[[str], str]) -> tuple[str | None, str]:
    """Return code and words of an envelope's error; no code when it is not a short plain word."""
    try:
        error = json.loads(body)["meta"]["error"]
        code, message = error.get("errorCode"), error.get("errorMessage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None, ""
    is_code = isinstance(code, str) and _CODE.fullmatch(code) and hide(code) == code
    words = hide(message)[:_LONGEST_TEXT] if isinstance(message, str) else ""
    return code if is_code else None, printable_text(words)
