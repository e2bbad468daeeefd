"""Finds a value behind a flag that takes none, which click would take for an argument."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

_LIKE_A_VALUE: Final = frozenset({"true", "false", "yes", "no", "on", "off", "0", "1"})


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
