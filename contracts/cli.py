"""The command ``qualtrics-contracts``. It imports only the subcommand that is run."""

import click

from contracts import __version__
from contracts.command_groups import RepeatableGroup

_COMMANDS = {
    "schemas": "contracts.commands.list_schemas:list_schemas",
    "schema": "contracts.commands.print_schema:print_schema",
    "validate": "contracts.commands.validate_files:validate_files",
    "compatible": "contracts.commands.compatible_command:compatible_command",
    "breaking": "contracts.commands.breaking_command:breaking_command",
    "conformance": "contracts.commands.conformance_command:conformance_command",
    "replay": "contracts.commands.replay_command:replay_command",
    "verify": "contracts.commands.verify_traffic:verify_traffic",
    "fidelity": "contracts.commands.show_fidelity:show_fidelity",
    "probe": "contracts.commands.probe_account:probe_account",
}


@click.command(
    cls=RepeatableGroup,
    modules=_COMMANDS,
    epilog="Example: qualtrics-contracts validate dataflow dataflow.toml",
)
@click.version_option(__version__, prog_name="qualtrics-contracts")
def main() -> None:
    """Judge files, connectors, mappings and recorded calls by what the two systems exchange."""
