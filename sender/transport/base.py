"""What both transports share: where and as whom to post, and how an answer is read. No calls."""

import base64
import functools
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import parse_qsl, urljoin, urlsplit

from contracts.redaction import redact
from contracts.secret import Secret
from sender.dataflow import Dataflow
from sender.dataflow.trigger_url import redacted_url
from sender.delivery.decisions import Answered, Outcome
from sender.errors import ConfigurationError
from sender.outbox.records import StoredMessage
from sender.policies import RetryPolicy
from sender.text import printable_text
from sender.transport.echo_redaction import redact_echoes

if TYPE_CHECKING:
    import requests

TRACE_HEADER = "X-Trace-Id"
JSON_TYPE = "application/json"
ANSWER_LIMIT_BYTES = 65_536
LONGEST_WAIT_SECONDS = 0.25
REDIRECTS_FOLLOWED = 3
_LONGEST_TEXT = 200
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # the first that is set counts
_SAME_METHOD_REDIRECTS = (307, 308)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where messages are posted, and as whom (A-AUTH-1).

    Attributes:
        url: the trigger URL; never logged.
        username: the Qualtrics username; never logged.
        token: the API token, HTTP Basic's password.
        connect_timeout_seconds: how long a connection may take.
        read_timeout_seconds: how long the answer may take.
    """

    url: str
    username: str
    token: Secret
    connect_timeout_seconds: float = 2.0
    read_timeout_seconds: float = 2.0

    def __repr__(self) -> str:
        return f"Endpoint(url={redacted_url(self.url)!r})"

    @classmethod
    def of(cls, dataflow: Dataflow, policy: RetryPolicy, token: Secret) -> Self:
        """Return where a dataflow's messages are posted under a policy.

        Raises:
            ConfigurationError: TLS cannot be verified, for its CA bundle is not there.
        """
        _refuse_missing_bundle(dataflow.url)
        timeouts = (policy.connect_timeout_seconds, policy.read_timeout_seconds)
        return cls(dataflow.url, dataflow.username, token, *timeouts)

    def authorization(self) -> str:
        """Return the HTTP Basic header's value, username and token as UTF-8."""
        pair = f"{self.username}:{self.token.reveal()}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def sign(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        """Put the credential into a request; given as ``auth``, so that no netrc replaces it."""
        request.headers["Authorization"] = self.authorization()
        return request

    def read(self, sent: bytes, status: int, headers: Mapping[str, str], body: bytes) -> Answered:
        """Read the answer to a body that was sent; what is taken of it repeats nothing of that."""
        return read_answer(status, headers, body, functools.partial(self._redact_echoes, sent))

    def _redact_echoes(self, sent: bytes, text: str) -> str:
        pair = self.authorization().removeprefix("Basic ")
        tokens = [value for _, value in parse_qsl(urlsplit(self.url).query)]
        return redact_echoes(text, sent, (self.username, self.token.reveal(), pair, *tokens))


@dataclass(frozen=True, slots=True)
class Completed:
    """A message's attempt and how it ended.

    Attributes:
        message: what was sent.
        outcome: how it ended.
        seconds: how long the call took.
    """

    message: StoredMessage
    outcome: Outcome
    seconds: float


class Transport(Protocol):
    """Posts messages, many at a time; used by one thread."""

    @property
    def slots(self) -> int:
        """How many messages may be under way at once."""
        ...

    def submit(self, message: StoredMessage) -> None:
        """Begin an attempt; never more than :attr:`slots` at once."""
        ...

    def completed(self, timeout_seconds: float) -> list[Completed]:
        """Return the attempts that ended, after at most that long; maybe none, maybe sooner."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...


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


def _refuse_missing_bundle(url: str) -> None:
    """Look for the file that requests would take from the environment."""
    names = [name for name in _CA_BUNDLES if os.environ.get(name)]
    if names and urlsplit(url).scheme == "https" and not Path(os.environ[names[0]]).exists():
        raise ConfigurationError(f"{names[0]}: no such file or folder: {os.environ[names[0]]}")


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
