"""Posts messages with pycurl's multi interface (extra ``fast``): many calls in one thread.

Gives the same outcomes as :mod:`sender.transport.requests_transport` in a fraction of the time.

By default libcurl resends a request when a reused connection breaks before the answer, which could
execute a message twice. So each body is passed as a stream that cannot be rewound: libcurl cannot
resend it, and the call ends as a lost answer.
"""

import io
import os
from dataclasses import dataclass, field

from contracts.extras import missing_extra
from contracts.http_session import environment_proxy
from sender.clock import Clock
from sender.errors import MissingExtraError
from sender.outbox.records import StoredMessage
from sender.transport.answers import ANSWER_LIMIT_BYTES, REDIRECTS_FOLLOWED, same_origin_redirect
from sender.transport.base import JSON_TYPE, LONGEST_WAIT_SECONDS, TRACE_HEADER, Completed, Endpoint
from sender.transport.outcomes import (
    Impossible,
    Lost,
    NotConnected,
    Outcome,
    tls_failed,
    without_tunnel,
)

try:
    import pycurl  # type: ignore[import-untyped, unused-ignore]  # it has no stubs of its own
except ImportError as error:  # pragma: no cover  the extra is there in tests
    raise MissingExtraError(
        missing_extra("the fast transport needs", "pycurl", "fast")
        + ", or use --transport requests"
    ) from error

_TLS_FAILED = {
    pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_PEER_FAILED_VERIFICATION,
    pycurl.E_SSL_CACERT,  # the number of the line above since libcurl 7.62; one of its own before
    pycurl.E_SSL_CACERT_BADFILE,
    pycurl.E_SSL_CIPHER,
    pycurl.E_SSL_CERTPROBLEM,
    pycurl.E_SSL_ISSUER_ERROR,
}
_FIRST_LETTERS = (b"H", b"L", b"l", b"R", b"r")  # of what is used; skips most headers quickly
_IMPOSSIBLE = {pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_URL_MALFORMAT}


def fast_workers() -> int:
    """Return the default number of connections."""
    return 64


@dataclass(slots=True)
class _Call:
    """One call in flight: the message, and the part of the answer received so far."""

    message: StoredMessage
    url: str
    began: float
    redirects: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def take_header(self, line: bytes) -> None:
        """Keep the headers that are used, Location and Retry-After, of the last answer.

        Values of a header that comes again are joined by commas (RFC 9110, 5.3).
        """
        if line[:1] not in _FIRST_LETTERS:
            return
        if line[:5] == b"HTTP/":  # an interim answer, or a proxy's, came before
            self.headers.clear()
            return
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() in ("retry-after", "location"):
            known = self.headers.get(name.title())
            self.headers[name.title()] = (
                value.strip() if known is None else f"{known}, {value.strip()}"
            )

    def take_body(self, data: bytes) -> int:
        """Keep the body up to the limit, then abort the call.

        Returning anything but the number of bytes received makes libcurl abort.
        """
        room = ANSWER_LIMIT_BYTES - len(self.body)
        self.body += data[:room]
        return len(data) if room > 0 else -1


