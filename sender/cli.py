"""The command ``qualtrics-sender``: finds the subcommand asked for, and imports no other."""

import importlib
import io
import os
import sys
from pathlib import Path
from typing import TextIO

import click

from contracts import __version__

_COMMANDS = (
    "check",
    "preview",
    "export",
    "resume",
    "status",
    "replay",
    "reconcile",
    "sample-profiles",
    "test-destination",
)


class _Commands(click.Group):
    """Commands that live in ``sender.commands``, each imported only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"sender.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


def _nowhere() -> TextIO:
    """Return what stands in for a stream that was closed when the command began."""
    return Path(os.devnull).open("w", encoding="utf-8")


@click.command(
    cls=_Commands,
    epilog="Example: qualtrics-sender export --dataflow dataflow.toml profiles.jsonl",
)
@click.version_option(__version__, prog_name="qualtrics-sender")
def main() -> None:
    """Export profiles to a Qualtrics JSON Event as Adobe Experience Platform would.

    The API token is read from the environment variable QUALTRICS_API_TOKEN, never from a file.
    """
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack a character: escape it
            stream.reconfigure(errors="backslashreplace")
