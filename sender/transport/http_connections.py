"""Connections for requests that skip interim answers and limit the time of the whole answer.

``http.client`` takes an interim answer such as 103 (RFC 8297) for the final one, and the final one
then for the answer to the next call. Its timeout applies to each read, so an answer that arrives
byte by byte would never time out.
"""

import http.client
import io
import socket
from functools import partial
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager

from contracts.http_session import HttpSession
from sender.clock import Clock, RealClock

SWITCHING_PROTOCOLS = 101
OK = 200


class _InTime(io.RawIOBase):
    """A socket's bytes, with one deadline for the whole answer.

    Args:
        clock: measures how long the answer takes.
        connection: whose timeout, as it is now, is how long the answer may take.
        content: what comes over it.
    """

    def __init__(self, clock: Clock, connection: socket.socket, content: io.RawIOBase) -> None:
        self._clock = clock
        self._connection = connection
        self._content = content
        self._allowed_seconds = connection.gettimeout()
        self._began = clock.monotonic()
        self._has_read = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  a buffer, as io means it
        """Read the available bytes, or wait for some until the deadline.

        Raises:
            TimeoutError: the answer takes too long.
        """
        if self._has_read and self._allowed_seconds is not None:  # nearly all come in one read
            left = self._allowed_seconds - (self._clock.monotonic() - self._began)
            if left <= 0:
                raise TimeoutError("timed out")
            self._connection.settimeout(left)
        self._has_read = True
        return self._content.readinto(buffer)

    def close(self) -> None:
        """Stop reading, and restore the connection's timeout for the next call."""
        if not self.closed and self._connection.fileno() >= 0:
            self._connection.settimeout(self._allowed_seconds)
        self._content.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """The final answer (interim ones are skipped, RFC 9110, 15.2), complete before the deadline."""

    def __init__(self, clock: Clock, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  its base's
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_InTime(clock, sock, self.fp.detach()))

    def _read_status(self) -> tuple[str, int, str]:
        found = super()._read_status()  # type: ignore[misc]  # http.client hides it
        while SWITCHING_PROTOCOLS < found[1] < OK:
            http.client.parse_headers(self.fp)
            found = super()._read_status()  # type: ignore[misc]  # the same
        return cast("tuple[str, int, str]", found)


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:  # noqa: ANN401  its base's
        super().__init__(*args, **kwargs)
        self.response_class = partial(_Answer, clock)  # type: ignore[assignment]


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class Adapter(HTTPAdapter):
    """The adapter of requests with these connections; a SOCKS proxy keeps urllib3's.

    Args:
        clock: measures how long answers take.
        settings: those of the adapter of requests.
    """

    def __init__(self, clock: Clock, **settings: Any) -> None:  # noqa: ANN401  its base's
        self._clock = clock  # first: the base's constructor makes the pools
        super().__init__(**settings)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  its base's
        """Create the pools for direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self._equip(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:  # noqa: ANN401  its base's
        """Return the pools for connections through a proxy.

        Raises:
            InvalidProxyURL: the proxy's address is invalid; the error does not show it, because it
                may contain a password.
        """
        try:
            manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        except ValueError:
            raise InvalidProxyURL("a proxy's address cannot be used") from None
        if type(manager) is ProxyManager:
            self._equip(manager)
        return manager

    def _equip(self, manager: PoolManager) -> None:
        # A pool hands settings that it does not know to its connections: so the clock gets there.
        manager.pool_classes_by_scheme = {
            "http": partial(_Pool, clock=self._clock),  # type: ignore[dict-item]
            "https": partial(_TlsPool, clock=self._clock),  # type: ignore[dict-item]
        }


def session(clock: Clock | None = None) -> requests.Session:
    """Return a session that keeps one such connection to the host it called last.

    Args:
        clock: measures how long answers take; by default the machine's.
    """
    clock = clock or RealClock()
    made = HttpSession()
    for scheme in ("http://", "https://"):
        made.mount(scheme, Adapter(clock, pool_connections=1, pool_maxsize=1))
    return made
