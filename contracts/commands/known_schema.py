"""The name of a schema among a command's arguments."""

import click

from contracts.errors import UnknownSchemaError


def known_schema(schema_name: str) -> str:
    """Return the name.

    Raises:
        click.BadParameter: no schema has it; lists those that there are.
    """
    from contracts.validation import schema_names  # noqa: PLC0415  as above

    if schema_name not in schema_names():
        raise click.BadParameter(str(UnknownSchemaError(schema_name, schema_names())))
    return schema_name
