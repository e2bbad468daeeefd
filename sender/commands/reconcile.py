"""``reconciliation``: holds an outbox against the mock's journal."""

import dataclasses
import sys
from collections.abc import Sequence

import click
from rich.box import SIMPLE
from rich.table import Table

from contracts.secret import Secret
from sender.commands.shared import errors_and_exit
from sender.destination.reconciliation import Disagreement, MockJournal, Reconciliation, reconciled
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.reporting.report_page import print_table


@click.command(
    "reconcile",
    epilog="Example: qualtrics-sender reconcile --outbox FILE --mock http://127.0.0.1:8084",
)
@errors_and_exit.outbox_option
@click.option("--mock", "mock_url", metavar="URL", required=True, help="Where the mock runs.")
@click.option("--url", envvar="QUALTRICS_URL", show_envvar=True, help="Instead of the dataflow's.")
@click.option(
    "--control-token",
    envvar="MOCK_QUALTRICS_CONTROL_TOKEN",
    show_envvar=True,
    help="When the mock demands one; better given by the environment.",
)
@click.option(
    "--strict", is_flag=True, help="Fail also when the mock took calls of no message in the outbox."
)
@errors_and_exit.json_option
def command(
    outbox_path: str,
    mock_url: str,
    url: str | None,
    control_token: str | None,
    *,
    strict: bool,
    as_json: bool,
) -> None:
    """List every message whose two sides disagree: this outbox, and the mock's journal."""
    with errors_and_exit.reported_errors():
        path = errors_and_exit.existing_outbox(outbox_path)
        secret = None if control_token is None else Secret(control_token)
        with Outbox(path, writable=False) as outbox:
            dataflow = outbox.dataflow()
            if dataflow is None:
                raise ConfigurationError(f"{path}: nothing was ever exported with this outbox")
            accepted = MockJournal(mock_url, secret).accepted(url or dataflow.url)
            found = reconciled(outbox.traces(), accepted)
    if as_json:
        errors_and_exit.print_json(_mapping(found))
    else:
        _show(found)
    disagree = found.disagreements or (strict and found.foreign)
    sys.exit(errors_and_exit.EXIT_FAILED if disagree else 0)


def _mapping(found: Reconciliation) -> dict[str, object]:
    return {
        "messages": found.messages,
        "agreeing": found.agreeing,
        "disagreements": [_disagreement(one) for one in found.disagreements],
        "foreign": found.foreign,
    }


def _disagreement(one: Disagreement) -> dict[str, object]:
    names = {"trace_id": "traceId", "uncertain_attempts": "uncertainAttempts"}
    return {names.get(key, key): value for key, value in dataclasses.asdict(one).items()}


def _show(found: Reconciliation) -> None:
    if found.disagreements:
        print_table(_table(found.disagreements), wraps=False)
    else:
        click.echo("both sides agree on every message")
    if found.foreign:
        calls = errors_and_exit.counted(found.foreign, "call")
        click.echo(f"foreign: the mock took {calls} of no message in this outbox")
    disagreements = errors_and_exit.counted(len(found.disagreements), "disagreement")
    click.echo(f"total: {errors_and_exit.counted(found.messages, 'message')}, {disagreements}")


def _table(found: Sequence[Disagreement]) -> Table:
    table = Table("Trace id", "Sender", "Uncertain attempts", "Accepted", "", box=SIMPLE)
    for one in found:
        counts = (str(one.uncertain_attempts), str(one.accepted))
        table.add_row(one.trace_id, one.state, *counts, one.meaning)
    return table
