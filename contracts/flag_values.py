"""Refuses a value behind a flag that takes none, which click would take for an argument."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

_LIKE_A_VALUE: Final = frozenset({"true", "false", "yes", "no", "on", "off", "0", "1"})


class FlagCheckingGroup(click.Group):
    """A group whose commands say that a flag takes no value, instead of reading it as a file."""

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


def flags_with_values(command: click.Command, args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each flag that a word like a value follows, unless a file has that name.

    Example:
        >>> command = click.Command("export", params=[click.Option(["--restated"], is_flag=True)])
        >>> list(flags_with_values(command, ["--restated", "yes", "p.csv"]))
        [('--restated', 'yes')]
    """
    options = [option for option in command.params if isinstance(option, click.Option)]
    flags = {name for option in options if option.is_flag for name in option.opts}
    given = args[: args.index("--")] if "--" in args else args
    for flag, value in itertools.pairwise(given):
        if flag in flags and value.lower() in _LIKE_A_VALUE and not Path(value).exists():
            yield flag, value
