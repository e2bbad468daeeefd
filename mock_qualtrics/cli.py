"""The command ``mock-qualtrics``. It imports only the subcommand that is run."""

import pkgutil

import click

from contracts import __version__

_COMMANDS = {
    "serve": "serve:serve",
    "demo": "demo:demo",
    "exec": "execute.exec_command:exec_command",
    "runs": "remote.runs:runs",
    "run": "remote.run:run",
    "calls": "remote.calls:calls",
    "workflow": "remote.workflow_command:workflow_command",
    "fault": "remote.fault:fault",
    "clock": "remote.clock_command:clock_command",
    "reset": "remote.reset:reset",
    "openapi": "openapi:openapi",
}


class _Commands(click.Group):
    """The commands in ``mock_qualtrics.commands``, each imported only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = pkgutil.resolve_name(
            f"mock_qualtrics.commands.{_COMMANDS[cmd_name]}"
        )
        return command


@click.command(cls=_Commands, epilog="Example: mock-qualtrics serve --workflows workflows.toml")
@click.version_option(__version__, prog_name="mock-qualtrics")
def main() -> None:
    """Imitate Qualtrics' JSON Event, its workflows and their Run history."""
