"""The HTTP session of everything in the project that calls somebody with requests."""

import os
from typing import Any
from urllib.parse import urlsplit

from requests import Response, Session
from requests.utils import get_environ_proxies, select_proxy, should_bypass_proxies

from contracts.addresses import is_loopback_url


class HttpSession(Session):
    """A session that calls this machine without a proxy, and never reads where a redirect leads.

    A proxy does not reach this machine's loopback, so one in the environment is never meant for it.

    requests parses the ``Location`` of every redirect, also of one that is not followed, and raises
    what the parser raises. No caller here follows one by itself: a credential must not travel.
    """

    def get_redirect_target(self, resp: Response) -> Any:  # noqa: ANN401, ARG002  as its base's
        """Return None: there is nothing to follow."""
        return None

    def merge_environment_settings(self, url: Any, *settings: Any, **more: Any) -> Any:  # noqa: ANN401  its base's
        """Return the settings for a call, without a proxy to this machine."""
        merged = super().merge_environment_settings(url, *settings, **more)
        return {**merged, "proxies": {}} if is_loopback_url(str(url)) else merged


def environment_proxy(url: str) -> str:
    """Return the address of the environment's proxy for a URL, as requests chooses it; else ""."""
    if is_loopback_url(url):
        return ""
    return select_proxy(url, get_environ_proxies(url, no_proxy=None)) or ""


def proxy_variable(url: str) -> str:
    """Return the name of the environment variable that has the proxy for a URL; "" for no proxy.

    Never the proxy's address: that may hold a password.
    """
    if is_loopback_url(url) or should_bypass_proxies(url, no_proxy=None):
        return ""
    kinds = (urlsplit(url).scheme, "all")
    return next(filter(None, map(_variable, kinds)), "")


def through_proxy(url: str) -> str:
    """Return an addition to an error: which variable's proxy the call took; "" for none."""
    name = proxy_variable(url)
    return f" (through the proxy of {name}; NO_PROXY excepts hosts)" if name else ""


def _variable(kind: str) -> str:
    """Return the name that has a proxy for that scheme; in small letters it goes first."""
    small = f"{kind}_proxy"
    names = (small,) if small in os.environ else (small.upper(),)
    return next((name for name in names if os.environ.get(name)), "")
