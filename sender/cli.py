"""The command ``qualtrics-sender``. Imports only the subcommand that is run."""

import importlib
import io
import sys

import click

from contracts import __version__
from contracts.flag_values import FlagCheckingGroup

_COMMANDS = (
    "check",
    "preview",
    "export",
    "resume",
    "status",
    "replay",
    "failed",
    "reconcile",
    "sample-profiles",
    "test-destination",
)


class _Commands(FlagCheckingGroup):
    """The commands of ``sender.commands``, each imported on first use to keep start-up fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"sender.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.command(
    cls=_Commands,
    epilog="Example: qualtrics-sender export --dataflow dataflow.toml profiles.jsonl",
)
@click.version_option(__version__, prog_name="qualtrics-sender")
def main() -> None:
    """Export profiles to a Qualtrics JSON Event as Adobe Experience Platform would.

    The API token is read from the environment variable QUALTRICS_API_TOKEN, never from a file.
    """
    for stream in (sys.stdout, sys.stderr):
        # Escape a character that the terminal's encoding lacks, instead of failing on it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
