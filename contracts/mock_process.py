"""The mock as a process of its own: started, known to be ready, and stopped.

The mock is the command ``mock-qualtrics serve``; this module knows its flags and its ready file,
and imports nothing of it.
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
LOOK_SECONDS: Final = 0.002  # between two looks for the ready file
LAST_LINES: Final = 50


class MockProcess:
    """A running ``mock-qualtrics serve``; a context manager that stops it.

    Attributes:
        process: the process itself.
        ready: what its ready file says, as the schema ``ready-file``; the token is in it.
        control: a client of its control API.
        folder: where it works, with its ready file and its output.
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
        """Its address, without a path."""
        return str(self.ready["url"])

    @property
    def tenant(self) -> Mapping[str, Any]:
        """The default tenant, as the schema ``tenant``."""
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
        """Return what it has written to standard output so far."""
        return self._folder.stdout()

    def stderr(self) -> str:
        """Return what it has written to standard error so far."""
        return self._folder.stderr()

    def stop(self, patience_seconds: float = STOP_SECONDS) -> int:
        """Ask it to end, kill it if it does not in time, and return its exit code.

        A process that has ended before is left as it is. When the folder is a temporary one, it is
        removed, and with it what the mock wrote.
        """
        self.control.close()
        try:
            return _stop(self.process, patience_seconds)
        finally:
            self._folder.remove()

    def kill(self) -> None:
        """End it at once, as ``kill -9`` does."""
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
    """Start the mock on a free port and return it once it accepts calls.

    Args:
        flags: further flags of ``serve``; port and ready file are given already.
        folder: where it works and writes; None makes a temporary one that goes when it stops.
        command: what to run instead of this interpreter's ``-m mock_qualtrics``.
        environment: its whole environment; None for this process's own.
        control_token: what it shall demand, and its client shows; None for the one in the
            environment.
        ready_seconds: how long it may take to be ready.

    Raises:
        MockStartError: it ended, or was not ready in time; says what it wrote last.

    Example::

        with start_mock("--wire-faults") as mock:
            export_to(mock.trigger_url, mock.tenant["username"], mock.tenant["apiToken"])
            totals = mock.control.wait(mock.tenant_id, succeeded=3)
    """
    place = _Folder(folder)
    variables = {**(os.environ if environment is None else environment)}
    if control_token is not None:
        variables[CONTROL_TOKEN_VARIABLE] = control_token
    with contextlib.ExitStack() as undo:
        undo.callback(place.remove)
        place.ready_file.unlink(missing_ok=True)  # an older start's would be read as this one's
        process = _launch([*command, "serve", *_place_flags(place), *flags], place, variables)
        undo.callback(_stop, process, 0.0)
        ready = _await_ready(process, place, ready_seconds)
        control = ControlClient(
            ready["controlUrl"],
            variables.get(CONTROL_TOKEN_VARIABLE),
            ca_file=ready.get("caFile"),
        )
        undo.pop_all()
    return MockProcess(process, ready, control, place)


class _Folder:
    """Where a mock works, and the names of the files there."""

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
        """Remove the folder, if it is a temporary one."""
        if self._temporary is not None:
            self._temporary.cleanup()


def _place_flags(place: _Folder) -> tuple[str, ...]:
    return "--port", "0", "--ready-file", str(place.ready_file)


def _launch(
    command: Sequence[str], place: _Folder, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start the process; its output goes to files, which never fill up as a pipe does."""
    with place.stdout_file.open("wb") as stdout, place.stderr_file.open("wb") as stderr:
        return subprocess.Popen(
            command,
            cwd=place.path,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )


def _await_ready(
    process: "subprocess.Popen[bytes]", place: _Folder, ready_seconds: float
) -> dict[str, Any]:
    pause = Event()
    for _ in range(int(ready_seconds / LOOK_SECONDS)):
        if process.poll() is not None:
            break
        if place.ready_file.exists():
            ready: dict[str, Any] = json.loads(place.ready_file.read_text("utf-8"))
            return ready
        pause.wait(LOOK_SECONDS)
    lines = (place.stderr() or place.stdout()).splitlines()
    raise MockStartError(process.poll(), "\n".join(lines[-LAST_LINES:]))


def _stop(process: "subprocess.Popen[bytes]", patience_seconds: float) -> int:
    if process.poll() is None and patience_seconds:
        process.terminate()
    try:
        return process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
