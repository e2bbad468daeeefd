"""``qualtrics-contracts conformance``: judges a connector, scenario by scenario."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from contracts.conformance.catalogue import catalogue, chosen, claims, similar_names
from contracts.conformance.declared.claims import (
    FILE,
    check_claims,
    declared,
    read_declaration,
)
from contracts.conformance.declared.known_failing import read_known_failing
from contracts.conformance.scenario import TIMEOUT_SECONDS, Scenario
from contracts.counterexamples.bounds import ALL_SHRINK_SECONDS, SHRINK_SECONDS
from contracts.errors import CommandError, ConformanceError, ScenarioError, UnreadableFileError
from contracts.option_numbers import Finite, Integer
from contracts.redaction import command_line
from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.tables import Column, print_rows
from contracts.terminal import printable
from contracts.verdicts import EXIT_NO_VERDICT


class _BeforeItsCommand(click.Command):
    """Tells of an own option behind COMMAND without ``--``: the connector gets it, as it may want.

    What follows ``--`` is meant for the connector.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, and tell of such options on standard error."""
        given = list(args)
        rest = super().parse_args(ctx, args)
        words = ctx.params["command"] or ()
        if words and given[-len(words) - 1 : -len(words)] != ["--"]:
            own = {name for option in self.params for name in option.opts}
            found = dict.fromkeys(name for word in words if (name := word.partition("=")[0]) in own)
            if behind := [name for name in found if name.startswith("-")]:
                click.echo(
                    f"warning: {', '.join(behind)} behind COMMAND is for the connector, not for "
                    "conformance: put options before COMMAND, or -- before it if that is meant",
                    err=True,
                )
        return rest


@click.command(
    "conformance",
    cls=_BeforeItsCommand,
    epilog="Example: qualtrics-contracts conformance --without mapping -- python connector.py",
    context_settings={"allow_interspersed_args": False},
)
@click.option(
    "--scenario", "names", multiple=True, metavar="NAME", help="Only this one; repeatable."
)
@click.option(
    "--without",
    multiple=True,
    metavar="CLAIM",
    help="What the connector does not claim; repeatable. Scenarios that need it are skipped.",
)
@click.option(
    "--known-failing",
    metavar="FILE",
    help="Scenarios that are known to fail, one name a line, # for comments. One that passes "
    "fails the run.",
)
@click.option("--list", "only_list", is_flag=True, help="List the scenarios, and run none.")
@click.option(
    "--timeout-seconds",
    type=Finite(0.1, 3_600),
    help="How long the connector may take in each scenario; by default as the scenario says, "
    f"{TIMEOUT_SECONDS:g} unless it says something else.",
)
@click.option(
    "--jobs", type=Integer(1, 64), default=4, show_default=True, help="Scenarios side by side."
)
@click.option(
    "--keep",
    metavar="FOLDER",
    help="Keep the connector's files, its output and its calls of each scenario here. What "
    "replays a failure is kept without it too, in a temporary folder that is printed.",
)
@click.option(
    "--shrink-seconds",
    type=Finite(0, 3_600),
    default=SHRINK_SECONDS,
    show_default=True,
    help="How long the fewest messages with which a scenario fails are looked for, by running the "
    f"connector again; of all scenarios together at most {ALL_SHRINK_SECONDS:g}. 0: not at all.",
)
@report_options
@click.argument("command", metavar="COMMAND...", nargs=-1, type=click.UNPROCESSED)
def conformance_command(reporter: Reporter, **given: Any) -> None:  # noqa: ANN401  click's options
    """Run COMMAND, a connector, in every scenario, and judge it by what the mock received.

    Environment variables tell it what to deliver, and where to: QUALTRICS_URL, QUALTRICS_USERNAME,
    QUALTRICS_API_TOKEN, MESSAGES, PROFILES, DATAFLOW, SCENARIO and WORK_FOLDER. The file
    conformance.toml of this folder may hold its command, and the claims that it declines: command,
    without. Exit code: 0 all that it claims is earned; 1 something failed, or passed unexpectedly,
    or nothing was judged; 2 wrong usage, nothing was run; 3 interrupted; 5 an error of the harness.
    """
    with _as_usage_errors():
        scenarios = chosen(given["names"])
        if given["only_list"]:
            _print_list(scenarios, as_json=reporter.as_json)
            return
        setting = _setting(given)
    _run(reporter, scenarios, setting)
    sys.exit(reporter.exit_code)


def _setting(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of :class:`Suite` that do not depend on the mock.

    Raises:
        ConformanceError: something is wrong with them.
        UnreadableFileError: a file cannot be read, or does not say what it should.
    """
    from contracts.conformance.process.connector import check_command  # noqa: PLC0415  as below
    from contracts.conformance.process.kept import check_keep  # noqa: PLC0415  as below
    from contracts.counterexamples.found import Counterexamples  # noqa: PLC0415  as below

    told = declared(read_declaration(Path()), given["without"], given["command"])
    check_claims(told.without, claims())
    listed = given["known_failing"]
    known = (
        frozenset() if listed is None else read_known_failing(listed, catalogue(), similar_names)
    )
    if not told.command:
        raise click.UsageError(f"no COMMAND: give it behind --, or as command in {FILE}")
    check_command(told.command)
    keep = None if given["keep"] is None else Path(given["keep"])
    if keep is not None:
        check_keep(keep)
    return {
        "command": told.command,
        "without": told.without,
        "known_failing": known,
        "jobs": given["jobs"],
        "timeout_seconds": given["timeout_seconds"],
        "keep": keep,
        "on_failure": Counterexamples(
            keep,
            told.command,
            seconds_each=given["shrink_seconds"],
            timeout_seconds=given["timeout_seconds"],
        ).add,
    }


