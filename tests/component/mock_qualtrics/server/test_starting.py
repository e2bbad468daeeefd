"""A server in a thread that cannot start."""

import ssl
import threading

import pytest

from mock_qualtrics.server import serve_in_thread
from mock_qualtrics.server.tls import Tls


class NoCertificate(Tls):
    """A certificate that cannot be read when the server needs it."""

    @property
    def context(self) -> ssl.SSLContext:
        """Refuse."""
        raise PermissionError("the key cannot be read")


def test_what_keeps_a_server_from_starting_is_raised_where_it_was_to_be_started():
    threads = threading.active_count()
    with pytest.raises(PermissionError, match="the key cannot be read"):
        serve_in_thread(tls=NoCertificate.__new__(NoCertificate))
    assert threading.active_count() == threads
