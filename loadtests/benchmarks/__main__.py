"""The command line of the benchmarks: ``python -m loadtests.benchmarks mock``."""

import json
import sys

import click
from rich.console import Console

from loadtests.benchmarks import mock as mock_benchmark
from loadtests.benchmarks.beside_pages import main as beside_pages
from loadtests.benchmarks.fixture import main as fixture
from loadtests.benchmarks.measure import Figure, table
from loadtests.benchmarks.memory import main as memory
from loadtests.benchmarks.pacing import main as pacing
from loadtests.benchmarks.pages import main as pages
from loadtests.benchmarks.planning import main as planning
from loadtests.benchmarks.profile import main as profile
from loadtests.benchmarks.sender import main as sender
from loadtests.benchmarks.versions import main as versions
from loadtests.benchmarks.waiting import main as waiting

HALF = 0.5
FEW_RUNS = 1_000
WARM_ROUNDS = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure against named peers in one interleaved run; report ratios of medians.

    Example: python -m loadtests.benchmarks mock --rounds 3
    """


@main.command()
@click.option("--rounds", default=5, show_default=True, help="Rounds of each contestant.")
@click.option("--seconds", default=5, show_default=True, help="Seconds of each load.")
@click.option(
    "--warm-up",
    "warm_up_seconds",
    default=15,
    show_default=True,
    help="Seconds of load before throughput is measured again, warm; 0 skips that.",
)
@click.option("--runs", default=1_000_000, show_default=True, help="Runs for the memory figure.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def mock(rounds: int, seconds: int, warm_up_seconds: int, runs: int, *, as_json: bool) -> None:
    """The mock: throughput, latency, readiness, fixture, memory.

    Example: python -m loadtests.benchmarks mock --rounds 3 --runs 100000
    """
    throughput = mock_benchmark.throughput(rounds, seconds, 0)
    show(f"Throughput in the first {seconds} s", throughput, as_json=as_json)
    if warm_up_seconds:
        warm = mock_benchmark.throughput(WARM_ROUNDS, seconds, warm_up_seconds)
        show(f"Throughput after {warm_up_seconds} s of load", warm, as_json=as_json)
    rate = throughput[1].median * HALF
    p99 = mock_benchmark.latency(rounds, seconds, rate)
    show(f"Latency at {rate:,.0f} calls/s", p99, as_json=as_json)
    show("Ready", mock_benchmark.readiness(rounds), as_json=as_json)
    show("Server of the fixture ready", mock_benchmark.fixture(rounds), as_json=as_json)
    show("Memory", mock_benchmark.memory(FEW_RUNS, runs), as_json=as_json)


def show(title: str, figures: list[Figure], *, as_json: bool) -> None:
    """Print a section as soon as it is measured: a table, or one JSON object per line."""
    if as_json:
        section = {"title": title, "figures": [figure.to_mapping() for figure in figures]}
        sys.stdout.write(json.dumps(section) + "\n")
        sys.stdout.flush()
    else:
        Console().print(table(title, figures))


main.add_command(sender)
main.add_command(pacing)
main.add_command(memory)
main.add_command(profile)
main.add_command(versions)
main.add_command(fixture)
main.add_command(waiting)
main.add_command(planning)
main.add_command(pages)
main.add_command(beside_pages)

if __name__ == "__main__":
    main()
