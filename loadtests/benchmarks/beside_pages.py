"""Measures what open pages cost the trigger calls: the same load with and without them, in turn."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

import click
from rich.console import Console

from loadtests.benchmarks.load import as_fast_as_it_goes
from loadtests.benchmarks.measure import Figure, table
from loadtests.benchmarks.subject import Subject, executed, mock
from loadtests.open_page import OpenPage

WARM_UP_SECONDS: Final = 5


class LoadBeside(NamedTuple):
    """One load beside open pages.

    Attributes:
        calls_per_second: runs that were journalled and executed.
        microseconds: the server's processor time of one call, that of the pages included.
        fetches_per_second: how often the open pages were fetched, together.
    """

    calls_per_second: float
    microseconds: float
    fetches_per_second: float


_COLUMNS: Final[Sequence[tuple[str, str, Callable[[LoadBeside], float]]]] = (
    ("Executed calls", "calls/s", lambda load: load.calls_per_second),
    ("The server's processor time of a call", "µs", lambda load: load.microseconds),
    ("Fetches of open pages", "1/s", lambda load: load.fetches_per_second),
)


@click.command("beside-pages")
@click.option("--path", default="/runs?view=all", show_default=True, help="Which page is open.")
@click.option("--many", default=5, show_default=True, help="How many are open, beside none and 1.")
@click.option("--rounds", default=15, show_default=True, help="Loads of each kind.")
@click.option("--seconds", default=2, show_default=True, help="Seconds of each load.")
def main(path: str, many: int, rounds: int, seconds: int) -> None:
    """Trigger calls beside open pages: their rate, and the server's processor time of a call.

    Example: python -m loadtests.benchmarks beside-pages --many 2 --rounds 3
    """
    with mock() as subject:
        as_fast_as_it_goes(subject.target, seconds=WARM_UP_SECONDS)
        loads = measured(subject, path, (0, 1, many), rounds, seconds)
    for title, unit, value in _COLUMNS:
        figures = [Figure(_name(n), unit, tuple(map(value, beside))) for n, beside in loads.items()]
        Console().print(table(f"{title}, beside {path}", figures))
    for count in (1, many):
        share = cost(loads[0], loads[count])
        Console().print(f"{_name(count)}: {share:.1%} of the server's processor time")


def measured(
    subject: Subject, path: str, counts: Sequence[int], rounds: int, seconds: int
) -> dict[int, list[LoadBeside]]:
    """Load the mock beside each number of open pages, in turn; return the loads by that number."""
    loads: dict[int, list[LoadBeside]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            loads[count].append(_beside(subject, path, count, seconds))
    return loads


def cost(without: Sequence[LoadBeside], beside: Sequence[LoadBeside]) -> float:
    """Return which share of the server's processor time pages take from the calls.

    Each round is compared with itself, because the machine's speed changes from one to the next.
    """
    pairs = zip(without, beside, strict=True)
    return statistics.median(
        1 - alone.microseconds / shared.microseconds for alone, shared in pairs
    )


def _beside(subject: Subject, path: str, count: int, seconds: int) -> LoadBeside:
    with ExitStack() as stack:
        pages = [stack.enter_context(OpenPage(subject.process.url, path)) for _ in range(count)]
        started = time.perf_counter()
        load = executed(subject, seconds=seconds)
        elapsed = time.perf_counter() - started
        fetches = sum(page.fetches for page in pages)
    return LoadBeside(*load, fetches / elapsed)


def _name(count: int) -> str:
    return {0: "no page open", 1: "1 page open"}.get(count, f"{count} pages open")
