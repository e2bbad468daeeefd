"""``check``: checks whether an export would reach the destination; triggers nothing."""

import sys

import click
from rich.console import Console
from rich.markup import escape

from sender.commands.shared import common_options, errors_and_exit
from sender.destination.check import check_destination
from sender.text import printable_text


@click.command("check", epilog="Example: qualtrics-sender check --dataflow dataflow.toml")
@common_options.dataflow_options
@common_options.json_option
def command(dataflow_path: str, url: str | None, username: str | None, *, as_json: bool) -> None:
    """Check a dataflow's URL form, TLS and credential; triggers nothing.

    The credential is asked for at whoami, which knows the account and no workflow. So a check that
    passes does not tell whether the URL names a workflow, nor whether that one is a draft, enabled
    or disabled: only a call to the trigger does, and test-destination makes one.
    """
    with errors_and_exit.reported_errors():
        dataflow = common_options.load_dataflow(dataflow_path, url, username)
        checks = check_destination(dataflow, common_options.token())
    not_tried = (
        "the trigger itself (it would start a workflow); test-destination asks whether the URL "
        "names a workflow that is enabled"
    )
    all_passed = all(check.passed for check in checks)
    if as_json:
        results = [{"name": c.name, "passed": c.passed, "detail": c.detail} for c in checks]
        errors_and_exit.print_json({"passed": all_passed, "checks": results, "notTried": not_tried})
    else:
        console = Console(soft_wrap=True, highlight=False)
        for check in checks:
            mark = "[green]ok[/]    " if check.passed else "[red]failed[/]"
            console.print(f"{mark} {check.name:<10} {escape(printable_text(check.detail))}")
        console.print(f"not tried: {not_tried}")
    sys.exit(0 if all_passed else errors_and_exit.EXIT_FAILED)
