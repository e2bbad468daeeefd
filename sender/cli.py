"""The command ``qualtrics-sender``. Imports only the subcommand that is run."""

import click

from contracts import __version__
from contracts.command_groups import FlagCheckingGroup

_COMMANDS = {
    "check": "sender.commands.check:command",
    "preview": "sender.commands.preview:command",
    "export": "sender.commands.export:command",
    "resume": "sender.commands.resume:command",
    "status": "sender.commands.status:command",
    "replay": "sender.commands.replay:command",
    "failed": "sender.commands.failed:command",
    "reconcile": "sender.commands.reconcile:command",
    "sample-profiles": "sender.commands.sample_profiles:command",
    "test-destination": "sender.commands.test_destination:command",
}


@click.command(
    cls=FlagCheckingGroup,
    modules=_COMMANDS,
    epilog="Example: qualtrics-sender export --dataflow dataflow.toml profiles.jsonl",
)
@click.version_option(__version__, prog_name="qualtrics-sender")
def main() -> None:
    """Export profiles to a Qualtrics JSON Event as Adobe Experience Platform would.

    The API token is read from the environment variable QUALTRICS_API_TOKEN, never from a file.
    """
