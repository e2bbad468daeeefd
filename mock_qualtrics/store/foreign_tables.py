"""Whether a database's tables are the journal's: another program's are left alone."""

from sqlalchemy import Engine, inspect

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.schema import metadata


def refuse_strangers_tables(engine: Engine) -> None:
    """Look at the tables that have the journal's names; nothing is changed.

    Raises:
        StoreFailedError: one has other columns, so another program made it.
        SQLAlchemyError: the database cannot be asked.
    """
    found = inspect(engine)
    there = set(found.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        if missing := sorted({column.name for column in table.columns} - columns):
            raise StoreFailedError(
                f"another program's table {table.name!r} is in it: found no column "
                f"{missing[0]!r}, expected a database of its own or none yet"
            )
