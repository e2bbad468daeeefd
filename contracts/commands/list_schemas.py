"""``qualtrics-contracts schemas``: which schemas there are."""

import json

import click

from contracts.tables import Column, print_rows


@click.command("schemas", epilog="Example: qualtrics-contracts schemas --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_schemas(*, as_json: bool) -> None:
    """List the schemas that files can be validated against."""
    from contracts.validation import schema, schema_names  # noqa: PLC0415  --help needs none

    titles = {name: schema(name)["title"] for name in schema_names()}
    if as_json:
        click.echo(json.dumps(titles, indent=2))
        return
    print_rows((Column("Schema", whole=True), Column("Title")), titles.items())
