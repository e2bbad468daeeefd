"""Which addresses are this machine's own. Imports nothing that is slow to load."""

import ipaddress
from urllib.parse import urlsplit


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
