"""Runs the connector's command to its end, or stops it, with everything that it has started."""

import errno
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from contracts.clock import Clock
from contracts.conformance.process.leftovers import GRACE_SECONDS, end_leftovers, signal_group
from contracts.conformance.process.output_tail import OutputTail
from contracts.conformance.recording import Ending, Stopped
from contracts.errors import CommandError

POLL_SECONDS: Final = 0.01
PATIENCE_SECONDS: Final = 2.0
"""How long it may take to end after SIGTERM."""
MARK: Final = "WORK_FOLDER"
"""The variable whose value no other connector's processes have."""


def check_command(command: Sequence[str]) -> None:
    """Look whether a command can be started.

    Raises:
        CommandError: there is no such program, or it may not be run.
    """
    if shutil.which(command[0]) is None:
        raise CommandError(command[0], _why_not(command[0]))


def _why_not(program: str) -> str:
    expected = "expected a program in PATH, or the path of one"
    if "\0" in program or not Path(program).is_file():
        return expected
    if "/" in program:
        return "is not executable (chmod +x)"
    return f"{expected}, such as ./{program}"


def run_connector(
    command: Sequence[str],
    environment: Mapping[str, str],
    timeout_seconds: float,
    *,
    clock: Clock,
    meanwhile: Callable[[], Stopped | None],
) -> Ending:
    """Run the command to its end, or stop it when its time is up.

    It gets a process group of its own and no standard input. What it leaves behind is ended.

    Args:
        command: the program and its arguments.
        environment: the whole environment, with WORK_FOLDER.
        timeout_seconds: how long it may take.
        clock: by which its time is taken.
        meanwhile: called again and again while it runs; says why it is stopped, if it is.

    Raises:
        CommandError: it cannot be started.
    """
    output = OutputTail()
    try:
        process = _start(command, environment, output.write_end)
        output.close_write_end()
        watched = _Watched(process, f"{MARK}={environment[MARK]}", output, clock)
        return watched.to_the_end(timeout_seconds, meanwhile)
    finally:
        output.close()


class _Watched:
    """A process that runs, and what it writes."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", mark: str, output: OutputTail, clock: Clock
    ) -> None:
        self._process = process
        self._mark = mark
        self._output = output
        self._clock = clock
        self._started = clock.monotonic()

    def to_the_end(self, timeout_seconds: float, meanwhile: Callable[[], Stopped | None]) -> Ending:
        stopped: Stopped | None = Stopped.BY_THE_HARNESS  # as it stays when something is raised
        try:
            stopped = self._await_end(timeout_seconds, meanwhile)
            seconds, code = self._seconds(), self._process.poll()
        finally:
            left_behind = self._end(is_stopped=stopped is not None)
        return Ending(code, self._output.text(), seconds, stopped, left_behind)

    def _await_end(
        self, timeout_seconds: float, meanwhile: Callable[[], Stopped | None]
    ) -> Stopped | None:
        while self._process.poll() is None:
            if (stopped := meanwhile()) is not None:
                return stopped
            if self._seconds() >= timeout_seconds:
                return Stopped.TIME_IS_UP
            self._output.pump(POLL_SECONDS, self._clock)
        return None

    def _end(self, *, is_stopped: bool) -> int:
        """End the process and all that it has started; return how many it has left behind."""
        if is_stopped:
            self._terminate()
        left_behind = end_leftovers(
            self._process.pid,
            self._mark,
            self._clock,
            grace_seconds=0.0 if is_stopped else GRACE_SECONDS,
        )
        signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._output.drain()
        return 0 if is_stopped else left_behind

    def _terminate(self) -> None:
        """Ask the whole group to end, and give it the time for that."""
        asked = self._clock.monotonic()
        signal_group(self._process.pid, signal.SIGTERM)
        while self._process.poll() is None and self._clock.monotonic() - asked < PATIENCE_SECONDS:
            self._output.pump(POLL_SECONDS, self._clock)

    def _seconds(self) -> float:
        return self._clock.monotonic() - self._started


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
        raise CommandError(command[0], _why(error, command[0])) from None


def _why(error: OSError, program: str) -> str:
    if shutil.which(program) is None:
        return _why_not(program)
    reason = error.strerror or str(error)
    if error.errno == errno.ENOEXEC:  # a script, of which the kernel knows no interpreter
        return f"{reason}; expected a first line such as #!/bin/sh"
    if error.errno == errno.ENOENT:  # the program itself is there
        return f"{reason}: the program that its first line names"
    return reason
