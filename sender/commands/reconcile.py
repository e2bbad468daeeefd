"""``reconcile``: holds an outbox against the mock's journal."""

import dataclasses
import sys

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from contracts.secret import Secret
from sender.commands import common
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.reconcile import Disagreement, MockJournal, disagreements


@click.command(
    "reconcile",
    epilog="Example: qualtrics-sender reconcile --outbox FILE --mock http://127.0.0.1:8084",
)
@common.outbox_option
@click.option("--mock", "mock_url", metavar="URL", required=True, help="Where the mock runs.")
@click.option("--url", envvar="QUALTRICS_URL", show_envvar=True, help="Instead of the dataflow's.")
@click.option(
    "--control-token",
    envvar="MOCK_QUALTRICS_CONTROL_TOKEN",
    show_envvar=True,
    help="When the mock demands one; better given by the environment.",
)
@common.json_option
def command(
    outbox_path: str, mock_url: str, url: str | None, control_token: str | None, *, as_json: bool
) -> None:
    """List every message whose two sides disagree: this outbox, and the mock's journal."""
    with common.reported_errors():
        path = common.existing_outbox(outbox_path)
        secret = None if control_token is None else Secret(control_token)
        with Outbox(path, writable=False) as outbox:
            dataflow = outbox.dataflow()
            if dataflow is None:
                raise ConfigurationError(f"{path}: nothing was ever exported with this outbox")
            accepted = MockJournal(mock_url, secret).accepted(url or dataflow.url)
            found = list(disagreements(outbox.traces(), accepted))
    if as_json:
        common.print_json({"disagreements": [_mapping(d) for d in found]})
    else:
        _show(found)
    sys.exit(common.EXIT_FAILED if found else 0)


def _mapping(found: Disagreement) -> dict[str, object]:
    names = {"trace_id": "traceId", "uncertain_attempts": "uncertainAttempts"}
    return {names.get(key, key): value for key, value in dataclasses.asdict(found).items()}


def _show(found: list[Disagreement]) -> None:
    if not found:
        click.echo("both sides agree on every message")
        return
    table = Table("Trace id", "Sender", "Uncertain attempts", "Accepted", "", box=SIMPLE)
    for one in found:
        counts = (str(one.uncertain_attempts), str(one.accepted))
        table.add_row(one.trace_id, one.state, *counts, one.meaning)
    Console(soft_wrap=True).print(table)
