"""Where the time goes: py-spy looks at the mock or the sender under load, and rooms are counted.

A sample counts for the innermost of our own modules on the stack, whatever library that one called.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loadtests.benchmarks.load import as_fast_as_it_goes, require
from loadtests.benchmarks.sender import CONNECTIONS, nginx
from loadtests.benchmarks.subject import mock

SAMPLES_PER_SECOND = 200
SHOWN = 15
WARM_UP_SECONDS = 2
FAST_MESSAGES_PER_SECOND = 20_000  # more than it sends, so that it is still sending at the end
_OURS = ("mock_qualtrics/", "sender/")


@click.command("profile")
@click.argument("subject", type=click.Choice(["mock", "sender"]))
@click.option("--seconds", default=10, show_default=True, help="How long to look.")
def main(subject: str, seconds: int) -> None:
    """Where the time goes in the mock or in the sender's fast transport, by module.

    Example: python -m loadtests.benchmarks profile mock
    """
    stacks = (_of_the_mock if subject == "mock" else _of_the_sender)(seconds)
    shares = shares_by_module(stacks)
    drawn = Table("module", "share", title=f"Where the time goes: {subject}")
    for module, share in shares[:SHOWN]:
        drawn.add_row(module, f"{share:.1%}")
    Console().print(drawn)


def shares_by_module(stacks: str) -> list[tuple[str, float]]:
    """Return each module's share of the samples, largest first.

    Args:
        stacks: lines of frames, outermost first, and how often they were seen, as py-spy's ``raw``
            format has them: ``serve (mock_qualtrics/server.py:12);send (short_way.py:9) 3``.
    """
    seen: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        module = _innermost(frames)
        if module is not None:
            seen[module] += int(count)
    total = seen.total() or 1
    return [(module, count / total) for module, count in seen.most_common()]


def _innermost(frames: str) -> str | None:
    for frame in reversed(frames.split(";")):
        place = frame.rpartition("(")[2].rpartition(":")[0]
        for root in _OURS:
            if root in place:
                return root + place.rpartition(root)[2]
    return None


def _of_the_mock(seconds: int) -> str:
    with mock() as running:
        as_fast_as_it_goes(running.target, seconds=WARM_UP_SECONDS)
        with tempfile.TemporaryDirectory() as folder:
            looking = _look(running.server.process.pid, seconds, Path(folder))
            as_fast_as_it_goes(running.target, seconds=seconds + WARM_UP_SECONDS)
            return _seen(looking, Path(folder))


def _of_the_sender(seconds: int) -> str:
    command = [sys.executable, "-m", "loadtests.benchmarks.sender_contestants", "fast"]
    messages = FAST_MESSAGES_PER_SECOND * seconds
    with nginx() as url, tempfile.TemporaryDirectory() as folder:
        arguments = [url, str(messages), str(CONNECTIONS)]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL) as sending:
            try:
                return _seen(_look(sending.pid, seconds, Path(folder)), Path(folder))
            finally:
                sending.terminate()


def _look(pid: int, seconds: int, folder: Path) -> "subprocess.Popen[bytes]":
    program = require(str(Path(sys.executable).with_name("py-spy")), "(pip) the extra `bench`")
    command = [program, "record", "--pid", str(pid), "--duration", str(seconds)]
    command += ["--rate", str(SAMPLES_PER_SECOND), "--format", "raw"]
    command += ["--output", str(folder / "stacks.txt")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _seen(looking: "subprocess.Popen[bytes]", folder: Path) -> str:
    if looking.wait(60):
        raise click.ClickException("py-spy could not look: it needs the right to trace a process")
    return (folder / "stacks.txt").read_text("utf-8")
