"""Runs the mock as a separate process: starts it, waits until it is ready, and stops it.

Runs the command ``mock-qualtrics serve`` and reads its ready file; imports nothing of the mock.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, Final, Self

from contracts.control_client import ControlClient
from contracts.errors import MockStartError

COMMAND: Final = (sys.executable, "-m", "mock_qualtrics")
CONTROL_TOKEN_VARIABLE: Final = "MOCK_QUALTRICS_CONTROL_TOKEN"  # noqa: S105  its name
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.002  # between two checks for the ready file
LAST_LINES: Final = 50


class MockProcess:
    """A running ``mock-qualtrics serve``; a context manager that stops it.

    Attributes:
        process: the process.
        ready: the content of its ready file, as in the schema ``ready-file``; holds the API token.
        control: a client of its control API.
        folder: its working directory, with its ready file and its output.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        ready: Mapping[str, Any],
        control: ControlClient,
        folder: "_Folder",
    ) -> None:
        self.process = process
        self.ready = ready
        self.control = control
        self.folder = folder.path
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The mock's address, without a path."""
        return str(self.ready["url"])

    @property
    def tenant(self) -> Mapping[str, Any]:
        """The default tenant, as in the schema ``tenant``."""
        tenant: Mapping[str, Any] = self.ready["tenant"]
        return tenant

    @property
    def tenant_id(self) -> str:
        """The default tenant's id."""
        return str(self.tenant["id"])

    @property
    def trigger_url(self) -> str:
        """The trigger URL of the default tenant's first workflow."""
        return str(self.tenant["workflows"][0]["triggerUrl"])

    def stdout(self) -> str:
        """Return its standard output so far."""
        return self._folder.stdout()

    def stderr(self) -> str:
        """Return its standard error so far."""
        return self._folder.stderr()

    def stop(self, patience_seconds: float = STOP_SECONDS) -> int:
        """Terminate it, kill it if that takes too long, and return its exit code.

        Does nothing to a process that has already ended. A temporary folder is removed, with all
        that the mock wrote.
        """
        self.control.close()
        try:
            return _stop(self.process, patience_seconds)
        finally:
            self._folder.remove()

    def kill(self) -> None:
        """Kill it at once, as ``kill -9`` does."""
        self.process.kill()
        self.process.wait()


def start_mock(
    *flags: str,
    folder: Path | None = None,
    command: Sequence[str] = COMMAND,
    environment: Mapping[str, str] | None = None,
    control_token: str | None = None,
    ready_seconds: float = READY_SECONDS,
) -> MockProcess:
    """Start the mock on a free port, and return it when it accepts calls.

    Args:
        flags: further flags of ``serve``; port and ready file are set already.
        folder: its working directory; None: a temporary one that is removed when it stops.
        command: the command to run instead of this interpreter's ``-m mock_qualtrics``.
        environment: its whole environment; None: this process's.
        control_token: the control token that it requires and its client sends; None: the one in
            the environment, if any.
        ready_seconds: how long it may take to be ready.

    Raises:
        MockStartError: it ended, or was not ready in time; includes its last output.

    Example::

        with start_mock("--wire-faults") as mock:
            export_to(mock.trigger_url, mock.tenant["username"], mock.tenant["apiToken"])
            totals = mock.control.wait(mock.tenant_id, succeeded=3)
    """
    mock_folder = _Folder(folder)
    variables = {**(os.environ if environment is None else environment)}
    if control_token is not None:
        variables[CONTROL_TOKEN_VARIABLE] = control_token
    with contextlib.ExitStack() as undo:
        undo.callback(mock_folder.remove)
        earlier = _stamp(mock_folder.ready_file)
        process = _launch(
            [*command, "serve", *_folder_flags(mock_folder), *flags], mock_folder, variables
        )
        undo.callback(_stop, process, 0.0)
        ready = _await_ready(process, mock_folder, earlier, ready_seconds)
        control = ControlClient(
            ready["controlUrl"],
            variables.get(CONTROL_TOKEN_VARIABLE),
            ca_file=ready.get("caFile"),
        )
        undo.pop_all()
    return MockProcess(process, ready, control, mock_folder)


class _Folder:
    """A mock's working directory, and the names of its files."""

    def __init__(self, path: Path | None) -> None:
        self._temporary = TemporaryDirectory(prefix="mock-qualtrics-") if path is None else None
        self.path = Path(self._temporary.name) if self._temporary else path or Path()
        self.ready_file = self.path.absolute() / "ready.json"
        self.stdout_file = self.path / "mock-stdout.log"
        self.stderr_file = self.path / "mock-stderr.log"

    def stdout(self) -> str:
        return self.stdout_file.read_text("utf-8", "replace")

    def stderr(self) -> str:
        return self.stderr_file.read_text("utf-8", "replace")

    def remove(self) -> None:
        """Remove the folder if it is temporary."""
        if self._temporary is not None:
            self._temporary.cleanup()


def _folder_flags(folder: _Folder) -> tuple[str, ...]:
    return "--port", "0", "--ready-file", str(folder.ready_file)


def _launch(
    command: Sequence[str], folder: _Folder, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start the process; its output goes to files, because nobody would empty a pipe."""
    with folder.stdout_file.open("wb") as stdout, folder.stderr_file.open("wb") as stderr:
        return subprocess.Popen(
            command,
            cwd=folder.path,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )


def _stamp(file: Path) -> tuple[int, int] | None:
    """Return what tells a ready file from one of an earlier start, which may still be there."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _await_ready(
    process: "subprocess.Popen[bytes]",
    folder: _Folder,
    earlier: tuple[int, int] | None,
    ready_seconds: float,
) -> dict[str, Any]:
    pause = Event()
    for _ in range(int(ready_seconds / POLL_SECONDS)):
        if process.poll() is not None:
            break
        if _stamp(folder.ready_file) not in (None, earlier):
            ready: dict[str, Any] = json.loads(folder.ready_file.read_text("utf-8"))
            return ready
        pause.wait(POLL_SECONDS)
    lines = (folder.stderr() or folder.stdout()).splitlines()
    raise MockStartError(process.poll(), "\n".join(lines[-LAST_LINES:]))


def _stop(process: "subprocess.Popen[bytes]", patience_seconds: float) -> int:
    if process.poll() is None and patience_seconds:
        process.terminate()
    try:
        return process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
