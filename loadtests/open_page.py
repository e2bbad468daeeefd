"""A page that is open, as ``static/live.js`` keeps it up to date: what it asks of the server.

It hears the event stream and fetches itself again after a change, as soon as the script's own pace
allows.
"""

import re
import socket
import threading
from contextlib import suppress
from html import unescape
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

import click

import mock_qualtrics

TIMEOUT_SECONDS: Final = 30
_SCRIPT: Final = Path(mock_qualtrics.__file__).parent / "web" / "pages" / "static" / "live.js"
_EVENTS: Final = re.compile(rb'data-events="([^"]*)"')
_TOOK: Final = re.compile(r"page;dur=([0-9.]+)")


class Answer(NamedTuple):
    """A page as it was answered.

    Attributes:
        body: its HTML.
        took: for how many seconds the server was busy with it, as it says itself.
    """

    body: bytes
    took: float


class OpenPage:
    """A page that is open; a context manager that closes it.

    Attributes:
        fetches: how often it was fetched again.
    """

    def __init__(self, url: str, path: str) -> None:
        self.fetches = 0
        self._path = path
        self._shortest_pause = script_constant("SHORTEST_PAUSE") / 1_000
        self._times_the_server = script_constant("TIMES_THE_SERVER")
        self._changed, self._closed = threading.Event(), threading.Event()
        address = urlsplit(url).netloc
        self._pages = HTTPConnection(address, timeout=TIMEOUT_SECONDS)
        self._stream = HTTPConnection(address, timeout=TIMEOUT_SECONDS)
        self._threads = [threading.Thread(target=work) for work in (self._hear, self._follow)]

    def __enter__(self) -> Self:
        found = _EVENTS.search(get(self._pages, self._path).body)
        if found is None:
            raise click.ClickException(f"{self._path} does not keep itself up to date")
        self._stream.request("GET", unescape(found[1].decode()))
        self._socket = self._stream.sock
        self._heard = self._stream.getresponse()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._changed.set()
        with suppress(OSError):  # the server may have ended it before
            self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._stream.close()
        self._pages.close()

    def _hear(self) -> None:
        with suppress(OSError):  # once it is closed
            for line in iter(self._heard.readline, b""):
                if line.startswith(b"event: change"):
                    self._changed.set()

    def _follow(self) -> None:
        while self._changed.wait() and not self._closed.is_set():
            self._changed.clear()
            took = get(self._pages, self._path).took
            self.fetches += 1
            self._closed.wait(max(self._shortest_pause, took * self._times_the_server))


def get(connection: HTTPConnection, path: str) -> Answer:
    """Return a page; the connection stays open."""
    connection.request("GET", path, headers={"Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != HTTPStatus.OK:
        raise click.ClickException(f"{path}: {answer.status}")
    took = _TOOK.search(answer.headers.get("Server-Timing", ""))
    return Answer(body, float(took[1]) / 1_000 if took else 0.0)


def script_constant(name: str) -> float:
    """Return a number that the script paces itself by."""
    found = re.search(rf"^const {name} = ([0-9]+);", _SCRIPT.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise click.ClickException(f"{_SCRIPT.name} has no constant {name}")
    return float(found[1])
