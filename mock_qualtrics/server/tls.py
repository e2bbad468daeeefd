"""A certificate made on the spot, for ``serve --tls``.

The certificate's key never touches a disk that outlives the call; only the authority's public
certificate is written, where ``REQUESTS_CA_BUNDLE`` can point at it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

from mock_qualtrics.errors import InvalidSettingsError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server shows its callers.

    Attributes:
        context: holds the certificate and its key.
        ca_file: the authority's certificate, PEM; what callers must trust.
    """

    context: ssl.SSLContext
    ca_file: Path


def certify(ca_file: Path, hosts: tuple[str, ...] = ()) -> Tls:
    """Make an authority and a certificate for loopback and these hosts; write the authority's.

    Args:
        ca_file: where the authority's certificate is written; what is there is replaced.
        hosts: further names and addresses that callers use.

    Raises:
        InvalidSettingsError: one of the hosts is no name and no address.
        OSError: the file cannot be written.
    """
    import trustme  # noqa: PLC0415  serving plain HTTP must not pay for cryptography

    authority = trustme.CA(organization_name="mock-qualtrics")
    try:
        leaf = authority.issue_cert(*dict.fromkeys((*_LOOPBACK, *hosts)))
    except ValueError as error:
        raise InvalidSettingsError([f"a host that no certificate can name: {error}"]) from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    leaf.configure_cert(context)
    authority.cert_pem.write_to_path(ca_file)
    return Tls(context, ca_file)
