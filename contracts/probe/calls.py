"""The probe's calls: the URL, the credential, and a limit on their number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from contracts.addresses import is_loopback
from contracts.credentials import (
    TOKEN_EXPECTED,
    USERNAME_EXPECTED,
    token_problem,
    username_problem,
    without_line_end,
)
from contracts.errors import ProbeError
from contracts.http_session import HttpSession, through_proxy
from contracts.secret import Secret

TIMEOUT_SECONDS: Final = 10
EVENT: Final = b'{"probe": "mock-qualtrics"}'


@dataclass(frozen=True, slots=True)
class Target:
    """The URL to call, and the credential.

    Attributes:
        url: an enabled workflow's trigger URL.
        username: the Qualtrics username.
        token: the API token.
        disabled_url: a disabled workflow's trigger URL; empty for none.
    """

    url: str = field(repr=False)
    username: str = field(repr=False)
    token: Secret
    disabled_url: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Return the target from environment variables.

        Raises:
            ProbeError: a variable is missing, has something in it that no credential has, or a URL
                would send the credential unencrypted.
        """
        names = ("QUALTRICS_URL", "QUALTRICS_USERNAME", "QUALTRICS_API_TOKEN")
        missing = [name for name in names if not variables.get(name)]
        if missing:
            raise ProbeError(f"set {', '.join(missing)}")
        url, username, token = (without_line_end(variables[name]) for name in names)
        disabled_url = without_line_end(variables.get("QUALTRICS_DISABLED_URL", ""))
        for name, value in (("QUALTRICS_URL", url), ("QUALTRICS_DISABLED_URL", disabled_url)):
            if value and not _is_private(value):
                raise ProbeError(f"{name} is no https URL; plain http goes to this machine only")
        _refuse("QUALTRICS_USERNAME", username_problem(username), USERNAME_EXPECTED)
        _refuse("QUALTRICS_API_TOKEN", token_problem(token), TOKEN_EXPECTED)
        return cls(url, username, Secret(token), disabled_url)


class Caller:
    """Posts to the target, up to a number of calls; safe to share between threads.

    Args:
        target: the URL and the credential.
        most_calls: the most calls that it may make.
        connections: the most connections.
    """

    def __init__(self, target: Target, most_calls: int, connections: int = 1) -> None:
        self.target = target
        self._numbers = iter(range(most_calls))
        self._session = HttpSession()
        adapter = HTTPAdapter(pool_maxsize=connections)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)
        pair = target.username.encode(), target.token.reveal().encode()
        self._session.auth = HTTPBasicAuth(*pair)

    def post(
        self,
        body: bytes | Iterator[bytes] = EVENT,
        url: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        method: str = "POST",
    ) -> requests.Response:
        """Post an event; the defaults make a correct call. A header that is None is left out.

        Raises:
            ProbeError: there was no answer, or all allowed calls have been made.
        """
        if next(self._numbers, None) is None:
            raise ProbeError("all calls that were allowed are used up")
        try:
            return self._session.request(
                method,
                url or self.target.url,
                data=body,
                headers={"Content-Type": "application/json", **(headers or {})},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            note = through_proxy(url or self.target.url)
            raise ProbeError(f"no answer: {type(error).__name__}{note}") from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _refuse(name: str, problem: str, expected: str) -> None:
    if problem:
        raise ProbeError(f"{name}: found {problem}, expected {expected}")


def _is_private(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )
