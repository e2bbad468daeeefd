"""Refuse a database in which another program's tables have the journal's names."""

from sqlalchemy import Engine, inspect

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.schema import metadata


def refuse_foreign_tables(engine: Engine) -> None:
    """Compare existing tables of the journal's names with its columns; change nothing.

    Raises:
        StoreFailedError: a table lacks a column, so another program made it.
        SQLAlchemyError: the database cannot be read.
    """
    inspector = inspect(engine)
    existing = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in existing:
            continue
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        if missing := sorted({column.name for column in table.columns} - columns):
            raise StoreFailedError(
                f"another program's table {table.name!r} is in it: found no column "
                f"{missing[0]!r}, expected a database of its own or none yet"
            )
