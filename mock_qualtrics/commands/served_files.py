"""The files that a server writes once it accepts calls: a failed start touches none of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_qualtrics.commands.owned_file import OwnedFile
from mock_qualtrics.commands.ready_file import as_content, is_ready_document

if TYPE_CHECKING:
    from mock_qualtrics.server.tls import Tls

_FOR_EVERYBODY = 0o644  # a certificate is no secret, and callers may be other users


class ServedFiles:
    """The ready file, and the certificate authority's if there is one.

    Args:
        ready_file: where the ready file is to be; None for nowhere.

    Attributes:
        is_left_over: whether there is a ready file that an earlier server left behind.
        tls: the server's certificate; None for plain HTTP.
        ca_path: where the authority's certificate is to be, absolute; None for plain HTTP.

    Raises:
        FileTakenError: the file is another running server's, or no server has written it.
        OSError: it cannot be read.
    """

    def __init__(self, ready_file: Path | None) -> None:
        self._ready = OwnedFile(ready_file, is_ready_document) if ready_file else None
        self._authority: OwnedFile | None = None
        self.is_left_over = self._ready is not None and self._ready.is_left_over
        self.tls: Tls | None = None
        self.ca_path: str | None = None

    def certify(self, ca_file: Path, hosts: tuple[str, ...]) -> None:
        """Issue the server's certificate; `write` writes its authority's.

        Raises:
            FileTakenError: the file is another running server's, or no server has written it.
            InvalidSettingsError: a host is neither a name nor an address.
            OSError: the file cannot be read.
        """
        from mock_qualtrics.server import tls  # noqa: PLC0415  plain HTTP must not pay for it

        self._authority = OwnedFile(ca_file, tls.is_own_authority, _FOR_EVERYBODY)
        self.tls = tls.issue(hosts)
        self.ca_path = str(ca_file.absolute())

    def write(self, document: Mapping[str, Any]) -> None:
        """Write the files, the ready file last.

        Raises:
            FileTakenError: another server has written one of them since.
            OSError: a file cannot be written.
        """
        if self._authority and self.tls:
            self._authority.write(self.tls.authority)
        if self._ready:
            self._ready.write(as_content(document))

    def end(self) -> None:
        """Delete the ready file if it was written here; the authority's certificate stays."""
        if self._ready:
            self._ready.delete()
        if self._authority:
            self._authority.release()
