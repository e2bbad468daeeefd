"""The command ``qualtrics-contracts``. It imports only the subcommand that is run."""

import io
import pkgutil
import sys

import click

from contracts import __version__
from contracts.flag_values import FlagCheckingGroup
from contracts.verdicts import EXIT_INTERRUPTED

_COMMANDS = {
    "schemas": "list_schemas:list_schemas",
    "schema": "print_schema:print_schema",
    "validate": "validate_files:validate_files",
    "compatible": "compatible_command:compatible_command",
    "breaking": "breaking_command:breaking_command",
    "conformance": "conformance_command:conformance_command",
    "replay": "replay_command:replay_command",
    "verify": "verify_traffic:verify_traffic",
    "fidelity": "show_fidelity:show_fidelity",
    "probe": "probe_account:probe_account",
}


class _Commands(FlagCheckingGroup):
    """The commands in ``contracts.commands``, each imported only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = pkgutil.resolve_name(f"contracts.commands.{_COMMANDS[cmd_name]}")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C has a code of its own: 1 is a failure that was found."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("error: interrupted; give the same command again", err=True)
            ctx.exit(EXIT_INTERRUPTED)


@click.command(cls=_Commands, epilog="Example: qualtrics-contracts validate dataflow dataflow.toml")
@click.version_option(__version__, prog_name="qualtrics-contracts")
def main() -> None:
    """Judge files, connectors, mappings and recorded calls by what the two systems exchange."""
    for stream in (sys.stdout, sys.stderr):
        # Escape a character that the terminal's encoding lacks, instead of failing on it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
