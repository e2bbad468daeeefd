"""``qualtrics-contracts schema``: one schema, for any validator."""

import json

import click

from contracts.commands.known_schema import known_schema
from contracts.terminal import printable


@click.command("schema", epilog="Example: qualtrics-contracts schema exported-message")
@click.argument("schema_name", metavar="NAME", callback=lambda _, __, name: known_schema(name))
def print_schema(schema_name: str) -> None:
    """Print one schema, complete by itself: JSON Schema 2020-12 for any validator.

    ajv takes it with `ajv/dist/2020`, and the formats of dates with the package ajv-formats.

    The command `qualtrics-contracts schemas` lists the names.
    """
    from contracts.one_piece import schema_in_one_piece  # noqa: PLC0415  as above

    text = json.dumps(schema_in_one_piece(schema_name), indent=2, ensure_ascii=False)
    click.echo(printable(text, keep="\n"))
