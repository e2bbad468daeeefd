"""``qualtrics-contracts conformance``: judges a connector, scenario by scenario."""

import sys

import click

from contracts.conformance.catalogue import catalogue, chosen, claims
from contracts.errors import UnknownScenarioError
from contracts.option_numbers import Finite, Integer
from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.reports.texts import command_line
from contracts.tables import Column, print_rows


@click.command(
    "conformance",
    epilog="Example: qualtrics-contracts conformance --without mapping -- python connector.py",
    context_settings={"allow_interspersed_args": False},
)
@click.option(
    "--scenario", "names", multiple=True, metavar="NAME", help="Only this one; repeatable."
)
@click.option(
    "--without", "without", multiple=True, metavar="CLAIM", help="What it does not claim."
)
@click.option("--list", "only_list", is_flag=True, help="List the scenarios, and run none.")
@click.option("--timeout-seconds", type=Finite(0.1, 3_600), help="Of each scenario.")
@click.option("--jobs", type=Integer(1, 64), default=4, show_default=True, help="Side by side.")
@click.argument("command", metavar="COMMAND...", nargs=-1, type=click.UNPROCESSED)
@report_options
def conformance_command(  # noqa: PLR0913  click's own options
    command: tuple[str, ...],
    names: tuple[str, ...],
    without: tuple[str, ...],
    timeout_seconds: float | None,
    jobs: int,
    *,
    only_list: bool,
    reporter: Reporter,
) -> None:
    """Run COMMAND, a connector, in every scenario, and judge it by what the mock received."""
    try:
        scenarios = chosen(names)
    except UnknownScenarioError as error:
        raise click.BadParameter(str(error), param_hint="--scenario") from None
    for claim in set(without) - claims():
        raise click.BadParameter(f"no scenario needs {claim!r}", param_hint="--without")
    if only_list:
        _print_list()
        return
    if not command:
        raise click.UsageError("no COMMAND: give it behind --")
    from contracts.conformance.suite import Suite  # noqa: PLC0415  --help needs no HTTP
    from contracts.mock_process import start_mock  # noqa: PLC0415  as above

    planned = [each.name for each in scenarios]
    with (
        reporter.run(
            "conformance", command_line(command), planned=planned, cases_key="scenarios"
        ) as collected,
        start_mock("--wire-faults", "--store", "memory") as mock,
    ):
        suite = Suite(command, mock.control.control_url, frozenset(without), jobs, timeout_seconds)
        suite.run(scenarios, collected.add)
    sys.exit(reporter.exit_code)


def _print_list() -> None:
    rows = (
        (each.name, ", ".join(sorted(each.needs)), each.purpose) for each in catalogue().values()
    )
    print_rows((Column("Scenario", whole=True), Column("Claims"), Column("Purpose")), rows)
