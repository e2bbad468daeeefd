"""The clock that is handed to a session measures how long an answer may take."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from sender.clock import VirtualClock
from sender.transport.http_connections import session

PATIENCE_SECONDS = 60  # only a test that fails waits so long
ALLOWED_SECONDS = 100 * PATIENCE_SECONDS  # far longer than the test itself may take
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


@contextmanager
def answering(head_read: threading.Event) -> Iterator[str]:
    """Answer one call with a head, then with the body once the head was read."""

    def answer(listener: socket.socket) -> None:
        with listener.accept()[0] as connection:
            request = b""
            while not request.endswith(b"{}"):  # what is not read would reset the connection
                request += connection.recv(65_536)
            connection.sendall(HEAD)
            head_read.wait(PATIENCE_SECONDS)
            connection.sendall(b"{}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join(PATIENCE_SECONDS)


@pytest.mark.parametrize(("passing_seconds", "is_late"), [(1, False), (ALLOWED_SECONDS, True)])
def test_an_answer_is_late_by_the_clock_that_was_handed_in(passing_seconds, is_late):
    clock, head_read = VirtualClock(), threading.Event()
    with answering(head_read) as url, session(clock) as calls:
        response = calls.post(url, b"{}", stream=True, timeout=ALLOWED_SECONDS)
        clock.sleep(passing_seconds)
        head_read.set()
        if is_late:
            with pytest.raises(requests.ConnectionError, match="timed out"):
                _ = response.content
        else:
            assert response.content == b"{}"
        response.close()
