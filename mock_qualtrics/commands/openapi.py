"""``mock-qualtrics openapi``: the description of the API, for generators of clients and linters."""

import json

import click

EXAMPLE = "Example: mock-qualtrics openapi > mock-qualtrics.json"


@click.command(epilog=EXAMPLE)
@click.option("--url", metavar="URL", help="Name this server in it, instead of the default one.")
@click.option("--json", "_as_json", is_flag=True, help="Print JSON, which it does anyway.")
def openapi(*, url: str | None, _as_json: bool) -> None:
    """Print the OpenAPI description of trigger, whoami and control API in one file."""
    from contracts.openapi import one_file  # noqa: PLC0415  --help must not pay for it

    document = one_file()
    if url is not None:
        document["servers"] = [{"url": url.rstrip("/")}]
    click.echo(json.dumps(document, indent=2))
