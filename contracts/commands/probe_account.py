"""``qualtrics-contracts probe``: what a real account does."""

import json
import os
import sys
from dataclasses import asdict
from typing import Final

import click

from contracts.errors import ProbeError
from contracts.option_numbers import Integer
from contracts.terminal import printable

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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def probe_account(
    *, is_meant: bool, use_up_the_minute: bool, calls_per_minute: int, as_json: bool
) -> None:
    """Check assumptions about Qualtrics against a real account.

    Needs QUALTRICS_URL (an enabled workflow's trigger URL), QUALTRICS_USERNAME and
    QUALTRICS_API_TOKEN; QUALTRICS_DISABLED_URL is optional. Accepted events start the workflow.
    Exit code: 0 everything that was checked is as assumed, 1 something differs, 2 the account could
    not be probed.
    """
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
    rows = [asdict(finding) for finding in findings]
    click.echo(
        json.dumps(rows, indent=2) if as_json else printable(report.told(findings), keep="\n")
    )
    sys.exit(EXIT_FAILED if any(finding.differs for finding in findings) else 0)
