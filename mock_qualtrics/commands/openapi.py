"""``mock-qualtrics openapi``: the description of the API, for generators of clients and linters."""

import json

import click

from contracts.addresses import shown_address
from mock_qualtrics.commands.remote.running_mock import mock_address

EXAMPLE = "Example: mock-qualtrics openapi > mock-qualtrics.json"


@click.command(epilog=EXAMPLE)
@click.option(
    "--url",
    callback=lambda _context, _option, url: None if url is None else mock_address(url),
    help="Name this server in it, instead of the default one.",
)
@click.option("--json", "_as_json", is_flag=True, help="Print JSON, which it does anyway.")
def openapi(*, url: str | None, _as_json: bool) -> None:
    """Print the OpenAPI description of trigger, whoami and control API in one file.

    A running mock serves the same at /openapi.yaml.
    """
    from contracts.openapi import one_file  # noqa: PLC0415  --help must not pay for it

    document = one_file()
    if url is not None:
        document["servers"] = [{"url": shown_address(url)}]
    click.echo(json.dumps(document, indent=2))
