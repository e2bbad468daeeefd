"""``qualtrics-contracts probe``: what a real account does."""

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, NoReturn

import click

from contracts.errors import ProbeError, UnreadableFileError
from contracts.option_numbers import Integer
from contracts.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.probe.questions import Finding

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


@click.command("probe", epilog="Example: qualtrics-contracts probe --i-have-an-account")
@click.option(
    "--i-have-an-account",
    "is_meant",
    is_flag=True,
    help="Send the calls; without it they are only listed.",
)
@click.option("--use-up-the-minute", is_flag=True, help="Probe the rate limit too.")
@click.option(
    "--calls-per-minute",
    type=Integer(1, 3_000),
    default=3_000,
    show_default=True,
    help="The brand's limit, for --use-up-the-minute.",
)
@click.option(
    "--from-har",
    "har_path",
    metavar="FILE",
    help="Send nothing: settle what this recording of calls to an account can.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def probe_account(
    *,
    is_meant: bool,
    use_up_the_minute: bool,
    calls_per_minute: int,
    har_path: str | None,
    as_json: bool,
) -> None:
    """Check assumptions about Qualtrics against a real account.

    Needs QUALTRICS_URL (an enabled workflow's trigger URL), QUALTRICS_USERNAME and
    QUALTRICS_API_TOKEN; QUALTRICS_DISABLED_URL is optional. Accepted events start the workflow.
    With --from-har a recording is read in place of all that, and the flags are printed that make
    `mock-qualtrics serve` answer as recorded. Exit code: 0 everything that was checked is as
    assumed, 1 something differs, 2 the account could not be probed, or the recording not be read.
    """
    if har_path is not None:
        if is_meant or use_up_the_minute:
            raise click.UsageError("--from-har sends nothing: give no flag that sends calls")
        _settle_by_recording(har_path, as_json=as_json)
    from contracts.probe import report  # noqa: PLC0415  the other commands need no HTTP

    minute = calls_per_minute if use_up_the_minute else None
    if not is_meant:
        click.echo(report.plan(minute))
        return
    try:
        findings = report.ask(os.environ, minute)
    except ProbeError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        sys.exit(EXIT_USAGE)
    _print(findings, report.told(findings), as_json=as_json)


def _settle_by_recording(path: str, *, as_json: bool) -> NoReturn:
    from contracts.probe import recorded_answers, report  # noqa: PLC0415  the other ways need none
    from contracts.verification.har_traffic import read_entries  # noqa: PLC0415

    try:
        entries = read_entries(path)
        findings = recorded_answers.recorded_findings(entries)
    except (ProbeError, UnreadableFileError) as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        sys.exit(EXIT_USAGE)
    if recorded_answers.is_of_this_machine(entries):
        note = "all calls went to this machine: a recording of a mock says nothing of an account"
        click.echo(f"note: {note}", err=True)
    flags = recorded_answers.assume_flags(findings)
    if as_json and flags:
        click.echo(f"mock-qualtrics serve {' '.join(flags)}", err=True)
    _print(findings, report.told_of_recording(findings, flags), as_json=as_json)


def _print(findings: "Sequence[Finding]", told: str, *, as_json: bool) -> NoReturn:
    rows = [asdict(finding) for finding in findings]
    click.echo(json.dumps(rows, indent=2) if as_json else printable(told, keep="\n"))
    sys.exit(EXIT_FAILED if any(finding.differs for finding in findings) else 0)
