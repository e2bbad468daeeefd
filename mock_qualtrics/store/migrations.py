"""Bring a store of an older version to this one: one function a version.

A column is added by a `Column` in ``schema`` with ``info={"since": VERSION}`` and a function here,
at the end of ``MIGRATIONS``; a table, by a `Table` and a function that may be empty. A function
that has landed never changes: stores that it migrated exist. So a migration names no default of the
code, which may change; it holds the documents as its version wrote them.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, inspect, select, text, update

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.foreign_tables import refuse_foreign_tables
from mock_qualtrics.store.older.minutes_of_rows import count_rows_by_minute
from mock_qualtrics.store.schema import (
    TENANT_SHIFT,
    meta,
    metadata_for,
    requests,
    runs,
    tenant_counters,
    tenants,
    workflows,
)

Document = dict[str, Any]

# Not "schema_version": the sender's outbox has that row in a table of the same name.
_VERSION: Final = "store_version"
OLDER_REQUEST_IDS: Final = "older_request_ids"
_HIGHEST_VERSION_DIGITS: Final = 9


def create_or_migrate(connection: Connection) -> int | None:
    """Create the tables of a new store, or migrate an older one; inside a transaction.

    Returns:
        The version that the store had; None if it is new or of this version.

    Raises:
        StoreFailedError: the tables are another program's, or the store is of a newer version.
        SQLAlchemyError: the database refused.
    """
    existing = refuse_foreign_tables(connection)
    version = _stored_version(connection, existing)
    _require_known(version)
    for migration in MIGRATIONS[version - 1 :]:
        migration(connection)
    tables = metadata_for(connection.dialect.name)
    if existing != tables.tables.keys():
        tables.create_all(connection, checkfirst=bool(existing))
    if version == SCHEMA_VERSION and existing:
        return None
    _put_meta(connection, _VERSION, str(SCHEMA_VERSION))
    return version if existing else None


def add_column(connection: Connection, table: Table, column: str, definition: str) -> None:
    """Add a column, unless somebody has added one of this name by hand.

    Args:
        connection: inside a transaction.
        table: the table.
        column: the column's name.
        definition: type and default, in words that SQLite and PostgreSQL share.
    """
    if column not in {found["name"] for found in inspect(connection).get_columns(table.name)}:
        connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {column} {definition}"))


def _stored_version(connection: Connection, existing: set[str]) -> int:
    if not existing:
        return SCHEMA_VERSION
    # The first version stored none.
    stored = _get_meta(connection, _VERSION) if meta.name in existing else None
    if stored is None:
        return 1
    is_number = stored.isascii() and stored.isdecimal() and len(stored) <= _HIGHEST_VERSION_DIGITS
    return int(stored) if is_number else _refuse(stored)


def _require_known(version: int) -> None:
    if not 1 <= version <= SCHEMA_VERSION:
        _refuse(str(version))


def _refuse(version: str) -> int:
    raise StoreFailedError(
        f"it is a store of version {version}, expected version 1 to {SCHEMA_VERSION}: "
        "go on with the release that made it, or begin anew with another --store"
    )


def _get_meta(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name))


def _put_meta(connection: Connection, name: str, value: str) -> None:
    changed = connection.execute(update(meta).where(meta.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(meta).values(name=name, value=value))


def _change_documents(
    connection: Connection, table: Table, change: Callable[[Document], Document]
) -> None:
    (key,) = table.primary_key.columns
    for number, document in connection.execute(select(key, table.c.document)).all():
        try:
            changed = json.dumps(change(json.loads(document)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise StoreFailedError(
                f"table {table.name!r}, row {number}: found a damaged document, expected what a "
                "release wrote; nothing was migrated"
            ) from error
        connection.execute(update(table).where(key == number).values(document=changed))


def _keep_only_chosen_settings(connection: Connection) -> None:
    """Version 2. Version 1 wrote out every setting; one that equals its default was not chosen."""
    _keep_the_seed(connection)
    _change_documents(connection, tenants, _chosen_of_tenant)
    _change_documents(connection, workflows, _chosen_of_workflow)
    _change_documents(connection, tenant_counters, _without_pruned_to)


def _keep_the_seed(connection: Connection) -> None:
    # The first stores kept their seed with each tenant only. Ids of runs come from it.
    document = connection.scalar(select(tenants.c.document).order_by(tenants.c.number).limit(1))
    if document is not None and _get_meta(connection, "seed") is None:
        _put_meta(connection, "seed", str(json.loads(document)["settings"]["seed"]))


def _chosen_of_tenant(document: Document) -> Document:
    settings = dict(document["settings"])
    for group, defaults in _TENANT_DEFAULTS_OF_VERSION_1.items():
        settings[group] = _without(settings.get(group, {}), defaults)
    return {**document, "settings": settings}


def _chosen_of_workflow(document: Document) -> Document:
    settings = _without(document["settings"], _WORKFLOW_DEFAULTS_OF_VERSION_1)
    if "tasks" in settings:
        settings["tasks"] = [
            _without(task, _TASK_DEFAULTS_OF_VERSION_1) for task in settings["tasks"]
        ]
    return {**document, "settings": settings}


def _without_pruned_to(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "pruned_to"}


def _without(settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> Document:
    return {
        name: value
        for name, value in settings.items()
        if name not in defaults or value != defaults[name]
    }


_TENANT_DEFAULTS_OF_VERSION_1: Final[Mapping[str, Document]] = {
    "limits": {"callsPerMinute": 3_000, "payloadBytes": 102_400, "runsPerDay": 300_000},
    "assumptions": {
        "acceptedStatus": 200,
        "disabledStatus": 200,
        "unknownTriggerStatus": 404,
        "tooLargeStatus": 413,
        "contentEncodingStatus": 415,
        "invalidJsonStatus": 400,
        "notAnObjectStatus": 400,
        "mediaTypeStatus": 415,
        "wrongMethodStatus": 405,
        "everyCredentialCounts": True,
        "retryAfter": False,
        "window": "sliding",
        "countRefusedCalls": False,
    },
}
_WORKFLOW_DEFAULTS_OF_VERSION_1: Final[Document] = {
    "enabled": True,
    "requireAuthentication": True,
    "onTaskFailure": "continue",
    "retryTasks": False,
    "delay": {"kind": "fixed", "seconds": 0.2},
    "fields": [],
    "conditions": {},
    "tasks": [],
}
_TASK_DEFAULTS_OF_VERSION_1: Final[Document] = {
    "settings": {},
    "failFirst": 0,
    "failProbability": 0,
}


def _keep_details_of_calls(connection: Connection) -> None:
    """Version 3. Calls have their query and answer, and those without a run can be listed.

    Runs say whether "Run now" started them.
    """
    add_column(connection, requests, "query", "TEXT")
    add_column(connection, requests, "answer", "TEXT")
    add_column(connection, runs, "run_now", "BOOLEAN NOT NULL DEFAULT FALSE")
    connection.execute(
        text(
            "CREATE INDEX IF NOT EXISTS calls_without_run ON requests (reason, seq) WHERE runs = 0"
        )
    )
    # An older id of a call does not hold the call's number.
    _put_meta(connection, OLDER_REQUEST_IDS, "yes")
    _count_other_calls(connection)


def _count_other_calls(connection: Connection) -> None:
    """Count the calls at other paths, which version 2 numbered and did not count."""
    paths = [f"/inbound-event/v1/events/{kind}/triggers" for kind in ("json", "JSON")]
    tenant = (requests.c.seq // (1 << TENANT_SHIFT)).label("tenant")
    name = func.coalesce(requests.c.reason, "whoami").label("name")
    others = select(tenant, name).where(requests.c.path.not_in(paths)).subquery()
    columns = (others.c.tenant, others.c.name)
    question = select(*columns, func.count()).group_by(*columns)
    by_tenant: dict[int, dict[str, int]] = {}
    for number, reason, count in connection.execute(question):
        by_tenant.setdefault(number, {})[reason] = count

    def counted(document: Document) -> Document:
        counts = {
            "other_calls": document["calls"] - document["received"],
            "other_by": by_tenant.get(document["tenant_number"], {}),
        }
        return {**document, **counts}

    _change_documents(connection, tenant_counters, counted)


def _keep_places_of_tokens(connection: Connection) -> None:
    """Version 4. Calls say where the tenant's token stood; of older ones nobody knows."""
    add_column(connection, requests, "token_places", "SMALLINT")


def _keep_faults_of_calls(connection: Connection) -> None:
    """Version 5. Calls say which faults they met; of older ones nobody knows."""
    add_column(connection, requests, "faults", "TEXT")


def _count_by_the_minute(connection: Connection) -> None:
    """Version 6. Minutes have counters; those of rows that are deleted nobody knows."""
    count_rows_by_minute(connection)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (
    _keep_only_chosen_settings,
    _keep_details_of_calls,
    _keep_places_of_tokens,
    _keep_faults_of_calls,
    _count_by_the_minute,
)
SCHEMA_VERSION: Final = 1 + len(MIGRATIONS)
