"""The trigger URL of a JSON Event: validating it, and showing it without its secret.

Handles the two forms of the URL (Q-URL-1 to Q-URL-3). Makes no HTTP calls.
"""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, parse_qs, urlsplit

from contracts.addresses import is_loopback

TRIGGER_PATH = "/inbound-event/v1/events/json/triggers"
LEGACY_PARAMETERS = ("contextId", "userId", "brandId", "triggerId")

_TRIGGER_PATH = re.compile(r"/inbound-event/v1/events/(?i:json)/triggers")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


def is_trigger_path(path: str) -> bool:
    """Return whether a call's path, with or without a query, is a JSON Event's (Q-URL-1)."""
    return _TRIGGER_PATH.fullmatch(path.partition("?")[0]) is not None


def url_problems(url: str, plain_http_hosts: Collection[str] = ()) -> list[str]:
    """Return what was expected of a trigger URL, one text for each problem.

    Args:
        url: the URL in the dataflow.
        plain_http_hosts: the hosts beyond this machine to which plain http was allowed.

    Returns:
        What was expected, never the URL itself; empty when the URL is valid. Extra query parameters
        are allowed (Q-URL-3).
    """
    if _UNPRINTABLE.search(url):
        return ["a URL without spaces, line breaks or control characters"]
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is out of range
    except ValueError:
        return ["a URL with a host, and a port between 0 and 65535 when one is parameters"]
    return [*_authority_problems(parts, plain_http_hosts), *_form_problems(parts)]


def url_host(url: str) -> str:
    """Return the host of a URL, or ``?`` when it has none or cannot be parsed."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def redacted_url(url: str) -> str:
    """Return the URL as it may be shown: scheme, host, port and path, without query and user.

    Anyone who knows the ``urlTokenId`` can start a workflow that needs no authentication
    (Q-AUTH-2), so no query value is ever shown.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    if not parts.scheme or not parts.hostname:
        return "***"
    authority = parts.netloc.rpartition("@")[2]
    path = _UUID.sub("***", parts.path)
    return f"{parts.scheme}://{authority}{path}{'?***' if parts.query else ''}"


def takes_plain_http(url: str, plain_http_hosts: Collection[str]) -> bool:
    """Return whether a credential may go to a URL: by https, to this machine, or as allowed."""
    host = url_host(url)
    return urlsplit(url).scheme == "https" or is_loopback(host) or host in plain_http_hosts


def _authority_problems(parts: SplitResult, plain_http_hosts: Collection[str]) -> list[str]:
    problems = []
    if parts.scheme not in ("http", "https") or not parts.hostname:
        problems.append("an absolute URL that begins with https://, or http:// on this machine")
    elif not takes_plain_http(parts.geturl(), plain_http_hosts):
        problems.append(
            "https:// (plain http only to 127.0.0.0/8, ::1 or localhost, or to a host that "
            "--allow-plain-http names)"
        )
    if parts.username is not None or parts.password is not None:
        problems.append("no user or password in the URL; the token comes from QUALTRICS_API_TOKEN")
    return problems


def _form_problems(parts: SplitResult) -> list[str]:
    problems = []
    if not _TRIGGER_PATH.fullmatch(parts.path):
        problems.append(f"the path of a JSON Event, {TRIGGER_PATH}")
    parameters = parse_qs(parts.query)
    if "urlTokenId" not in parameters and not all(name in parameters for name in LEGACY_PARAMETERS):
        legacy = ", ".join(LEGACY_PARAMETERS)
        problems.append(f"the query parameter urlTokenId, or else {legacy}")
    return problems
