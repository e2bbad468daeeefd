"""Which addresses are this machine's own, a mock's, a trigger's. Imports nothing slow to load."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_OWN_SEGMENTS: Final = frozenset(
    ("inbound-event", "API", "__control", "runs", "calls", "login", "openapi.yaml", "favicon.ico")
)
"""The first segments of a mock's own paths."""
_TRIGGER_PATH: Final = re.compile(r"/inbound-event/v1/events/(?:json|JSON)/triggers/?")


def is_trigger_path(path: str) -> bool:
    """Return whether a path is that of JSON Events; ``JSON`` in either case (Q-URL-3).

    A slash at its end counts, too: whether the service takes it is not known, and who posts there
    means a trigger.

    Example:
        >>> is_trigger_path("/inbound-event/v1/events/JSON/triggers"), is_trigger_path("/whoami")
        (True, False)
    """
    return _TRIGGER_PATH.fullmatch(path) is not None


def is_loopback(host: str) -> bool:
    """Return whether a host name or address always refers to this machine.

    Example:
        >>> is_loopback("localhost"), is_loopback("127.8.8.8"), is_loopback("example.com")
        (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Return whether the URL's host always refers to this machine; False if it cannot be read."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_server_url(url: str) -> bool:
    """Return whether a URL names a server: http or https, a host, and a port that there can be.

    Example:
        >>> is_server_url("http://127.0.0.1:8084/runs"), is_server_url("http://127.0.0.1:99999")
        (True, False)
    """
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port


def mock_address_of(url: str) -> str:
    """Return a mock's address from any URL of its pages, its control API or its triggers.

    What is no URL of a server is returned as it is, but for a slash at its end.

    Example:
        >>> mock_address_of("http://127.0.0.1:8084/runs/RUN_1?view=started")
        'http://127.0.0.1:8084'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rstrip("/")
    if not (parts.scheme and parts.netloc):
        return url.rstrip("/")
    segments = parts.path.split("/")
    own = next((n for n, name in enumerate(segments) if name in _OWN_SEGMENTS), len(segments))
    return f"{parts.scheme}://{parts.netloc}{'/'.join(segments[:own])}".rstrip("/")


def shown_address(address: str) -> str:
    """Return a mock's address without the name and password that it may have, for messages."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
