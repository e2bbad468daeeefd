"""The real mock as a process, and the real sender as another."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from support import start_mock

TIMEOUT_SECONDS = 60.0
PATIENT_SENDER = f"""
import dataclasses
from sender.cli import main
from sender.transport.base import Endpoint

seconds = dict.fromkeys(("connect_timeout_seconds", "read_timeout_seconds"), {TIMEOUT_SECONDS})
of = Endpoint.of
Endpoint.of = lambda *given: dataclasses.replace(of(*given), **seconds)
main(prog_name="qualtrics-sender")
"""
DATAFLOW = """
name = "Survey"
url = "{url}"
username = "{username}"
[[attributes]]
source = "person.name.firstName"
target = "person.name.firstName"
[[identities]]
source = "Email"
target = "email"
"""


class Stage:
    """A folder, a mock, and senders that work on them."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._mock = start_mock(*options, folder=folder)
        self.control = self._mock.control
        self.ready = self._mock.ready
        self.tenant = self.ready["tenant"]
        self.token = self.tenant["apiToken"]
        self.trigger_url = self._mock.trigger_url
        text = DATAFLOW.format(url=self.trigger_url, username=self.tenant["username"])
        (folder / "dataflow.toml").write_text(text)
        self.outbox = folder / "o.sqlite"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("QUALTRICS_")},
            "QUALTRICS_API_TOKEN": self.token,
        }

    def profiles(self, count: int, name: str = "p.jsonl") -> Path:
        path = self.folder / name
        with path.open("w") as lines:
            for n in range(count):
                profile = {
                    "_id": f"p{n}",
                    "person": {"name": {"firstName": f"Name{n}"}},
                    "identityMap": {"Email": [{"id": f"secret.person{n}@example.com"}]},
                }
                lines.write(json.dumps(profile) + "\n")
        return path

    def start(
        self,
        *arguments: object,
        stdout: IO[str] | int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start the sender; it takes no answer for lost because the machine is slow just now."""
        return subprocess.Popen(
            [sys.executable, "-c", PATIENT_SENDER, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=stdout,
            stderr=stderr,
        )

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=2 * TIMEOUT_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run_on_terminal(self, *arguments: object) -> tuple[int, str]:
        """Run a command whose standard error is a terminal; return exit code and what it showed."""
        ours, its = pty.openpty()
        process = self.start(*arguments, stdout=subprocess.DEVNULL, stderr=its)
        os.close(its)
        shown = b""
        with os.fdopen(ours, "rb", buffering=0) as terminal, contextlib.suppress(OSError):
            while more := terminal.read(65_536):  # an error is how a terminal's end looks
                shown += more
        return process.wait(timeout=TIMEOUT_SECONDS), shown.decode()

    def export(self, profiles: Path, *more: object) -> tuple[object, ...]:
        return ("export", "--dataflow", "dataflow.toml", profiles, "--outbox", self.outbox, *more)

    def totals(self) -> dict:
        return self._mock.totals()

    def add_fault(self, **fault: object) -> None:
        self.control.add_fault(self.tenant["id"], fault)

    def close(self) -> None:
        with self._mock:
            self._mock.stop()


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    stage = Stage(tmp_path, "--calls-per-minute", "1000000", "--wire-faults")
    yield stage
    stage.close()
