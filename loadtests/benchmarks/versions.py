"""This version against an earlier one in another folder: the same loads, in turn."""

import json
import sys
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from loadtests.benchmarks.measure import Figure, interleave, table
from loadtests.benchmarks.sender import measured, nginx
from loadtests.benchmarks.subject import executed, mock

HERE = Path(__file__).parents[2]


@click.command("versions")
@click.argument(
    "before", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path)
)
@click.option("--rounds", default=9, show_default=True, help="Rounds of each version.")
@click.option("--seconds", default=5, show_default=True, help="Seconds of the mock's load.")
@click.option("--messages", default=40_000, show_default=True, help="Messages of the sender.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(before: Path, rounds: int, seconds: int, messages: int, *, as_json: bool) -> None:
    """This version of mock and sender, compared with the checkout in the folder BEFORE.

    Example: python -m loadtests.benchmarks versions ../before
    """
    checkouts = {"after": HERE, "before": before}
    sections = {
        **_mock(checkouts, rounds, seconds),
        "Sender, fast transport": _sender(checkouts, rounds, messages),
    }
    if as_json:
        result = {title: [f.to_mapping() for f in figures] for title, figures in sections.items()}
        sys.stdout.write(json.dumps(result, indent=2) + "\n")
        return
    for title, figures in sections.items():
        Console().print(table(title, figures))


def _mock(checkouts: dict[str, Path], rounds: int, seconds: int) -> dict[str, list[Figure]]:
    """Return how fast each version is, and what of the processor a call takes.

    The latter says more on a machine that is busy with other work.
    """
    spent: dict[str, list[float]] = {name: [] for name in checkouts}

    def runs_per_second(name: str) -> float:
        with mock(checkouts[name]) as subject:
            load = executed(subject, seconds=seconds)
        spent[name].append(load.microseconds)
        return load.per_second

    contestants = {name: partial(runs_per_second, name) for name in checkouts}
    return {
        "Mock": interleave(contestants, rounds=rounds, unit="runs/s"),
        "Mock, processor time of a call": [
            Figure(name, "µs", tuple(values)) for name, values in spent.items()
        ],
    }


def _sender(checkouts: dict[str, Path], rounds: int, messages: int) -> list[Figure]:
    with nginx() as url:
        contestants = {
            name: lambda folder=folder: measured("fast", url, messages, folder).messages_per_second
            for name, folder in checkouts.items()
        }
        return interleave(contestants, rounds=rounds, unit="messages/s")
