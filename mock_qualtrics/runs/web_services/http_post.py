"""Posts an event to a URL that `web_service` has checked.

A module of its own because its imports are slow to load, and most servers never need them.
"""

import http.client
import io
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mock_qualtrics.clock import Countdown
from mock_qualtrics.errors import CallFailedError
from mock_qualtrics.runs.web_services.web_service import CallLimits, Place


def _left_seconds(countdown: Countdown) -> float:
    if (left := countdown.left_seconds()) > 0:
        return left
    raise TimeoutError("timed out")


class _Answer(http.client.HTTPResponse):
    """An answer that must be complete in time, even when it arrives byte by byte."""

    # A socket's timeout is for each read; without this an answer that dribbles would never end.

    def __init__(self, countdown: Countdown, sock: socket.socket, **options: Any) -> None:  # noqa: ANN401
        super().__init__(sock, **options)
        self.fp = io.BufferedReader(_InTime(countdown, sock, self.fp))


class _InTime(io.RawIOBase):
    """Reads from a socket until the countdown ends."""

    def __init__(self, countdown: Countdown, sock: socket.socket, raw: io.BufferedReader) -> None:
        self._countdown, self._sock, self._raw = countdown, sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  any that can be written to
        self._sock.settimeout(_left_seconds(self._countdown))
        return self._raw.readinto1(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Connection(http.client.HTTPConnection):
    """A connection whose answer must be complete so many seconds after connecting began.

    Args:
        places: where to connect to. The host's name stays in the header ``Host`` and in TLS.
        seconds: the time for all of it.
    """

    def __init__(
        self,
        places: Sequence[Place],
        seconds: float,
        host: str,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(host, **options)
        self._places = places
        self._seconds = seconds

    def connect(self) -> None:
        countdown = Countdown(self._seconds)
        self.response_class = partial(_Answer, countdown)  # type: ignore[assignment]
        # The base class would look the name up again.
        self._create_connection = partial(_connected, self._places, countdown)
        super().connect()
        self.sock.settimeout(_left_seconds(countdown))


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same over TLS."""


def _connected(places: Sequence[Place], countdown: Countdown, *_: object) -> socket.socket:
    """Return a connection to the first place that takes one."""
    failure = OSError("its host has no address")
    for place in places:
        try:
            return socket.create_connection(place, _left_seconds(countdown))
        except OSError as error:
            failure = error
    raise failure


class _Request(urllib.request.Request):
    """A request that knows where to connect to, and how long that may take."""

    places: Sequence[Place] = ()
    seconds: float = 0.0


class _Http(urllib.request.HTTPHandler):
    def http_open(self, request: Any) -> http.client.HTTPResponse:  # noqa: ANN401  a `_Request`
        return self.do_open(partial(_Connection, request.places, request.seconds), request)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, request: Any) -> http.client.HTTPResponse:  # noqa: ANN401  a `_Request`
        return self.do_open(partial(_SecureConnection, request.places, request.seconds), request)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Treats a redirect as a failure: following it would call a URL that was not checked."""

    def http_error_302(self, *_answer: Any, **_more: Any) -> None:  # noqa: ANN401  its base's
        """Leave the address unread, so that one that cannot be read is a status like any other."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


_opener = urllib.request.build_opener(_Http, _Https, _NoRedirect, urllib.request.ProxyHandler({}))


def post(
    url: str,
    event: bytes,
    headers: Mapping[str, str],
    places: Sequence[Place],
    limits: CallLimits,
) -> None:
    """Post the event and expect success, complete in time and not too large (Q-WF-8).

    Args:
        url: the checked URL.
        event: the body.
        headers: the request's headers.
        places: where the URL's host was found when it was checked; tried in this order.
        limits: for time and size.

    Raises:
        CallFailedError: no answer came in time, its status is not a success, or it is too large.
    """
    request = _Request(url, event, dict(headers), method="POST")
    request.places, request.seconds = places, limits.seconds
    try:
        with _opener.open(request, timeout=limits.seconds) as answer:
            too_large = len(answer.read(limits.answer_bytes + 1)) > limits.answer_bytes
    except urllib.error.HTTPError as error:
        error.close()
        raise CallFailedError(f"the web service answered {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            reason = f"timed out after {limits.seconds:g} s (Q-WF-8)"
        raise CallFailedError(f"the web service could not be called: {reason}") from None
    if too_large:
        raise CallFailedError(
            f"the web service answered more than {limits.answer_bytes:,} bytes (Q-WF-8)"
        )
