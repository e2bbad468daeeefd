"""Profiles the mock or the sender under load with py-spy, and sums the samples by module.

A sample counts for the innermost of this project's modules on the stack, so the time that a library
takes is counted for the module that called it.
"""

import re
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
FAST_MESSAGES_PER_SECOND = 20_000  # faster than the sender, which is still sending at the end
_WAITING = re.compile(r"wait \(threading\.py:\d+\)$")  # py-spy takes it for work
_OWN_PACKAGES = ("mock_qualtrics/", "sender/")


@click.command("profile")
@click.argument("subject", type=click.Choice(["mock", "sender"]))
@click.option("--seconds", default=10, show_default=True, help="How long to sample.")
def main(subject: str, seconds: int) -> None:
    """Time by module, in the mock or in the sender's fast transport.

    Example: python -m loadtests.benchmarks profile mock
    """
    stacks = (_mock_stacks if subject == "mock" else _sender_stacks)(seconds)
    shares = shares_by_module(stacks)
    table = Table("module", "share", title=f"Where the time goes: {subject}")
    for module, share in shares[:SHOWN]:
        table.add_row(module, f"{share:.1%}")
    Console().print(table)


def shares_by_module(stacks: str) -> list[tuple[str, float]]:
    """Return each module's share of the samples, largest first.

    Args:
        stacks: lines in py-spy's ``raw`` format: frames, outermost first, and the number of
            samples, such as ``serve (mock_qualtrics/server/server.py:12);send (ssl.py:9) 3``.
    """
    samples: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        module = _innermost(frames)
        if module is not None and not _WAITING.search(frames):
            samples[module] += int(count)
    total = samples.total() or 1
    return [(module, count / total) for module, count in samples.most_common()]


def _innermost(frames: str) -> str | None:
    for frame in reversed(frames.split(";")):
        place = frame.rpartition("(")[2].rpartition(":")[0]
        for root in _OWN_PACKAGES:
            if root in place:
                return root + place.rpartition(root)[2]
    return None


def _mock_stacks(seconds: int) -> str:
    with mock() as running:
        as_fast_as_it_goes(running.target, seconds=WARM_UP_SECONDS)
        with tempfile.TemporaryDirectory() as folder:
            sampling = _start_sampling(running.server.process.pid, seconds, Path(folder))
            as_fast_as_it_goes(running.target, seconds=seconds + WARM_UP_SECONDS)
            return _sampled_stacks(sampling, Path(folder))


def _sender_stacks(seconds: int) -> str:
    command = [sys.executable, "-m", "loadtests.benchmarks.sender_contestants", "fast"]
    messages = FAST_MESSAGES_PER_SECOND * seconds
    with nginx() as url, tempfile.TemporaryDirectory() as folder:
        arguments = [url, str(messages), str(CONNECTIONS)]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL) as sending:
            try:
                return _sampled_stacks(
                    _start_sampling(sending.pid, seconds, Path(folder)), Path(folder)
                )
            finally:
                sending.terminate()


def _start_sampling(pid: int, seconds: int, folder: Path) -> "subprocess.Popen[bytes]":
    program = require(str(Path(sys.executable).with_name("py-spy")), "(pip) the extra `bench`")
    command = [program, "record", "--pid", str(pid), "--duration", str(seconds)]
    command += ["--rate", str(SAMPLES_PER_SECOND), "--format", "raw"]
    command += ["--output", str(folder / "stacks.txt")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _sampled_stacks(sampling: "subprocess.Popen[bytes]", folder: Path) -> str:
    if sampling.wait(60):
        raise click.ClickException("py-spy could not look: it needs the right to trace a process")
    return (folder / "stacks.txt").read_text("utf-8")
