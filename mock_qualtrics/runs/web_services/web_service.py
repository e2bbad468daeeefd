"""Calls the URL of a web_service task: off by default, and loopback only unless allowed.

The URL is literal; event fields are never piped into it. Each attempt is called at least once, with
the attempt's id, so that the receiver can recognise a repetition. This server's own ports are never
called.
"""

import ipaddress
import re
import socket
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_qualtrics.errors import CallFailedError
from mock_qualtrics.settings import Answers

ATTEMPT_HEADER = "X-Attempt-Id"
_CONNECTION_HEADERS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", ATTEMPT_HEADER.lower()}
)
_SCHEMES = ("http", "https")
Place = tuple[str, int]
"""An IP address and a port."""
_NO_HOST = re.compile(r"[\s:/?#@\[\]\\*]")


class CallLimits(NamedTuple):
    """The limits of one call (Q-WF-8).

    Attributes:
        seconds: after which an answer must be complete.
        answer_bytes: the largest answer that is taken.
    """

    seconds: float
    answer_bytes: int


def call_limits(answers: Answers) -> CallLimits:
    """Return the limits that a tenant's settings say."""
    return CallLimits(answers.web_service_seconds, answers.web_service_answer_bytes)


DEFAULT_LIMITS = call_limits(Answers())


class WebService:
    """Makes the calls of web_service tasks.

    Args:
        enabled: whether calls are made; if not, a task's call is recorded only.
        allowed_hosts: hosts beyond loopback that may be called; see `is_host`.

    Attributes:
        enabled: as given.
        own_ports: ports of this server, which are never called.
    """

    def __init__(self, *, enabled: bool = False, allowed_hosts: tuple[str, ...] = ()) -> None:
        self.enabled = enabled
        self.own_ports: set[int] = set()
        self._allowed = frozenset(map(_folded, allowed_hosts))

    def call(
        self,
        attempt_id: str,
        settings: Mapping[str, Any],
        event: bytes,
        limits: CallLimits | None = None,
    ) -> str | None:
        """Post the event to the task's URL; return why that failed, None on success.

        Args:
            attempt_id: sent as a header, so that the receiver can recognise a repetition.
            settings: the task's, with fields piped in: ``url``, and perhaps ``headers``. Nothing
                else is sent, not even a ``credential``: only a header can pipe one (Q-WF-8).
            event: the event, as it was received.
            limits: how long the call may take, and how large its answer may be; None for the
                default ones.
        """
        if not self.enabled:
            return None
        try:
            self._post(settings, attempt_id, event, limits or DEFAULT_LIMITS)
        except CallFailedError as error:
            return str(error)
        return None

    def _post(
        self, settings: Mapping[str, Any], attempt_id: str, event: bytes, limits: CallLimits
    ) -> None:
        url = str(settings.get("url", ""))
        places = self._judged(url)
        headers = {"Content-Type": "application/json"} | _headers(settings.get("headers", {}))
        from mock_qualtrics.runs.web_services.http_post import post  # noqa: PLC0415  slow to load, rarely needed

        post(url, event, headers | {ATTEMPT_HEADER: attempt_id}, places, limits)

    def _judged(self, url: str) -> list[Place]:
        """Return where the URL's host is; it is connected to there, whatever its name says later.

        Raises:
            CallFailedError: the URL is wrong, or may not be called.
        """
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        except ValueError as error:
            raise CallFailedError(f"the task's url is wrong: {error}") from None
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise CallFailedError(
                "the task's url is wrong: expected http://HOST/… or https://HOST/…"
            )
        addresses = _addresses(parts.hostname)
        if not _are_loopback(addresses) and _folded(parts.hostname) not in self._allowed:
            raise CallFailedError(f"{parts.hostname} is not loopback, and was not allowed")
        if port in self.own_ports and any(_is_own(address) for address in addresses):
            raise CallFailedError("a task may not call the very server that runs it")
        return [(address, port or 0) for address in addresses]


def is_host(text: str) -> bool:
    """Return whether the text is only a host: no scheme, port or path; IPv6 without brackets."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(text) and not _NO_HOST.search(text)
    return True


def _headers(headers: Any) -> dict[str, str]:  # noqa: ANN401  any JSON value
    """Return a task's headers, each name in the form of the standard ones.

    Raises:
        CallFailedError: they are no object of texts, or one of them is the connection's own.
    """
    if not isinstance(headers, Mapping) or not all(isinstance(it, str) for it in headers.values()):
        raise CallFailedError("the task's headers are wrong: expected an object of texts")
    if reserved := sorted(name for name in headers if name.lower() in _CONNECTION_HEADERS):
        raise CallFailedError(f"the task's header {reserved[0]} is the connection's own")
    return {name.title(): value for name, value in headers.items()}


def _folded(host: str) -> str:
    """Return the host for comparison, without case and without the DNS root's trailing dot."""
    return host.lower().removesuffix(".")


def _addresses(host: str) -> list[str]:
    """Return the host's addresses in the order to try them; none when it has no address."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # UnicodeError: the name cannot be encoded (IDNA)
        return []
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _are_loopback(addresses: Sequence[str]) -> bool:
    return bool(addresses) and all(
        ipaddress.ip_address(address).is_loopback for address in addresses
    )


def _is_own(address: str) -> bool:
    """Return whether the address is this machine's."""
    # Only a machine's own addresses can be bound; this finds those of all its interfaces.
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as bound:
        try:
            bound.bind((address, 0))
        except OSError:
            return False
    return True
