"""``python -m simulation.plants``: plant each bug in turn, and count the seeds that it takes."""

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import click
from rich.console import Console
from rich.table import Table

from simulation.plants.plant import plants_named
from simulation.plants.searching import Search, search

COLUMNS = ("bug", "side", "seeds", "seconds", "found by", "what is wrong")
COUNT = click.IntRange(min=1)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--seeds", type=COUNT, default=2_000, show_default=True, help="The most to try.")
@click.option("--jobs", type=COUNT, default=2, show_default=True, help="Bugs side by side.")
@click.option("--timeout-seconds", type=COUNT, default=600, show_default=True, help="For one bug.")
@click.option("--markdown", is_flag=True, help="Print the table of docs/simulation.md.")
def main(
    names: tuple[str, ...], seeds: int, jobs: int, timeout_seconds: int, *, markdown: bool
) -> None:
    """Plant each bug in turn in a copy of the repository, and count the seeds that it takes.

    NAME: a bug of tests/simulation/plants/plants.toml; without a name all.

    Exit codes: 0 all were found, 1 one was not, 2 wrong usage, 5 the search itself broke.

    \b
    Example:
        PYTHONPATH=tests python -m simulation.plants lease-after-sending
    """
    try:
        chosen = plants_named(names)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    look = partial(search, seeds=seeds, timeout_seconds=timeout_seconds)
    try:
        with ThreadPoolExecutor(jobs) as pool:
            found = [_told(each) for each in pool.map(look, chosen)]
    except (RuntimeError, ValueError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(5)
    _show(found, markdown=markdown)
    sys.exit(1 if any(each.seeds is None for each in found) else 0)


def _told(found: Search) -> Search:
    """Print how a search ended, at once: all of them take minutes."""
    seed = "NOT FOUND" if found.seeds is None else f"seed {found.seeds}"
    click.echo(f"{found.plant.name}: {seed}, {found.seconds:.1f} s, {found.invariant}", err=True)
    return found


def _row(found: Search) -> tuple[str, ...]:
    plant, seeds = found.plant, "none" if found.seeds is None else str(found.seeds)
    return plant.name, plant.side, seeds, f"{found.seconds:.1f}", found.invariant, plant.why


def _show(found: Iterable[Search], *, markdown: bool) -> None:
    rows = [_row(each) for each in found]
    if markdown:
        for cells in (COLUMNS, ("---",) * len(COLUMNS), *rows):
            click.echo(f"| {' | '.join(cells)} |")
        return
    table = Table(*COLUMNS)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main(prog_name="python -m simulation.plants")
