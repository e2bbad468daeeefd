"""Run seeds of the simulated world of both sides; `make simulate SEEDS=2000` does it.

\b
    python -m simulation.run --seeds 301-600 --jobs 2
    python -m simulation.run --seed 17 --keep-happenings 3,5 --trace

Exit codes: 0 all invariants held, 1 a seed failed, 2 wrong usage, 3 interrupted, 5 no verdict: a
process of it ended by itself.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic  # noqa: TID251  how long it takes, for people

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from simulation.running.failure import Failure, failure_of
from simulation.running.one_seed import Outcome, run_schedule
from simulation.running.seeds import FailedSeeds, numbers_from, seeds_from
from simulation.running.side_by_side import ProcessEndedError, outcomes
from simulation.running.tally import Tally
from simulation.schedule import Schedule, generate
from simulation.schedule.shrinking import MOST_TRIES
from simulation.trace import shortened

FAILED, INTERRUPTED, NO_VERDICT = 1, 3, 5
MOST_SHOWN = 3
FOLDER = Path(".simulation")


class _Listed(click.ParamType):
    """A list of numbers, or seeds: whatever the function reads."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        """Return what the text stands for."""
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            return self.fail(str(error), param, ctx)


@click.command(help=__doc__, context_settings={"max_content_width": 100})
@click.option("--seeds", type=_Listed("N|A-B", seeds_from), help="How many, or from A to B.")
@click.option("--seed", type=click.IntRange(0), help="One seed alone: replay it.")
@click.option(
    "--keep-happenings",
    type=_Listed("N,N|none", numbers_from),
    help="With --seed: the happenings that stay, by number.",
)
@click.option(
    "--keep-profiles",
    type=_Listed("N,N|none", numbers_from),
    help="With --seed: the profiles that stay.",
)
@click.option("--trace", is_flag=True, help="With --seed: print each event.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes; by default one a processor.")
@click.option("--stop-at-first", is_flag=True, help="Stop at the first seed that fails.")
@click.option(
    "--shrink-tries",
    type=click.IntRange(0, 10_000),
    default=MOST_TRIES,
    show_default=True,
    help="How many smaller schedules are tried for a seed that failed.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where failed seeds and their traces are kept.",
)
def main(
    *,
    seeds: range | None,
    seed: int | None,
    keep_happenings: tuple[int, ...] | None,
    keep_profiles: tuple[int, ...] | None,
    trace: bool,
    jobs: int | None,
    stop_at_first: bool,
    shrink_tries: int,
    folder: Path,
) -> None:
    """Run the command."""
    of_one_seed = (keep_happenings, keep_profiles, trace or None)
    if seed is None:
        if any(given is not None for given in of_one_seed):
            raise click.UsageError("--keep-happenings, --keep-profiles and --trace need --seed")
        sys.exit(
            run_seeds(
                seeds or range(1, 301),
                jobs or os.cpu_count() or 1,
                folder,
                shrink_tries,
                stop_at_first=stop_at_first,
            )
        )
    if seeds is not None:
        raise click.UsageError("found both --seed and --seeds, expected one of them")
    sys.exit(replay(kept(generate(seed), keep_happenings, keep_profiles), trace=trace))


def kept(
    schedule: Schedule, happenings: tuple[int, ...] | None, profiles: tuple[int, ...] | None
) -> Schedule:
    """Return what is kept of a schedule; None: everything.

    Raises:
        click.UsageError: it has no such happening or profile.
    """
    if happenings is not None:
        _refuse_unknown("--keep-happenings (make: HAPPENINGS)", happenings, schedule.numbers)
        schedule = schedule.keeping(happenings)
    if profiles is not None:
        _refuse_unknown("--keep-profiles (make: PROFILES)", profiles, schedule.setup.profiles())
        schedule = schedule.keeping_profiles(profiles)
    return schedule


def _refuse_unknown(option: str, given: Iterable[int], known: tuple[int, ...]) -> None:
    unknown = [number for number in given if number not in known]
    if unknown:
        raise click.UsageError(
            f"{option}: found {unknown[0]}, expected numbers from {known[0]} to {known[-1]}"
        )


def replay(schedule: Schedule, *, trace: bool) -> int:
    """Run one schedule, and say what came of it; return the exit code."""
    click.echo(shortened(schedule.text()))
    result = run_schedule(schedule, trace=_show if trace else None)
    click.echo(
        f"{result.messages:,} messages in {result.steps:,} steps and {result.seconds:,.0f} "
        "virtual seconds"
    )
    click.echo("all invariants held" if result.violation is None else f"FAILED {result.violation}")
    return 0 if result.violation is None else FAILED


def _show(line: str) -> None:
    click.echo(shortened(line))


def run_seeds(
    seeds: range, jobs: int, folder: Path, shrink_tries: int, *, stop_at_first: bool
) -> int:
    """Run many seeds, and say what failed; return the exit code."""
    failed = FailedSeeds(folder / "failed-seeds.json")
    tally, began = Tally(), monotonic()
    code = 0
    order = failed.in_order(seeds)
    try:
        with closing(outcomes(order, jobs)) as ended:
            for outcome in shown(ended, len(order), tally):
                failed.note(
                    outcome.seed, outcome.seconds, failed=outcome.result.violation is not None
                )
                if tally.failed and stop_at_first:
                    break
    except KeyboardInterrupt:
        click.echo("interrupted; the seeds that failed run first next time", err=True)
        code = INTERRUPTED
    except ProcessEndedError as error:
        click.echo(f"no verdict: {error}", err=True)
        code = NO_VERDICT
    click.echo(tally.text(monotonic() - began))
    for failure in _failures(tally, folder, shrink_tries):
        click.echo(f"\n{failure}")
    return code or (FAILED if tally.failed else 0)


def _failures(tally: Tally, folder: Path, shrink_tries: int) -> Iterator[str]:
    """Yield what is said of the seeds that failed fastest, and which others did."""
    fastest = sorted(tally.failed, key=lambda outcome: (outcome.seconds, outcome.seed))
    shown = fastest[:MOST_SHOWN]
    for outcome in shown:  # first, for shrinking may take long
        yield f"make simulate SEED={outcome.seed}: {outcome.result.violation}"
    for outcome in shown:
        file = folder / f"seed-{outcome.seed}.trace"
        yield shrunk(outcome, shrink_tries, file).text()
    if others := [str(outcome.seed) for outcome in fastest[MOST_SHOWN:]]:
        yield f"{len(others):,} more failed: {', '.join(others[:50])}"


def shrunk(outcome: Outcome, most_tries: int, file: Path | None = None) -> Failure:
    """Return a seed's failure with what matters of its schedule."""
    if outcome.result.violation is None:
        raise ValueError(f"seed {outcome.seed} did not fail")
    schedule = generate(outcome.seed)
    return failure_of(schedule, outcome.result.violation, None, most_tries, file)


def shown(ended: Iterable[Outcome], total: int, tally: Tally) -> Iterator[Outcome]:
    """Count outcomes and pass them on, with a bar on a terminal, else with a line now and then."""
    console = Console(stderr=True)
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task, every = progress.add_task("", total=total), max(1, total // 10)
        for outcome in ended:
            tally.add(outcome)
            progress.advance(task)
            if not console.is_terminal and tally.seeds % every == 0:
                click.echo(f"{tally.seeds:,} of {total:,} seeds", err=True)
            yield outcome


if __name__ == "__main__":
    main()
