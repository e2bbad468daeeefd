"""Starts a server as a process, waits until it is ready, and ends that process only."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True, slots=True)
class Server:
    """A running contestant.

    Attributes:
        process: the process; the memory of its children is counted as its own.
        started: when it was started, in seconds of ``time.perf_counter``.
    """

    process: subprocess.Popen[bytes]
    started: float

    def memory_megabytes(self) -> float:
        """Return the resident memory of the process and its children."""
        return sum(_resident_kilobytes(pid) for pid in _family(self.process.pid)) / 1024


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor_seconds(pid: int) -> float:
    """Return the processor time of another process so far, all its threads together."""
    return time.clock_gettime(~pid << 3 | 2)  # its clock, as clock_getcpuclockid(3) names it


@contextmanager
def running(
    command: Sequence[str],
    ready: Callable[[], bool],
    *,
    environment: Mapping[str, str] | None = None,
    patience_seconds: float = 60,
) -> Iterator[Server]:
    """Start a server, wait until ``ready`` returns true, and end it on exit."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            while not ready():
                if process.poll() is not None or time.perf_counter() - started > patience_seconds:
                    output.seek(0)
                    raise click.ClickException(f"{command[0]}: {output.read().decode()[-500:]}")
                time.sleep(0.002)
            yield Server(process, started)
        finally:
            _end(process)


def listens(port: int) -> Callable[[], bool]:
    """Return a function that tests whether a server accepts connections on a loopback port."""

    def ready() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ready


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and its children, because a launcher does not always forward the signal."""
    for pid in reversed(_family(process.pid)) if process.poll() is None else ():
        os.kill(pid, signal.SIGTERM)
    process.wait(30)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
