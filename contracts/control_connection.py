"""How the control API of a mock is called: session, credential, pages and errors.

:class:`~contracts.control_client.ControlClient` says what can be asked.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from urllib.parse import quote

from requests import PreparedRequest, Response, Session, exceptions
from urllib3.exceptions import HTTPError

from contracts import exact_json
from contracts.addresses import is_loopback_url
from contracts.credentials import token_fits_a_header, token_is_wrapped, without_line_end
from contracts.errors import (
    ControlAnswerError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.http_session import HttpSession, through_proxy
from contracts.secret import Secret

TIMEOUT_SECONDS: Final = 30.0
_FIRST_REDIRECT: Final = 300
_REASONS: Final = (  # subclasses before their base classes: the first match counts
    (exceptions.InvalidProxyURL, NoAnswer.UNUSABLE_PROXY),
    (exceptions.SSLError, NoAnswer.UNTRUSTED_CERTIFICATE),
    (exceptions.ConnectTimeout, NoAnswer.CONNECT_TIMEOUT),
    (exceptions.Timeout, NoAnswer.READ_TIMEOUT),
    (exceptions.ConnectionError, NoAnswer.NO_CONNECTION),
)

Document = dict[str, Any]


class Page(NamedTuple):
    """One page of a list, newest first.

    Attributes:
        items: the rows.
        next: the cursor of the next page; None when this is the last.
    """

    items: tuple[Document, ...]
    next: str | None


def path_of(*parts: str) -> str:
    """Return the path of these parts, each quoted: none leads to another path."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


class ControlConnection:
    """One mock's control API: what :class:`~contracts.control_client.ControlClient` calls by.

    Its arguments are described there.

    Attributes:
        loads: returns the value of an answer's JSON; a subclass may hold numbers in another way.
    """

    loads: Callable[[bytes], Any] = staticmethod(exact_json.loads)

    def __init__(
        self,
        control_url: str,
        control_token: Secret | str | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        session: Session | None = None,
        ca_file: str | Path | None = None,
    ) -> None:
        self.control_url = control_url
        self._timeout_seconds = timeout_seconds
        self._session = session or HttpSession()
        self._headers = _authorization(control_token)
        self._auth = _unchanged if self._headers else None
        self._verify = None if ca_file is None else str(ca_file)
        if is_loopback_url(control_url):
            self._session.trust_env = False
            self._verify = self._verify or _ca_bundle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._session.close()

    def _pages(self, path: str, part: str, query: Mapping[str, Any]) -> Iterator[Document]:
        cursor = None
        while True:
            page = self._page(path, part, {**query, "cursor": cursor})
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _page(self, path: str, part: str, query: Mapping[str, Any]) -> Page:
        document = self._json("GET", path, query, part=part)
        return Page(tuple(self._rows(document, part)), document.get("next"))

    def _list(self, path: str, part: str) -> list[Document]:
        return self._rows(self._json("GET", path, part=part), part)

    def _rows(self, document: Document, part: str) -> list[Document]:
        rows = document[part]
        if not isinstance(rows, list):
            raise ControlAnswerError(self.control_url, f"an answer without a list {part!r}", part)
        return rows

    def _json(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        body: Mapping[str, Any] | None = None,
        part: str,
    ) -> Document:
        return self._document(self._call(method, path, query, body), part)

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Response:
        return self._accepted(self._send(method, path, query, body))

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        patience_seconds: float = 0.0,
    ) -> Response:
        try:
            return self._session.request(
                method,
                self.control_url + path,
                params=query,
                json=body,
                headers=self._headers,
                auth=self._auth,
                timeout=self._timeout_seconds + patience_seconds,
                verify=self._verify,
                allow_redirects=False,
            )
        # A ValueError: a session that is handed in may read the address of a redirect.
        # The others: requests lets some of urllib3's errors through, and a body may be too deep.
        # An OSError: REQUESTS_CA_BUNDLE names no file; requests' own errors are such, too.
        except (OSError, HTTPError, ValueError, RecursionError) as error:
            note = through_proxy(self.control_url)
            raise ControlUnreachableError(
                self.control_url, _reason(error), str(error), note
            ) from error

    @staticmethod
    def _accepted(answer: Response) -> Response:
        if answer.status_code >= _FIRST_REDIRECT:
            raise _refusal(answer)
        return answer

    def _document(self, answer: Response, part: str) -> Document:
        """Return the answer's JSON object, which must have this key."""
        try:
            document = self.loads(answer.content)
        except ValueError as error:
            raise ControlAnswerError(self.control_url, str(error)) from error
        if not isinstance(document, dict) or part not in document:
            raise ControlAnswerError(self.control_url, f"an answer without {part!r}", part)
        return document


def _authorization(control_token: Secret | str | None) -> dict[str, str]:
    token = control_token.reveal() if isinstance(control_token, Secret) else control_token
    token = without_line_end(token or "")
    if not token:
        return {}
    if token_is_wrapped(token) or not token_fits_a_header(token):
        raise ControlTokenError
    return {"Authorization": f"Bearer {token}"}


def _unchanged(request: PreparedRequest) -> PreparedRequest:
    """Add no credential.

    Passed as a request's ``auth``, this keeps requests from taking a credential from a netrc file
    or from the URL, which would overwrite the Authorization header.
    """
    return request


def _ca_bundle() -> str | None:
    """Return the CA bundle of the environment, which requests ignores without ``trust_env``."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _reason(error: Exception) -> NoAnswer:
    kinds = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(kinds, NoAnswer.OTHER)


def _refusal(answer: Response) -> ControlRefusedError:
    try:
        problem = exact_json.loads(answer.content)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return ControlRefusedError(answer.status_code)
    violations = problem.get("violations")
    texts = [str(violation) for violation in violations] if isinstance(violations, list) else []
    return ControlRefusedError(answer.status_code, str(problem.get("error", "")), texts)
