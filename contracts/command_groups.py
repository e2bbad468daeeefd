"""Commands with subcommands, of which they import only the one that is run."""

import pkgutil
from collections.abc import Mapping
from typing import Any

import click

from contracts.flag_values import flags_with_values
from contracts.verdicts import EXIT_INTERRUPTED


class LazyGroup(click.Group):
    """Subcommands that are imported when they are used, so that each starts fast.

    Args:
        modules: each subcommand's name with the place of its function, such as
            ``sender.commands.status:command``, in the order of the help.
        options: those of :class:`click.Group`.
    """

    def __init__(self, *, modules: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the subcommands' names."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a subcommand; None if there is none of this name."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = pkgutil.resolve_name(self._modules[cmd_name])
        return command


class FlagCheckingGroup(LazyGroup):
    """Subcommands that say that a flag takes no value, instead of reading it as a file."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and look at what follows its flags.

        Raises:
            click.UsageError: a value follows a flag.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            for flag, value in flags_with_values(command, rest):
                within = click.Context(command, parent=ctx, info_name=name)
                raise click.UsageError(
                    f"{flag} takes no value: found {value!r} behind it; expected {flag} alone, or "
                    "leave it out",
                    within,
                )
        return name, command, rest


class RepeatableGroup(FlagCheckingGroup):
    """Subcommands that keep nothing half done: after Ctrl-C they are given again."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; Ctrl-C has a code of its own: 1 is a failure that was found."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("error: interrupted; give the same command again", err=True)
            ctx.exit(EXIT_INTERRUPTED)
