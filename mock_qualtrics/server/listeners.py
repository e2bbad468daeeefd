"""The listening sockets of a server, and the URL at which it is called."""

import ipaddress
import socket
from typing import Final

ACCEPTED_AT_ONCE: Final = 16
"""How many new connections one turn of the event loop accepts."""


class Listeners:
    """An address that is listened on, until `close`.

    uvloop accepts one connection a turn for each socket that it listens on. Under load a turn takes
    long, and a thousand callers that connect would keep the next one waiting for a thousand turns.
    So the loop gets the one socket several times.

    Args:
        host: the address to bind.
        port: the port to bind; 0 for any free one.

    Attributes:
        sockets: what to listen on, all at the same address.

    Raises:
        OSError: the address cannot be bound.
    """

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        first = socket.create_server((host, port), family=family, backlog=2048)
        self.sockets = [first, *(first.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]

    @property
    def port(self) -> int:
        """The port that is bound."""
        port: int = self.sockets[0].getsockname()[1]
        return port

    def url(self, host: str, *, tls: bool) -> str:
        """Return an address that can be called on this machine, which 0.0.0.0 and :: cannot."""
        bound = self.sockets[0].getsockname()[0]
        if ipaddress.ip_address(bound).is_unspecified:
            host = "::1" if ":" in bound else "127.0.0.1"
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if tls else 'http'}://{shown}:{self.port}"

    def close(self) -> None:
        """Listen no more; a second call does nothing."""
        for listener in self.sockets:
            listener.close()
