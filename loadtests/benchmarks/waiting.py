"""Measures whether the mock answers others while calls wait and bodies stay half sent."""

import contextlib
import resource
import signal
import socket
import time
import urllib.parse
from collections.abc import Iterator

import click
import requests
from rich.console import Console

from loadtests.benchmarks.measure import Figure, table
from loadtests.benchmarks.subject import Subject, mock

PATHS = {"health": "/__control/v1/health", "page": "/runs"}
HALF_BODY = b'{"name": '
FURTHER_FILES = 100  # beside the open connections


@click.command("waiting")
@click.option("--waits", default=1_000, show_default=True, help="Calls of wait that stay open.")
@click.option("--half-sent", default=1_000, show_default=True, help="Bodies that stay half sent.")
@click.option("--rounds", default=50, show_default=True, help="Calls of each path.")
def main(waits: int, half_sent: int, rounds: int) -> None:
    """Health and page beside calls that wait and bodies that stay half sent; then a stop.

    Example: python -m loadtests.benchmarks waiting --waits 1000 --half-sent 1000
    """
    with mock() as subject:
        alone = measured(subject, "alone", rounds)
        with held_open(subject, waits, half_sent):
            beside = measured(subject, "beside them", rounds)
            stopped = milliseconds_to_stop(subject)
    title = f"Beside {waits:,} waiting calls and {half_sent:,} half-sent bodies"
    Console().print(table(title, [*alone, *beside]))
    Console().print(f"From SIGTERM to the end of the process, beside them: {stopped:,.0f} ms")


def measured(subject: Subject, where: str, rounds: int) -> list[Figure]:
    """Measure each path that many times, one call after the other, each on a new connection."""
    return [
        Figure(f"{name}, {where}", "ms", tuple(_milliseconds(subject, path) for _ in range(rounds)))
        for name, path in PATHS.items()
    ]


@contextlib.contextmanager
def held_open(subject: Subject, waits: int, half_sent: int) -> Iterator[None]:
    """Keep that many calls of both kinds open."""
    _allow_files(waits + half_sent + FURTHER_FILES)
    wait = f"/__control/v1/tenants/{subject.process.tenant_id}/wait"
    waiting = _head(f"GET {wait}?succeeded=1000000&timeoutSeconds=300", "localhost")
    half = _head("POST /__control/v1/tenants", "localhost", length=len(HALF_BODY) + 1) + HALF_BODY
    address = urllib.parse.urlsplit(subject.process.url)
    with contextlib.ExitStack() as connections:
        for sent, count in ((waiting, waits), (half, half_sent)):
            for _ in range(count):
                place = (address.hostname or "", address.port or 0)
                connection = connections.enter_context(socket.create_connection(place, 60))
                connection.sendall(sent)
        yield


def milliseconds_to_stop(subject: Subject) -> float:
    """Stop the mock as a service manager does; return the time until it has ended."""
    process = subject.process.process
    started = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    process.wait(600)
    return (time.perf_counter() - started) * 1_000


def _milliseconds(subject: Subject, path: str) -> float:
    with requests.Session() as session:
        session.trust_env = False
        started = time.perf_counter()
        session.get(subject.process.url + path, timeout=60).raise_for_status()
        return (time.perf_counter() - started) * 1_000


def _head(request: str, host: str, *, length: int = 0) -> bytes:
    lines = [f"{request} HTTP/1.1", f"Host: {host}", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()


def _allow_files(count: int) -> None:
    """Raise this process's limit of open files, which the mock inherits, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        most = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
