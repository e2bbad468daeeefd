"""The connector's process: started with its environment, bounded, and ended with its children."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from contracts.clock import Clock
from contracts.conformance.recording import Ending
from contracts.errors import CommandError

POLL_SECONDS: Final = 0.01
PATIENCE_SECONDS: Final = 2.0
KEPT_BYTES: Final = 65_536


def run_connector(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    timeout_seconds: float,
    *,
    clock: Clock,
    meanwhile: Callable[[], None],
) -> Ending:
    """Run the command to its end, or stop it when its time is up.

    Args:
        command: the program and its arguments.
        environment: the whole environment.
        folder: where its output is kept.
        timeout_seconds: how long it may take.
        clock: by which its time is taken.
        meanwhile: what is done again and again while it runs.

    Raises:
        CommandError: it cannot be started.
    """
    started = clock.monotonic()
    output = folder / "output.log"
    with output.open("wb") as stream:
        process = _start(command, environment, stream.fileno())
    try:
        while process.poll() is None and clock.monotonic() - started < timeout_seconds:
            meanwhile()
            clock.sleep(POLL_SECONDS)
        code = process.poll()
    finally:
        _end(process)
    return Ending(code, _tail(output), clock.monotonic() - started)


def _start(
    command: Sequence[str], environment: Mapping[str, str], output: int
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandError(command[0], error.strerror or str(error)) from None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and the children that it left behind."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal_group(process.pid, number)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _tail(file: Path) -> str:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - KEPT_BYTES))
        return stream.read().decode("utf-8", "replace")