class CurlTransport:
    """Posts messages over many connections at once, without threads.

    Args:
        endpoint: the URL and the credential.
        clock: measures how long calls take.
        workers: number of connections.
    """

    def __init__(self, endpoint: Endpoint, clock: Clock, workers: int) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._workers = workers
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, workers)
        self._multi.setopt(pycurl.M_MAXCONNECTS, workers)
        self._proxy = environment_proxy(endpoint.url)
        self._idle: list[pycurl.Curl] = []
        self._calls: dict[pycurl.Curl, _Call] = {}
        self._headers = [
            f"Authorization: {endpoint.authorization()}",
            f"Content-Type: {JSON_TYPE}",
            "Accept: */*",
            "Expect:",  # an empty value keeps libcurl from waiting for "100 Continue"
        ]

    @property
    def slots(self) -> int:
        """How many messages may be in flight at once."""
        return self._workers

    def submit(self, message: StoredMessage) -> None:
        """Start an attempt."""
        handle = self._idle.pop() if self._idle else self._new_handle()
        self._start(handle, _Call(message, self._endpoint.url, self._clock.monotonic()))

    def completed(self, timeout_seconds: float) -> list[Completed]:
        """Return the attempts that ended; waits at most that long, and may return none."""
        self._perform()
        ended = self._ended()
        if not ended:
            self._multi.select(min(max(timeout_seconds, 0.0), self._longest_wait_seconds()))
            self._perform()
            ended = self._ended()
        return ended

    def close(self) -> None:
        """Close all connections."""
        for handle in self._calls:
            self._multi.remove_handle(handle)
        for handle in (*self._calls, *self._idle):
            handle.close()
        self._calls.clear()
        self._idle.clear()
        self._multi.close()

    def _longest_wait_seconds(self) -> float:
        """Return how long to wait: at most until the next of libcurl's timers (-1: it has none)."""
        timer_milliseconds: int = self._multi.timeout()
        if timer_milliseconds < 0:
            return LONGEST_WAIT_SECONDS
        return min(timer_milliseconds / 1000, LONGEST_WAIT_SECONDS)

    def _new_handle(self) -> pycurl.Curl:
        endpoint, handle = self._endpoint, pycurl.Curl()
        # libcurl has no timeout for the answer alone; A-LIM-1 limits the whole call.
        total_seconds = max(endpoint.connect_timeout_seconds, endpoint.read_timeout_seconds)
        handle.setopt(pycurl.NOSIGNAL, 1)  # without it libcurl uses SIGALRM, unsafe with threads
        handle.setopt(pycurl.PROXY, self._proxy)
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.NETRC, pycurl.NETRC_IGNORED)
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, round(endpoint.connect_timeout_seconds * 1000))
        handle.setopt(pycurl.TIMEOUT_MS, round(total_seconds * 1000))
        bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        if bundle:
            handle.setopt(pycurl.CAPATH if os.path.isdir(bundle) else pycurl.CAINFO, bundle)  # noqa: PTH112
        return handle

    def _start(self, handle: pycurl.Curl, call: _Call) -> None:
        self._calls[handle] = call
        handle.setopt(pycurl.URL, call.url)
        trace = f"{TRACE_HEADER}: {call.message.trace_id}"
        handle.setopt(pycurl.HTTPHEADER, [*self._headers, trace])
        handle.setopt(pycurl.POSTFIELDSIZE, len(call.message.body))
        handle.setopt(pycurl.READFUNCTION, io.BytesIO(call.message.body).read)
        handle.setopt(pycurl.HEADERFUNCTION, call.take_header)
        handle.setopt(pycurl.WRITEFUNCTION, call.take_body)
        self._multi.add_handle(handle)

    def _perform(self) -> None:
        while self._multi.perform()[0] == pycurl.E_CALL_MULTI_PERFORM:
            pass

    def _ended(self) -> list[Completed]:
        ended: list[Completed] = []
        waiting = 1
        while waiting:
            waiting, succeeded, failed = self._multi.info_read()
            with_code = [(handle, 0) for handle in succeeded]
            for handle, code in [*with_code, *(entry[:2] for entry in failed)]:
                completed = self._end(handle, code)
                if completed is not None:
                    ended.append(completed)
        return ended

    def _end(self, handle: pycurl.Curl, code: int) -> Completed | None:
        call = self._calls.pop(handle)
        self._multi.remove_handle(handle)
        status = handle.getinfo(pycurl.RESPONSE_CODE)
        target = same_origin_redirect(call.url, status, call.headers.get("Location"))
        if target is not None and call.redirects < REDIRECTS_FOLLOWED - 1:
            self._start(handle, _Call(call.message, target, call.began, call.redirects + 1))
            return None
        outcome = self._endpoint.noted(self._outcome(handle, status, code, call))
        self._idle.append(handle)
        return Completed(call.message, outcome, self._clock.monotonic() - call.began)

    def _outcome(self, handle: pycurl.Curl, status: int, code: int, call: _Call) -> Outcome:
        # With a final status the outcome is known, whatever happened to the body after it.
        if status >= 200:  # noqa: PLR2004  HTTP's own classes
            return self._endpoint.read(call.message.body, status, call.headers, bytes(call.body))
        proxy_status = handle.getinfo(pycurl.HTTP_CONNECTCODE)
        if proxy_status >= 300:  # noqa: PLR2004  the proxy refused to open a tunnel
            return without_tunnel(proxy_status)
        if not handle.getinfo(pycurl.REQUEST_SIZE) or code in _TLS_FAILED:
            return _not_sent(code, handle.errstr())
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return Lost("no answer in time")
        return Lost(f"the connection broke: {_reason(code)}")


def _not_sent(code: int, detail: str) -> NotConnected | Impossible:
    """Return the outcome of a call that was never sent."""
    if code in _TLS_FAILED:
        return tls_failed(_reason(code), detail)
    if code in _IMPOSSIBLE:
        return Impossible(f"no call can be made: {_reason(code)}")
    return NotConnected(f"no connection: {_reason(code)}")


def _reason(code: int) -> str:
    """Return libcurl's name for an error; its longer message could contain the URL."""
    name = _ERROR_NAMES.get(code, "unknown").removeprefix("E_").replace("_", " ").lower()
    return f"{name} (libcurl error {code})"


_ERROR_NAMES = {
    code: name
    for name, code in vars(pycurl).items()
    if name.startswith("E_") and not name.startswith("E_MULTI_")
}
