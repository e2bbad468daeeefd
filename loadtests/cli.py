"""The command ``qualtrics-load``. It imports only the subcommand that is run."""

import click

from contracts import __version__
from contracts.command_groups import RepeatableGroup

_COMMANDS = {
    "plan": "loadtests.commands.plan_command:plan_command",
    "locust": "loadtests.commands.locust_command:locust_command",
}


@click.command(
    cls=RepeatableGroup,
    modules=_COMMANDS,
    epilog="Example: qualtrics-load plan --profiles 1_000_000 --arrival-rate 1000",
)
@click.version_option(__version__, prog_name="qualtrics-load")
def main() -> None:
    """Know before activating what an export delivers, drops, doubles and has blocked; or try it."""
