"""Refuse a database in which another program's tables have the journal's names."""

from sqlalchemy import Connection, Table, inspect

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.schema import metadata


def refuse_foreign_tables(connection: Connection) -> set[str]:
    """Compare existing tables of the journal's names with its columns; change nothing.

    A column more does no harm, and a store of an older version lacks the columns added since.

    Returns:
        The names of the journal's tables that exist.

    Raises:
        StoreFailedError: a table lacks a column, so another program made it.
        SQLAlchemyError: the database cannot be read.
    """
    inspector = inspect(connection)
    existing = set(inspector.get_table_names())
    ours = [table for table in metadata.sorted_tables if table.name in existing]
    for table in ours:
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        if missing := sorted(_columns_of_all_versions(table) - columns):
            raise StoreFailedError(
                f"another program's table {table.name!r} is in it: found no column "
                f"{missing[0]!r}, expected a database of its own or none yet"
            )
    return {table.name for table in ours}


def _columns_of_all_versions(table: Table) -> set[str]:
    return {column.name for column in table.columns if "since" not in column.info}
