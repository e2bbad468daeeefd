"""``mock-qualtrics demo``: export sample profiles to a mock, with the project's own commands.

Mock and sender are separate processes that use real HTTP; this module imports neither. It starts
the mock, exports with the sender, waits for the runs, and shows Run history.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from contracts.control_client import ControlClient
from contracts.errors import ControlNotReadyError, MockStartError
from contracts.mock_process import MockProcess, start_mock
from contracts.option_numbers import Integer
from contracts.terminal import printable

EXAMPLE = "Example: mock-qualtrics demo --profiles 50"
SEED = 7
READY_SECONDS = 30.0
WAIT_SECONDS = 1
SHOWN_RUNS = 8
_SIGNALLED = 128  # a shell tells of a signal by this and its number


class _Stage:
    """Run the project's commands in one folder, and print each command line first."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.folder = folder
        self.console = console
        self.environment = {**os.environ}

    def run(self, command: str, *, shown: bool = True) -> str:
        """Run a command and wait for it; return its output, which is printed instead if shown."""
        if shown:
            self.say(command)
        done = subprocess.run(
            _as_modules(command),
            cwd=self.folder,
            env=self.environment,
            stdout=None if shown else subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise click.ClickException(f"`{command}` ended with exit code {done.returncode}")
        return done.stdout or ""

    def start_mock(self, *flags: str) -> MockProcess:
        """Start the mock in the folder, and print its command line."""
        self.say(f"mock-qualtrics serve --port 0 {shlex.join(flags)} --ready-file ready.json")
        try:
            return start_mock(*flags, folder=self.folder, ready_seconds=READY_SECONDS)
        except MockStartError as error:
            click.echo(printable(error.output, keep="\n"), err=True)
            raise click.ClickException("the mock did not start; its output is above") from None

    def say(self, command: str) -> None:
        """Print a command line."""
        self.console.print(f"\n[bold cyan]$ {escape(command)}[/]", soft_wrap=True)


@click.command(epilog=EXAMPLE)
@click.option(
    "--profiles", type=Integer(1, 100_000), default=200, show_default=True, help="How many."
)
def demo(profiles: int) -> None:
    """Export sample profiles to a temporary mock, and show their runs.

    A few profiles have no mapped identity (they are excluded), and a few lack the first name
    that a task needs (their run fails).
    """
    with _stopped_by_signals(), TemporaryDirectory(prefix="mock-qualtrics-demo-") as folder:
        stage = _Stage(Path(folder), Console())
        _lay_out(stage.folder)
        with stage.start_mock("--workflows", "workflows.toml") as mock:
            _export(stage, mock.tenant, profiles)
            _show_history(stage, mock)


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Make SIGTERM and SIGHUP end the mock and remove the folder, as Ctrl-C does."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(_SIGNALLED + number)

    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    numbers = [signal.SIGTERM]
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:  # as nohup sets it
        numbers.append(hangup)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _lay_out(folder: Path) -> None:
    for name in ("dataflow.toml", "workflows.toml"):
        sample = files("mock_qualtrics").joinpath("demo", name)
        (folder / name).write_bytes(sample.read_bytes())


def _export(stage: _Stage, tenant: Mapping[str, Any], profiles: int) -> None:
    stage.environment |= {
        "QUALTRICS_URL": tenant["workflows"][0]["triggerUrl"],
        "QUALTRICS_USERNAME": tenant["username"],
        "QUALTRICS_API_TOKEN": tenant["apiToken"],
    }
    samples = f"qualtrics-sender sample-profiles --dataflow dataflow.toml --count {profiles}"
    samples += f" --seed {SEED} --excluded-share 0.03 --incomplete-share 0.04"
    stage.say(f"{samples} > profiles.jsonl")
    (stage.folder / "profiles.jsonl").write_text(stage.run(samples, shown=False), "utf-8")
    stage.run("qualtrics-sender check --dataflow dataflow.toml")
    stage.run("qualtrics-sender export --dataflow dataflow.toml profiles.jsonl")


def _show_history(stage: _Stage, mock: MockProcess) -> None:
    totals = _wait_until_executed(mock.control, mock.tenant_id)
    runs = f"mock-qualtrics runs --url {mock.url}"
    stage.run(f"{runs} --limit {SHOWN_RUNS}")
    failed = stage.run(f"{runs} --status failed --limit 1 --json", shown=False)
    for line in failed.splitlines():
        stage.console.print(_explained(json.loads(line)))
    stage.console.print(
        f"\n{totals['accepted']} accepted = {totals['succeeded']} succeeded"
        f" + {totals['failed']} failed. Run history was at {mock.ready['pageUrl']}"
        " while the demo ran; `make serve` leaves a mock running."
    )


def _wait_until_executed(control: ControlClient, tenant_id: str) -> Mapping[str, Any]:
    """Return the totals once no run is pending."""
    # Each wait returns as soon as one more run has succeeded, or after WAIT_SECONDS at the latest.
    totals: Mapping[str, Any] = control.totals(tenant_id)
    while totals["pending"]:
        one_more = totals["succeeded"] + 1
        try:
            totals = control.wait(tenant_id, timeout_seconds=WAIT_SECONDS, succeeded=one_more)
        except ControlNotReadyError as error:
            totals = error.totals
    return totals


def _explained(run: Mapping[str, Any]) -> Panel:
    rows = [f"{run['id']}  received {run['receivedOn']}", f"[red]{escape(str(run['error']))}[/]"]
    rows += [
        f"{escape(task['name'])} ({task['type']}): {task['status']}"
        + (f", {escape(task['error'])}" if task["error"] else "")
        for task in run["tasks"]
    ]
    return Panel("\n".join(rows), title="A failed run", title_align="left")


def _as_modules(command: str) -> list[str]:
    """Return the command's argument list for the current interpreter, without using the PATH."""
    functions = {"mock-qualtrics": "mock", "qualtrics-sender": "sender"}
    program, *arguments = shlex.split(command)
    script = f"import qualtrics_commands; qualtrics_commands.{functions[program]}()"
    return [sys.executable, "-c", script, *arguments]
