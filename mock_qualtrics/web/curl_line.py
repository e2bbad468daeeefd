"""A shell command that sends an event, ready to be pasted. Pure."""

import json
import shlex
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from mock_qualtrics.web.access import is_loopback

_TOKEN_HEADER: Final = "X-API-TOKEN: "  # noqa: S105  a header's name


def curl_line(
    trigger_url: str, event: Mapping[str, Any] | str, token: str | None, ca_file: str | None = None
) -> str:
    """Return a shell command that sends an event to a trigger (Q-AUTH-1).

    Args:
        trigger_url: either form of a workflow's URL (Q-URL-1, Q-URL-2).
        event: the event, or the text that is sent as it is.
        token: the API token; None where the line is stored or shared: it then takes the token from
            the environment, ``$QUALTRICS_API_TOKEN``.
        ca_file: the certificate authority, with ``--tls``.
    """
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
    words = ["curl", "--silent", "--show-error", *reaching(trigger_url, ca_file)]
    last = ["--header", "Content-Type: application/json", "--data", text, trigger_url]
    return f"{shlex.join(words)} --header {_quoted_header(token)} {shlex.join(last)}"


def reaching(url: str, ca_file: str | None) -> list[str]:
    """Return what curl needs to reach a server: whom it trusts, and no proxy on this machine.

    Args:
        url: an URL of the server.
        ca_file: the certificate authority, with ``--tls``.
    """
    host = urlsplit(url).hostname or ""
    trusted = ["--cacert", ca_file] if ca_file else []
    # A proxy cannot reach this machine's loopback.
    return [*trusted, *(["--noproxy", host] if is_loopback(host) else [])]


def _quoted_header(token: str | None) -> str:
    if token is None:
        return f'"{_TOKEN_HEADER}$QUALTRICS_API_TOKEN"'  # in double quotes: a shell puts it in
    return shlex.quote(_TOKEN_HEADER + token)
