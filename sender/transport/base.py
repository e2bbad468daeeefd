"""What both transports share: the endpoint with its credential, and the transport's interface."""

import base64
import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from contracts.secret import Secret
from sender.dataflow import Dataflow
from sender.dataflow.trigger_url import redacted_url, takes_plain_http, url_host
from sender.errors import ConfigurationError
from sender.outbox.records import StoredMessage
from sender.policies import RetryPolicy
from sender.transport.answers import read_answer
from sender.transport.echo_redaction import redact_echoes
from sender.transport.outcomes import Answered, Outcome, noting

if TYPE_CHECKING:
    import requests

TRACE_HEADER = "X-Trace-Id"
JSON_TYPE = "application/json"
LONGEST_WAIT_SECONDS = 0.25
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # the first that is set counts


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The URL that messages are posted to, and the credential (A-AUTH-1).

    Attributes:
        url: the trigger URL; never logged.
        username: the Qualtrics username; never logged.
        token: the API token, the password of HTTP Basic.
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
        """Return the endpoint of a dataflow, with a policy's timeouts.

        Raises:
            ConfigurationError: the CA bundle that the environment names does not exist, or the
                credential would go to another host by plain http.
        """
        _refuse_missing_bundle(dataflow.url)
        _refuse_plain_http(dataflow)
        timeouts = (policy.connect_timeout_seconds, policy.read_timeout_seconds)
        return cls(dataflow.url, dataflow.username, token, *timeouts)

    def authorization(self) -> str:
        """Return the value of the HTTP Basic header, with username and token as UTF-8."""
        pair = f"{self.username}:{self.token.reveal()}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def sign(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        """Add the credential to a request.

        Passed to requests as ``auth``, which keeps it from using a netrc file's credential instead.
        """
        request.headers["Authorization"] = self.authorization()
        return request

    def read(self, sent: bytes, status: int, headers: Mapping[str, str], body: bytes) -> Answered:
        """Interpret the answer to a sent body; hides what the answer repeats of the call."""
        return read_answer(status, headers, body, functools.partial(self._redact_echoes, sent))

    def noted(self, outcome: Outcome) -> Outcome:
        """Add to the outcome of a failed call which environment variable's proxy it took, if any.

        A proxy answers plain HTTP itself; what comes over TLS is the destination's answer.
        """
        if isinstance(outcome, Answered) and (outcome.activated or self.url[:6] == "https:"):
            return outcome
        from contracts.http_session import through_proxy  # noqa: PLC0415  --help must not pay

        return noting(outcome, through_proxy(self.url))

    def _redact_echoes(self, sent: bytes, text: str) -> str:
        pair = self.authorization().removeprefix("Basic ")
        tokens = [value for _, value in parse_qsl(urlsplit(self.url).query)]
        return redact_echoes(text, sent, (self.username, self.token.reveal(), pair, *tokens))


@dataclass(frozen=True, slots=True)
class Completed:
    """An attempt that ended.

    Attributes:
        message: the message that was sent.
        outcome: how it ended.
        seconds: how long the call took.
    """

    message: StoredMessage
    outcome: Outcome
    seconds: float


class Transport(Protocol):
    """Posts messages, several at a time; used by one thread."""

    @property
    def slots(self) -> int:
        """How many messages may be in flight at once."""
        ...

    def submit(self, message: StoredMessage) -> None:
        """Start an attempt; the caller starts at most :attr:`slots` at once."""
        ...

    def completed(self, timeout_seconds: float) -> list[Completed]:
        """Return the attempts that ended; waits at most that long, and may return none."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


def _refuse_missing_bundle(url: str) -> None:
    """Raise if the CA bundle does not exist that requests would take from the environment."""
    names = [name for name in _CA_BUNDLES if os.environ.get(name)]
    if names and urlsplit(url).scheme == "https" and not Path(os.environ[names[0]]).exists():
        raise ConfigurationError(f"{names[0]}: no such file or folder: {os.environ[names[0]]}")


def _refuse_plain_http(dataflow: Dataflow) -> None:
    if not takes_plain_http(dataflow.url, dataflow.plain_http_hosts):
        host = url_host(dataflow.url)
        raise ConfigurationError(
            f"url: found plain http to {host}, expected https: the token would travel unencrypted. "
            f"Where that is meant, give --allow-plain-http {host}; no outbox keeps it"
        )
