"""The command ``mock-qualtrics``. It imports only the subcommand that is run."""

import click

from contracts import __version__
from contracts.command_groups import LazyGroup

_COMMANDS = {
    "serve": "mock_qualtrics.commands.serve:serve",
    "demo": "mock_qualtrics.commands.demo:demo",
    "exec": "mock_qualtrics.commands.execute.exec_command:exec_command",
    "runs": "mock_qualtrics.commands.remote.runs:runs",
    "run": "mock_qualtrics.commands.remote.run:run",
    "calls": "mock_qualtrics.commands.remote.calls:calls",
    "workflow": "mock_qualtrics.commands.remote.workflow_command:workflow_command",
    "fault": "mock_qualtrics.commands.remote.fault:fault",
    "clock": "mock_qualtrics.commands.remote.clock_command:clock_command",
    "reset": "mock_qualtrics.commands.remote.reset:reset",
    "openapi": "mock_qualtrics.commands.openapi:openapi",
}


@click.command(
    cls=LazyGroup,
    modules=_COMMANDS,
    epilog="Example: mock-qualtrics serve --workflows workflows.toml",
)
@click.version_option(__version__, prog_name="mock-qualtrics")
def main() -> None:
    """Imitate Qualtrics' JSON Event, its workflows and their Run history."""
