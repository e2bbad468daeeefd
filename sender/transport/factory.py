"""Makes a transport from its name on the command line."""

from sender.arguments import check_workers
from sender.clock import Clock
from sender.errors import ConfigurationError
from sender.transport.base import Endpoint, Transport
from sender.transport.requests_transport import DEFAULT_WORKERS, RequestsTransport

TRANSPORTS = ("requests", "fast")
MOST_CONNECTIONS = 512  # libcurl's select takes no descriptor above 1,023
OTHER_DESCRIPTORS = 64


def most_connections() -> int:
    """Return how many connections an offered rate may open: what the process may have open."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:  # pragma: no cover
        return MOST_CONNECTIONS
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, allowed - OTHER_DESCRIPTORS))


def transport_named(
    name: str, endpoint: Endpoint, clock: Clock, workers: int | None = None, *, grows: bool = False
) -> Transport:
    """Make a transport.

    Args:
        name: ``requests`` or ``fast``.
        endpoint: the URL and the credential.
        clock: measures how long calls take.
        workers: number of connections; None: the transport's default.
        grows: whether connections are opened as long as none is free, up to
            :func:`most_connections`, if ``workers`` is None.

    Raises:
        ConfigurationError: the name is unknown, or ``workers`` is not 1 to 1,000.
        MissingExtraError: the transport needs an extra that is not installed.
    """
    check_workers(workers)
    if grows and workers is None:
        workers = most_connections()
    if name == "requests":
        return RequestsTransport(endpoint, clock, workers or DEFAULT_WORKERS, queues=not grows)
    if name == "fast":
        # Imported here because pycurl is an extra, which importing the sender must not need.
        from sender.transport.curl_transport import CurlTransport, fast_workers  # noqa: PLC0415  an extra

        return CurlTransport(endpoint, clock, workers or fast_workers())
    raise ConfigurationError(
        f"transport {name!r} is unknown; expected one of {', '.join(TRANSPORTS)}"
    )
