"""``mock-qualtrics serve``: run the server until it is interrupted, and say how to reach it."""

import json
from typing import TYPE_CHECKING, Any

import click

from mock_qualtrics.commands.logs import log_to_stderr
from mock_qualtrics.commands.serve_options import serve_options
from mock_qualtrics.commands.serving import checked, refusals_explained, run_server
from mock_qualtrics.commands.welcome import welcome

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer
    from mock_qualtrics.tenants.tenant import Tenant

EXAMPLE = "Example: mock-qualtrics serve --port 0 --store sqlite:///mock.db --ready-file ready.json"


@click.command(epilog=EXAMPLE)
@serve_options(port=8084)
@click.option("--json", "as_json", is_flag=True, help="Print the ready file's content instead.")
def serve(**flags: Any) -> None:  # noqa: ANN401  click's own values
    """Serve until interrupted: the JSON Event, its workflows, and their Run history."""
    flags = checked(flags)
    log_to_stderr()

    def announce(running: "RunningServer", document: dict[str, Any]) -> None:
        tenant = running.engine.tenants.default
        click.echo(json.dumps(document) if flags["as_json"] else _welcome(tenant, document, flags))

    with refusals_explained(flags):
        run_server(flags, announce)


def _welcome(tenant: "Tenant", document: dict[str, Any], flags: dict[str, Any]) -> str:
    # Imported only here, because programs wait for the ready file and need no sample event.
    from mock_qualtrics.events.sample_event import sample_event  # noqa: PLC0415  see above

    settings = [workflow.settings.to_mapping() for workflow in tenant.workflows]
    event = sample_event(settings[0]) if settings else {}
    warnings = [text for workflow in tenant.workflows for text in workflow.warnings()]
    return welcome(
        document, flags["store"], event, wire_faults=flags["wire_faults"], warnings=warnings
    )
