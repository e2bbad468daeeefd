"""The real mock as a process, and the real sender as another."""

import contextlib
import dataclasses
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from sender.cli import main
from sender.transport.base import Endpoint
from support import RunningMock, start_mock

TIMEOUT_SECONDS = 60.0
PATIENT = dict.fromkeys(("connect_timeout_seconds", "read_timeout_seconds"), TIMEOUT_SECONDS)
PATIENT_SENDER = f"""
import dataclasses
from sender.cli import main
from sender.transport.base import Endpoint

of = Endpoint.of
Endpoint.of = lambda *given: dataclasses.replace(of(*given), **{PATIENT})
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
    """A folder, a tenant of a mock, and senders that work on them."""

    def __init__(self, folder: Path, mock: RunningMock, tenant: Mapping[str, Any]) -> None:
        self.folder = folder
        self.control = mock.control
        self.mock_url = mock.url
        self.tenant = tenant
        self.token = self.tenant["apiToken"]
        self.trigger_url = self.tenant["workflows"][0]["triggerUrl"]
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
        """Run a command as a process of its own."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=2 * TIMEOUT_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def call(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command in this process, which is quicker; what it does not catch is raised."""
        words = [str(argument) for argument in arguments]
        only_here = dict.fromkeys(os.environ.keys() - self.environment.keys())
        runner = CliRunner(env={**only_here, **self.environment})
        with contextlib.chdir(self.folder), pytest.MonkeyPatch.context() as patch:
            of = Endpoint.of
            patch.setattr(Endpoint, "of", lambda *given: dataclasses.replace(of(*given), **PATIENT))
            done = runner.invoke(main, words, catch_exceptions=False)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

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

    def reconcile(self) -> tuple[object, ...]:
        """Return the command that compares outbox and mock once no run is pending any more."""
        mock = ("--mock", self.mock_url, "--wait", TIMEOUT_SECONDS)
        return ("reconcile", "--outbox", self.outbox, *mock)

    def totals(self) -> dict:
        return self.control.totals(self.tenant["id"])

    def add_fault(self, **fault: object) -> None:
        self.control.add_fault(self.tenant["id"], fault)


@pytest.fixture(scope="session")
def mock(tmp_path_factory) -> Iterator[RunningMock]:
    """One mock for all tests; each has a tenant of its own."""
    with start_mock("--wire-faults", folder=tmp_path_factory.mktemp("mock")) as mock:
        yield mock


@pytest.fixture
def stage(tmp_path, mock) -> Stage:
    tenant = mock.control.create_tenant({"limits": {"callsPerMinute": 1_000_000}})
    workflow = mock.control.add_workflow(tenant["id"], {"name": "Survey"})
    return Stage(tmp_path, mock, {**tenant, "workflows": [workflow]})


@pytest.fixture
def guarded_stage(tmp_path, serve) -> Stage:
    """A mock whose control API asks for a token."""
    mock = serve("--control-token", "PLACEHOLDER-CONTROL-TOKEN")
    return Stage(tmp_path, mock, mock.tenant)
