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
FEW_RUNS = 1_000


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
    show("Throughput, 32 connections", throughput, as_json=as_json)
    rate = throughput[1].median * HALF
    p99 = mock_benchmark.latency(rounds, seconds, rate)
    show(f"Latency at {rate:,.0f} calls/s", p99, as_json=as_json)
    show("Ready", mock_benchmark.readiness(rounds), as_json=as_json)
    show("Server of the fixture ready", mock_benchmark.fixture(rounds), as_json=as_json)
    show("Memory", mock_benchmark.memory(FEW_RUNS, runs), as_json=as_json)


def show(title: str, figures: list[Figure], *, as_json: bool) -> None:
    """Print a section once it is measured: as a table, or as one JSON object a line."""
    if as_json:
        found = {"title": title, "figures": [figure.to_mapping() for figure in figures]}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
    else:
        Console().print(table(title, figures))


main.add_command(sender, "sender")
main.add_command(pacing, "pacing")

if __name__ == "__main__":
    main()
