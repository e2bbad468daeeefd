"""The command of the soak: ``python -m loadtests.soak --minutes 10``."""

import os
from pathlib import Path

import click

from contracts.clock import RealClock
from contracts.reports.files import write_whole
from contracts.reports.reporter import Reporter
from contracts.tables import Column, print_rows
from loadtests.soak.findings import findings, verdicts_of
from loadtests.soak.soak_json import soak_json
from loadtests.soak.soak_page import soak_page
from loadtests.soak.soak_plan import LEAST_MINUTES, MOST_MINUTES, soak_plan
from loadtests.soak.soaking import soaked

_COLUMNS = (Column("Outcome", whole=True), Column("What"), Column("Found"))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--minutes",
    type=click.FloatRange(LEAST_MINUTES, MOST_MINUTES),
    default=10.0,
    show_default=True,
    help="How long messages arrive; from 2 on it is judged whether all stays flat.",
)
@click.option("--seed", default=0, show_default=True, help="The seed of arrivals and faults.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".soak"),
    show_default=True,
    help="Where the report goes, and what each load came to.",
)
def main(minutes: float, seed: int, folder: Path) -> None:
    """Load a mock under mixed faults for minutes: what of it grows, and is anything lost?

    Starts a mock with its journal in SQLite, three tenants, a load for each, and an open page, all
    on this machine, and ends them. Exit codes: 0 all is flat, and nothing is lost; 1 something is
    not; 2 wrong usage; 3 interrupted; 5 no verdict, as when the loads could not keep up.

    Example: python -m loadtests.soak --minutes 2
    """
    clock = RealClock()
    reporter = Reporter({}, as_json=False, environ=os.environ, clock=clock)
    folder = folder.absolute()
    with reporter.run("soak", "the mock", cases_key=None) as judged:
        folder.mkdir(parents=True, exist_ok=True)
        observed = soaked(soak_plan(minutes, seed), folder, clock)
        found = findings(observed)
        judged.add(*verdicts_of(found).verdicts)
        write_whole(str(folder / "report.json"), soak_json(observed, found))
        write_whole(str(folder / "report.html"), soak_page(observed, found))
        print_rows(_COLUMNS, [(each.outcome.value, each.name, each.found) for each in found])
        click.echo(f"Report: {folder / 'report.html'}")
    raise SystemExit(reporter.exit_code)


if __name__ == "__main__":
    main()
