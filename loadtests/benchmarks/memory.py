"""Measures whether memory stays flat: the sender's peak for growing previews and exports.

A preview reads profiles from a pipe, which stands for a file of any size; its output is discarded.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loadtests.benchmarks.sender import measured, nginx
from loadtests.benchmarks.sender_contestants import AUDIENCE, profiles

SMALLEST = 10_000
LINES_AT_ONCE = 10_000
DATAFLOW = f"""
name = "Benchmark"
url = "http://127.0.0.1:9/inbound-event/v1/events/json/triggers?urlTokenId=x"
username = "dave#brand"
attributes = [{{ source = "person.name.firstName", target = "firstName" }}]
identities = [{{ source = "Email", target = "email" }}]
audiences = [{{ id = "{AUDIENCE}" }}]
"""


@click.command("memory")
@click.option(
    "--preview", default=10_000_000, show_default=True, help="Profiles of the largest preview."
)
@click.option(
    "--export", default=1_000_000, show_default=True, help="Messages of the largest export."
)
def main(preview: int, export: int) -> None:
    """Peak memory by size: previews from a pipe, and exports with the fast transport.

    Example: python -m loadtests.benchmarks memory --preview 1000000 --export 100000
    """
    show("Peak memory of a preview", {n: preview_megabytes(n) for n in _steps(preview)})
    with nginx() as url:
        peaks = {n: measured("fast", url, n).peak_megabytes for n in _steps(export)}
    show("Peak memory of an export, fast transport", peaks)


def preview_megabytes(count: int) -> float:
    """Return the peak memory of a preview of that many profiles."""
    with tempfile.TemporaryDirectory() as folder:
        dataflow = Path(folder, "dataflow.toml")
        dataflow.write_text(DATAFLOW, "utf-8")
        program = str(Path(sys.executable).with_name("qualtrics-sender"))
        command = [program, "preview", "--dataflow", str(dataflow), "-"]
        silent = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=silent, stderr=silent)
        _feed(process, count)
        # wait4 reports the peak of this one process; getrusage would mix it with earlier ones.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(f"the preview ended with {process.returncode}")
    return usage.ru_maxrss / 1024


def show(title: str, megabytes: dict[int, float]) -> None:
    """Print the peaks, each with its ratio to the first."""
    table = Table("profiles", "peak", "of the first", title=title)
    first = next(iter(megabytes.values()))
    for count, peak in megabytes.items():
        table.add_row(f"{count:,}", f"{peak:.1f} MB", f"{peak / first:.2f} ×")
    Console().print(table)


def _feed(process: "subprocess.Popen[bytes]", count: int) -> None:
    if process.stdin is None:
        raise AssertionError("it was started with a pipe")
    lines = [json.dumps(profile) for profile in profiles(min(count, LINES_AT_ONCE))]
    block = ("\n".join(lines) + "\n").encode()
    with process.stdin as pipe:
        for _ in range(count // len(lines)):
            pipe.write(block)


def _steps(largest: int) -> list[int]:
    steps = [SMALLEST]
    while steps[-1] < largest:
        steps.append(min(steps[-1] * 10, largest))
    return steps
