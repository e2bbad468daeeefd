"""Access to the control API and the pages: Host, Origin and the control token. Pure.

On loopback they are open, but not to other web sites in the user's browser: a foreign ``Host`` (DNS
rebinding) and a foreign ``Origin`` (cross-site requests) are refused. With a control token, every
request must have it, as ``Authorization: Bearer`` or as the cookie that the login page sets. The
JSON Event and whoami are not protected by this: connectors call them.
"""

import hashlib
import hmac
import ipaddress
import urllib.parse
from collections.abc import Sequence

COOKIE = "mock_qualtrics_login"
_PURPOSE = b"mock-qualtrics login"


def is_loopback(host: str) -> bool:
    """Return whether a name or address, without port, can only be this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_own_host(host_header: str, local_address: str, allowed_hosts: Sequence[str] = ()) -> bool:
    """Return whether a ``Host`` header names this server.

    Args:
        host_header: the header's value, with or without a port.
        local_address: the server's address on this connection.
        allowed_hosts: further names, from ``--allowed-host``.
    """
    name = _host_name(host_header)
    if name is None:
        return False
    if is_loopback(name) or name in {allowed.lower() for allowed in allowed_hosts}:
        return True
    # An address is safe: DNS rebinding needs a name that the attacker controls.
    return _is_address(name) and name == local_address.lower()


def is_own_origin(origin: str, host_header: str, allowed_hosts: Sequence[str] = ()) -> bool:
    """Return whether an ``Origin`` has the same host and port as ``Host``, or an allowed host."""
    try:
        parts = urllib.parse.urlsplit(origin)
        name = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or name is None:
        return False
    same = parts.netloc.lower() == host_header.lower()
    return same or name in {allowed.lower() for allowed in allowed_hosts}


def shows_token(authorization: str | None, cookie: str | None, control_token: str) -> bool:
    """Return whether a request has the control token, as Bearer or as the login cookie."""
    scheme, _, credentials = (authorization or "").strip().partition(" ")
    if scheme.lower() == "bearer" and _equal(credentials.strip(), control_token):
        return True
    return cookie is not None and _equal(cookie, login_cookie(control_token))


def login_cookie(control_token: str) -> str:
    """Return the value of the login cookie, which proves the token without revealing it."""
    return hmac.new(control_token.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def is_control_token(shown: str, control_token: str) -> bool:
    """Compare a token with the control token, in constant time."""
    return _equal(shown, control_token)


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _host_name(host_header: str) -> str | None:
    try:
        parts = urllib.parse.urlsplit(f"//{host_header}")
        _ = parts.port  # raises ValueError when it is no valid port
    except ValueError:
        return None
    name = parts.hostname
    # Anything else in the header (a path, user information) makes it no host.
    host_only = parts.netloc == host_header and "@" not in host_header
    return name.rstrip(".") if name and host_only else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