def _run(reporter: Reporter, scenarios: Sequence[Scenario], setting: dict[str, Any]) -> None:
    from contracts.clock import RealClock  # noqa: PLC0415  --help needs no HTTP
    from contracts.conformance.process.leftovers import adopting_orphans  # noqa: PLC0415  as above
    from contracts.conformance.process.suite_mock import start_suite_mock  # noqa: PLC0415  as above
    from contracts.conformance.suite import Suite  # noqa: PLC0415  as above

    names, subject = [each.name for each in scenarios], command_line(setting["command"])
    with (
        reporter.run("conformance", subject, planned=names, cases_key="scenarios") as collected,
        _command_error_as_usage_error(),
        start_suite_mock() as mock,
        adopting_orphans(RealClock()),
    ):
        suite = Suite(control_url=mock.control.control_url, **setting)
        suite.run(scenarios, collected.add)


@contextmanager
def _as_usage_errors() -> Iterator[None]:
    """Tell of what is wrong before the run as wrong usage."""
    try:
        yield
    except ScenarioError as error:  # a file of the suite itself
        click.echo(f"error: {printable(str(error))}", err=True)
        sys.exit(EXIT_NO_VERDICT)
    except (ConformanceError, UnreadableFileError) as error:
        raise click.UsageError(printable(str(error))) from None


@contextmanager
def _command_error_as_usage_error() -> Iterator[None]:
    """Tell of a command that is found, but cannot be started, as of one that is not found."""
    try:
        yield
    except CommandError as error:
        raise click.UsageError(printable(str(error))) from None


def _print_list(scenarios: Sequence[Scenario], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_listed(each) for each in scenarios], indent=2))
        return
    columns = (Column("Scenario", whole=True), Column("Claims"), Column("Purpose"))
    rows = ((each.name, ", ".join(sorted(each.needs)), each.purpose) for each in scenarios)
    print_rows(columns, rows)


def _listed(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "claims": sorted(scenario.needs),
        "purpose": scenario.purpose,
        "facts": list(scenario.facts),
        "timeoutSeconds": scenario.timeout_seconds,
    }
