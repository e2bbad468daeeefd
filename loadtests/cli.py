"""The command ``qualtrics-load``. It imports only the subcommand that is run."""

import io
import pkgutil
import sys

import click

from contracts import __version__
from contracts.flag_values import FlagCheckingGroup
from contracts.verdicts import EXIT_INTERRUPTED

_COMMANDS = {"plan": "plan_command:plan_command"}


class _Commands(FlagCheckingGroup):
    """The commands in ``loadtests.commands``, each imported only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = pkgutil.resolve_name(f"loadtests.commands.{_COMMANDS[cmd_name]}")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C has a code of its own, as in the other commands."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("error: interrupted; give the same command again", err=True)
            ctx.exit(EXIT_INTERRUPTED)


@click.command(
    cls=_Commands, epilog="Example: qualtrics-load plan --profiles 1_000_000 --arrival-rate 1000"
)
@click.version_option(__version__, prog_name="qualtrics-load")
def main() -> None:
    """Know before activating what an export delivers, drops, doubles and has blocked."""
    for stream in (sys.stdout, sys.stderr):
        # Escape a character that the terminal's encoding lacks, instead of failing on it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
