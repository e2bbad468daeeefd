"""Who may use the control API and the pages: Host, Origin and the control token. Pure.

On loopback they are open, but not to a web page that the user happens to visit: a foreign ``Host``
(DNS rebinding) and a foreign ``Origin`` (cross-site requests) are refused. With a control token
every call must show it, as ``Authorization: Bearer`` or as the cookie that the login page sets. The
JSON Event and whoami are not guarded by this: they are what connectors call.
"""

import hashlib
import hmac
import ipaddress
import urllib.parse
from collections.abc import Sequence

COOKIE = "mock_qualtrics_login"
_PURPOSE = b"mock-qualtrics login"


def is_loopback(host: str) -> bool:
    """Tell whether a name or address, without port, can only mean this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_is_ours(host_header: str, local_address: str, allowed_hosts: Sequence[str] = ()) -> bool:
    """Tell whether a ``Host`` header names this server.

    Args:
        host_header: as it came, perhaps with a port.
        local_address: the address on which the connection arrived.
        allowed_hosts: further names, from ``--allowed-host``.
    """
    name = _host_name(host_header)
    if name is None:
        return False
    if is_loopback(name) or name in {allowed.lower() for allowed in allowed_hosts}:
        return True
    return _is_address(name) and name == local_address.lower()


def origin_is_ours(origin: str, host_header: str, allowed_hosts: Sequence[str] = ()) -> bool:
    """Tell whether an ``Origin`` names the same place as the ``Host``, or an allowed one."""
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
    """Tell whether a call shows the control token, as Bearer or as the login cookie."""
    scheme, _, shown = (authorization or "").strip().partition(" ")
    if scheme.lower() == "bearer" and _same(shown.strip(), control_token):
        return True
    return cookie is not None and _same(cookie, login_cookie(control_token))


def login_cookie(control_token: str) -> str:
    """Return the cookie's value: proof of the token that does not give it away."""
    return hmac.new(control_token.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def is_control_token(shown: str, control_token: str) -> bool:
    """Compare in a time that tells nothing."""
    return _same(shown, control_token)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _host_name(host_header: str) -> str | None:
    try:
        parts = urllib.parse.urlsplit(f"//{host_header}")
        _ = parts.port
    except ValueError:
        return None
    name = parts.hostname
    whole = parts.netloc == host_header and "@" not in host_header
    return name.rstrip(".") if name and whole else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
