"""Posts messages with requests, from worker threads that keep their connections open.

Proxies, ``no_proxy`` and ``REQUESTS_CA_BUNDLE`` are read from the environment, as usual with
requests. A netrc file never replaces the credential. urllib3 does not retry: retries are decided in
:mod:`sender.delivery.decisions`. A redirect that keeps the method (307, 308) is followed within the
same scheme, host and port; any other redirect is returned as the answer, so that neither the
credential nor the message goes to another host.
"""

import queue
import re
import threading

import requests
import urllib3
from requests.exceptions import InvalidProxyURL

from contracts.redaction import redact
from sender.clock import Clock
from sender.outbox.records import StoredMessage
from sender.transport.answers import ANSWER_LIMIT_BYTES, REDIRECTS_FOLLOWED, same_origin_redirect
from sender.transport.base import JSON_TYPE, LONGEST_WAIT_SECONDS, TRACE_HEADER, Completed, Endpoint
from sender.transport.http_connections import OK, session
from sender.transport.outcomes import (
    Impossible,
    Lost,
    NotConnected,
    Outcome,
    tls_failed,
    without_tunnel,
)

DEFAULT_WORKERS = 16

_NO_CONNECTION = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.ConnectTimeoutError,
    # Not ProxyError: behind a proxy urllib3 raises it for a lost answer as well.
)
_BROKE = (
    requests.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    urllib3.exceptions.HTTPError,
)
_NO_TUNNEL = re.compile(r"Tunnel connection failed: (\d+)")
NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
_CLOSED_BY_PEER = ("EOF", "close notify", "closed")


class Poster:
    """Posts to one endpoint over one pool of connections; used by one thread."""

    def __init__(self, endpoint: Endpoint, clock: Clock) -> None:
        self._endpoint = endpoint
        self._session = session(clock)
        self._timeouts = (endpoint.connect_timeout_seconds, endpoint.read_timeout_seconds)
        self._settings = self._session.merge_environment_settings(
            endpoint.url, {}, None, None, None
        )
        self._settings["stream"] = True
        self._prepared = self._session.prepare_request(
            requests.Request(
                "POST",
                endpoint.url,
                data=b"",
                auth=endpoint.sign,
                headers={"Content-Type": JSON_TYPE},
            )
        )

    def post(self, body: bytes, trace_id: str) -> Outcome:
        """Post one message and return the outcome; network errors are outcomes, not exceptions."""
        prepared = self._prepared.copy()
        prepared.body = body
        prepared.headers["Content-Length"] = str(len(body))
        prepared.headers[TRACE_HEADER] = trace_id
        for _ in range(REDIRECTS_FOLLOWED):
            outcome, target = self._send(prepared, body)
            if target is None:
                break
            prepared.url = target
        return outcome

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(self, prepared: requests.PreparedRequest, sent: bytes) -> tuple[Outcome, str | None]:
        try:
            response = self._session.send(
                prepared, timeout=self._timeouts, allow_redirects=False, **self._settings
            )
        except NETWORK_ERRORS as error:
            return self._endpoint.noted(outcome_of(error)), None
        if response.status_code < OK:
            response.close()
            return Lost(f"no final answer: status {response.status_code}"), None
        body = read_bounded(response)
        location = response.headers.get("Location")
        target = same_origin_redirect(str(prepared.url), response.status_code, location)
        answer = self._endpoint.read(sent, response.status_code, response.headers, body)
        return self._endpoint.noted(answer), target


