"""The command line of the benchmarks: ``python -m loadtests.benchmarks mock``."""

import json
import sys

import click
from rich.console import Console

from loadtests.benchmarks import mock as mock_benchmark
from loadtests.benchmarks.measure import Figure, table
from loadtests.benchmarks.pacing import main as pacing
from loadtests.benchmarks.sender import main as sender

HALF = 0.5


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure against named peers in one interleaved run; report ratios of medians."""


@main.command()
@click.option("--rounds", default=5, show_default=True, help="Rounds of each contestant.")
@click.option("--seconds", default=5, show_default=True, help="Seconds of each load.")
@click.option("--runs", default=1_000_000, show_default=True, help="Runs of the memory figure.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def mock(rounds: int, seconds: int, runs: int, *, as_json: bool) -> None:
    """The mock: throughput, latency, readiness, fixture, memory.

    Example: python -m loadtests.benchmarks mock --rounds 3 --runs 100000
    """
    throughput = mock_benchmark.throughput(rounds, seconds)
    half_of_the_peer = throughput[1].median * HALF
    sections = {
        "Throughput, 32 connections": throughput,
        f"Latency at {half_of_the_peer:,.0f} calls/s": mock_benchmark.latency(
            rounds, seconds, half_of_the_peer
        ),
        "Ready": mock_benchmark.readiness(rounds),
        "Server of the fixture ready": mock_benchmark.fixture(rounds),
        "Memory": mock_benchmark.memory(1_000, runs),
    }
    show(sections, as_json=as_json)


def show(sections: dict[str, list[Figure]], *, as_json: bool) -> None:
    """Print each section as a table, or all of them as one JSON object."""
    if as_json:
        found = {title: [f.to_mapping() for f in figures] for title, figures in sections.items()}
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    console = Console()
    for title, figures in sections.items():
        console.print(table(title, figures))


main.add_command(sender, "sender")
main.add_command(pacing, "pacing")

if __name__ == "__main__":
    main()
