"""Issue a certificate for ``serve --tls``.

The certificate's key is on disk only while the call runs, in a temporary file. The authority's
public certificate is for a file, so that ``REQUESTS_CA_BUNDLE`` can point at it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

from mock_qualtrics.errors import InvalidSettingsError

_ORGANIZATION = "mock-qualtrics"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Tls:
    """A server's certificate.

    Attributes:
        context: has the certificate and its key.
        authority: the authority's certificate, PEM, which callers must trust.
    """

    context: ssl.SSLContext
    authority: bytes


def certify(ca_file: Path, hosts: tuple[str, ...] = ()) -> Tls:
    """Issue a certificate as `issue` does, and write its authority's.

    Args:
        ca_file: where to write the authority's certificate; an existing file is replaced.
        hosts: further names and addresses of this server.

    Raises:
        InvalidSettingsError: a host is neither a name nor an address.
        OSError: the file cannot be written.
    """
    tls = issue(hosts)
    ca_file.write_bytes(tls.authority)
    return tls


def issue(hosts: tuple[str, ...] = ()) -> Tls:
    """Issue a certificate for loopback and more hosts, by a new authority.

    Args:
        hosts: further names and addresses of this server.

    Raises:
        InvalidSettingsError: a host is neither a name nor an address.
    """
    import trustme  # noqa: PLC0415  serving plain HTTP must not pay for cryptography

    authority = trustme.CA(organization_name=_ORGANIZATION)
    try:
        leaf = authority.issue_cert(*dict.fromkeys((*_LOOPBACK, *hosts)))
    except ValueError as error:
        raise InvalidSettingsError([f"a host that no certificate can name: {error}"]) from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    leaf.configure_cert(context)
    return Tls(context, authority.cert_pem.bytes())


def is_own_authority(content: bytes) -> bool:
    """Return whether a file's content is one certificate, of an authority made here."""
    try:
        certificate = ssl.PEM_cert_to_DER_cert(content.decode("ascii"))
    except ValueError:
        return False
    return _ORGANIZATION.encode() in certificate and content.count(b"BEGIN") == 1
