"""Bring an outbox of an older version to this one: one function a version.

A column or a table is added by a change of ``TABLES`` in :mod:`sender.outbox.schema` and a function
here, at the end of ``MIGRATIONS``. A function that has landed never changes: files that it migrated
exist.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sender.dataflow.digests import workflow_digest
from sender.errors import ConfigurationError
from sender.outbox.schema import ACTIVATED_AUDIENCES, TABLES

# Columns that every version has. Another program's table with our table's name has others.
_COLUMNS_OF_ALL_VERSIONS: Final = {
    "messages": {"seq", "run", "trace_id", "body", "state", "attempts"},
    "profiles": {"key", "state"},
    "runs": {"id", "started_at", "source", "rows_read"},
}
_HIGHEST_VERSION_DIGITS: Final = 9
_KEEP_VERSION: Final = """
    INSERT INTO meta (name, value) VALUES ('schema_version', ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
"""


def version_of(database: sqlite3.Connection, path: Path | None) -> int:
    """Return the version of an outbox; change nothing.

    Raises:
        ConfigurationError: the file is another program's, or of a newer version.
        sqlite3.Error: the file cannot be read.
    """
    row = database.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
    text = None if row is None else str(row[0])
    is_number = text is not None and text.isascii() and text.isdecimal()
    if text is None or not is_number or not _has_our_tables(database):
        raise ConfigurationError(f"{path}: not an outbox that can be used: another program's file")
    if len(text) > _HIGHEST_VERSION_DIGITS or not 1 <= int(text) <= SCHEMA_VERSION:
        raise ConfigurationError(
            f"{path}: an outbox of version {text}; expected version 1 to {SCHEMA_VERSION}: "
            "go on with the release that made it, or begin anew with another --outbox"
        )
    return int(text)


def migrate(database: sqlite3.Connection, version: int) -> None:
    """Bring an outbox of a version to this one, in one transaction.

    Raises:
        sqlite3.Error: the file refused; it stays as it was.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        for migration in MIGRATIONS[version - 1 :]:
            migration(database)
        create(database)
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # on a full disk SQLite has rolled back itself
            database.execute("ROLLBACK")
        raise


def create(database: sqlite3.Connection) -> None:
    """Create what is missing of the tables, and store this version; inside a transaction."""
    for statement in TABLES:
        database.execute(statement)
    database.execute(_KEEP_VERSION, (str(SCHEMA_VERSION),))


def _has_our_tables(database: sqlite3.Connection) -> bool:
    return all(
        columns <= _columns(database, table) for table, columns in _COLUMNS_OF_ALL_VERSIONS.items()
    )


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def _add_column(database: sqlite3.Connection, table: str, column: str, definition: str) -> None:
    # Somebody may have added a column of this name by hand.
    if column not in _columns(database, table):
        database.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")


def _note_each_profiles_last_message(database: sqlite3.Connection) -> None:
    """Version 2. Which message exported a profile is unknown: 0, the number of no message."""
    _add_column(database, "messages", "after_seq", "INTEGER")
    _add_column(database, "profiles", "last_seq", "INTEGER NOT NULL DEFAULT 0")


def _count_messages_taken_over(database: sqlite3.Connection) -> None:
    """Version 3."""
    _add_column(database, "runs", "taken_over", "INTEGER NOT NULL DEFAULT 0")


def _let_messages_wait(database: sqlite3.Connection) -> None:
    """Version 4. The next export decides which messages wait."""
    _add_column(database, "messages", "waits", "INTEGER NOT NULL DEFAULT 0")


def _note_rates_days_statuses_and_audiences(database: sqlite3.Connection) -> None:
    """Version 5. A message that was never sent waits for no instant, a replayed one neither."""
    _add_column(database, "messages", "status", "INTEGER")
    _add_column(database, "runs", "rows_expected", "INTEGER")
    _add_column(database, "runs", "paced_as", "TEXT")
    _add_column(database, "runs", "rate_intervals", "INTEGER NOT NULL DEFAULT 0")
    _add_column(database, "runs", "rate_seconds", "REAL NOT NULL DEFAULT 0")
    database.execute(
        "UPDATE messages SET next_attempt_at = NULL "
        "WHERE state = 0 AND attempts = 0 AND next_attempt_at IS NOT NULL"
    )
    _note_activated_audiences(database)


def _note_activated_audiences(database: sqlite3.Connection) -> None:
    """What was mapped when a source was last read to its end, is activated."""
    rows = database.execute("SELECT value FROM meta WHERE name = 'dataflow'").fetchall()
    is_read = database.execute("SELECT 1 FROM runs WHERE source_finished LIMIT 1").fetchone()
    if not rows or is_read is None:
        return
    dataflow = json.loads(rows[0][0])
    audiences = sorted({audience["id"] for audience in dataflow["audiences"]})
    activated = {workflow_digest(dataflow["url"]): [audiences, audiences]}
    database.execute(
        "INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)",
        (ACTIVATED_AUDIENCES, json.dumps(activated)),
    )


MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (
    _note_each_profiles_last_message,
    _count_messages_taken_over,
    _let_messages_wait,
    _note_rates_days_statuses_and_audiences,
)
SCHEMA_VERSION: Final = 1 + len(MIGRATIONS)