class RequestsTransport:
    """Posts messages from worker threads, each with its own connection.

    Args:
        endpoint: the URL and the credential.
        clock: measures how long calls take.
        workers: number of threads and connections.
        queues: whether it takes more messages than it has workers, so that none is idle while the
            delivery loop commits. Not where it matters when a message is really sent.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        clock: Clock,
        workers: int = DEFAULT_WORKERS,
        *,
        queues: bool = True,
    ) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._workers = workers
        self._slots = workers * 2 if queues else workers
        self._threads: list[threading.Thread] = []
        self._in_flight = 0
        self._waiting: queue.SimpleQueue[StoredMessage | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[Completed | BaseException] = queue.SimpleQueue()

    @property
    def slots(self) -> int:
        """How many messages may be in flight at once."""
        return self._slots

    def submit(self, message: StoredMessage) -> None:
        """Pass a message to a worker."""
        # Start another thread only when all are busy: a small export needs few connections.
        if self._in_flight >= len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name="sender-worker", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._in_flight += 1
        self._waiting.put(message)

    def completed(self, timeout_seconds: float) -> list[Completed]:
        """Return the attempts that ended; waits at most that long, and may return none.

        Raises:
            BaseException: a worker failed unexpectedly, which is a bug.
        """
        ended = self._drained(min(timeout_seconds, LONGEST_WAIT_SECONDS))
        self._in_flight -= len(ended)
        return ended

    def close(self) -> None:
        """Stop the workers after the messages already submitted."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _drained(self, timeout_seconds: float) -> list[Completed]:
        ended: list[Completed] = []
        try:
            item = self._ended.get(timeout=max(0.0, timeout_seconds))
            while True:
                if isinstance(item, BaseException):
                    raise item
                ended.append(item)
                item = self._ended.get_nowait()
        except queue.Empty:
            return ended

    def _work(self) -> None:
        try:
            poster = Poster(self._endpoint, self._clock)
            while (message := self._waiting.get()) is not None:
                began = self._clock.monotonic()
                outcome = poster.post(message.body, message.trace_id)
                seconds = self._clock.monotonic() - began
                self._ended.put(Completed(message, outcome, seconds))
            poster.close()
        except BaseException as error:  # noqa: BLE001  raised again in the exporter's thread
            self._ended.put(error)


def outcome_of(error: Exception) -> Outcome:
    """Return the outcome of a call that raised: lost, certainly not executed, or impossible.

    Args:
        error: the exception of requests or urllib3.
    """
    causes = list(_causes(error))
    not_connected = _not_connected(causes)
    if not_connected is not None:
        return not_connected
    if isinstance(error, requests.Timeout):
        return Lost("no answer in time")
    if isinstance(error, requests.exceptions.SSLError) and not _closed_by_peer(causes):
        return tls_failed(_short(causes), str(causes[-1]))
    if isinstance(error, _BROKE):
        return Lost(f"the connection broke: {_short(causes)}")
    return Impossible(f"no call can be made: {_short(causes)}")


def _not_connected(causes: list[BaseException]) -> NotConnected | Impossible | None:
    tunnel = next(filter(None, (_NO_TUNNEL.search(str(cause)) for cause in causes)), None)
    if tunnel is not None:
        return without_tunnel(int(tunnel[1]))
    if any(isinstance(cause, _NO_CONNECTION) for cause in causes):
        return NotConnected(f"no connection: {_short(causes)}")
    return None


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and all its causes, outermost first.

    requests and urllib3 keep the original error in different places: as ``reason``, as the cause or
    context, or as an argument.
    """
    causes: list[BaseException] = []
    to_visit: list[object] = [error]
    while to_visit:
        cause = to_visit.pop()
        if isinstance(cause, BaseException) and cause not in causes:
            causes.append(cause)
            to_visit += [getattr(cause, "reason", None), cause.__cause__, cause.__context__]
            to_visit += list(cause.args)
    return causes


def _closed_by_peer(causes: list[BaseException]) -> bool:
    return any(word in str(cause) for cause in causes for word in _CLOSED_BY_PEER)


def _short(causes: list[BaseException]) -> str:
    if isinstance(causes[0], InvalidProxyURL):
        return "a proxy's address cannot be used"
    innermost = next((c for c in reversed(causes) if isinstance(c, OSError)), causes[-1])
    text = getattr(innermost, "strerror", None) or type(innermost).__name__
    return redact(str(text))[:120]


def read_bounded(response: requests.Response) -> bytes:
    """Read an answer's body up to the limit; a broken body is ignored, as the status is known."""
    try:
        body: bytes = response.raw.read(ANSWER_LIMIT_BYTES, decode_content=True) or b""
        is_whole = response.raw.closed or not response.raw.read(1)
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        body, is_whole = b"", False
    if is_whole:
        response.raw.release_conn()
    else:
        response.close()  # unread bytes would be taken for the next answer on this connection
    return body
