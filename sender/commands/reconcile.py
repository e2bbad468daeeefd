"""``reconcile``: compares an outbox with the mock's journal."""

import dataclasses
import sys
from collections.abc import Sequence

import click
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from contracts.control_token import control_token_options
from contracts.secret import Secret
from sender.commands.shared import common_options, errors_and_exit
from sender.destination.reconciliation import Disagreement, MockJournal, Reconciliation, reconciled
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.reporting.report_page import print_table
from sender.text import printable_text


@click.command(
    "reconcile",
    epilog="Example: qualtrics-sender reconcile --outbox FILE --mock http://127.0.0.1:8084",
)
@common_options.outbox_option
@click.option("--mock", "mock_url", metavar="URL", required=True, help="Where the mock runs.")
@click.option("--url", envvar="QUALTRICS_URL", show_envvar=True, help="Instead of the dataflow's.")
@control_token_options("For a mock that requires one.")
@click.option(
    "--strict",
    is_flag=True,
    help="Fail also when the mock accepted calls that belong to no message in the outbox.",
)
@common_options.json_option
def command(
    outbox_path: str,
    mock_url: str,
    url: str | None,
    control_token: str | None,
    *,
    strict: bool,
    as_json: bool,
) -> None:
    """List every message on which this outbox and the mock's journal disagree."""
    with errors_and_exit.reported_errors():
        path = common_options.existing_outbox(outbox_path)
        secret = None if control_token is None else Secret(control_token)
        with Outbox(path, writable=False) as outbox:
            dataflow = outbox.dataflow()
            if dataflow is None:
                raise ConfigurationError(f"{path}: nothing was ever exported with this outbox")
            accepted = MockJournal(mock_url, secret).accepted(url or dataflow.url)
            result = reconciled(outbox.traces(), accepted)
    if as_json:
        errors_and_exit.print_json(_mapping(result))
    else:
        _show(result)
    disagree = result.disagreements or (strict and result.foreign)
    sys.exit(errors_and_exit.EXIT_FAILED if disagree else 0)


def _mapping(result: Reconciliation) -> dict[str, object]:
    return {
        "messages": result.messages,
        "agreeing": result.agreeing,
        "disagreements": [_disagreement(entry) for entry in result.disagreements],
        "foreign": result.foreign,
    }


def _disagreement(entry: Disagreement) -> dict[str, object]:
    names = {"trace_id": "traceId", "uncertain_attempts": "uncertainAttempts"}
    return {names.get(key, key): value for key, value in dataclasses.asdict(entry).items()}


def _show(result: Reconciliation) -> None:
    if result.disagreements:
        print_table(_table(result.disagreements), wraps=False)
    else:
        click.echo("both sides agree on every message")
    if result.foreign:
        calls = errors_and_exit.counted(result.foreign, "call")
        click.echo(f"foreign: the mock took {calls} of no message in this outbox")
    disagreements = errors_and_exit.counted(len(result.disagreements), "disagreement")
    click.echo(f"total: {errors_and_exit.counted(result.messages, 'message')}, {disagreements}")


def _table(disagreements: Sequence[Disagreement]) -> Table:
    table = Table("Trace id", "Sender", "Uncertain attempts", "Accepted", "", box=SIMPLE)
    for entry in disagreements:
        counts = (str(entry.uncertain_attempts), str(entry.accepted))
        trace_id = escape(printable_text(entry.trace_id))
        table.add_row(trace_id, entry.state, *counts, entry.meaning)
    return table
