"""Issue a certificate for ``serve --tls``.

The certificate's key is on disk only while the call runs, in a temporary file. The authority's
public certificate is written, so that ``REQUESTS_CA_BUNDLE`` can point at it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

from mock_qualtrics.errors import InvalidSettingsError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Tls:
    """A server's certificate.

    Attributes:
        context: has the certificate and its key.
        ca_file: the authority's certificate, PEM, which callers must trust.
    """

    context: ssl.SSLContext
    ca_file: Path


def certify(ca_file: Path, hosts: tuple[str, ...] = ()) -> Tls:
    """Issue a certificate for loopback and more hosts, by a new authority.

    Args:
        ca_file: where to write the authority's certificate; an existing file is replaced.
        hosts: further names and addresses of this server.

    Raises:
        InvalidSettingsError: a host is neither a name nor an address.
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
