"""Makes a transport from its name on the command line."""

from sender.clock import Clock
from sender.errors import ConfigurationError
from sender.transport.base import Endpoint, Transport
from sender.transport.requests_transport import DEFAULT_WORKERS, RequestsTransport

TRANSPORTS = ("requests", "fast")


def transport_named(
    name: str, endpoint: Endpoint, clock: Clock, workers: int | None = None
) -> Transport:
    """Make a transport.

    Args:
        name: ``requests`` or ``fast``.
        endpoint: the URL and the credential.
        clock: measures how long calls take.
        workers: number of connections; None: the transport's default.

    Raises:
        ConfigurationError: the name is unknown, or ``workers`` is less than 1.
        MissingExtraError: the transport needs an extra that is not installed.
    """
    if workers is not None and workers < 1:
        raise ConfigurationError(f"workers: found {workers}, expected at least 1")
    if name == "requests":
        return RequestsTransport(endpoint, clock, workers or DEFAULT_WORKERS)
    if name == "fast":
        # Imported here because pycurl is an extra, which importing the sender must not need.
        from sender.transport.curl_transport import CurlTransport, fast_workers  # noqa: PLC0415  an extra

        return CurlTransport(endpoint, clock, workers or fast_workers())
    raise ConfigurationError(
        f"transport {name!r} is unknown; expected one of {', '.join(TRANSPORTS)}"
    )
