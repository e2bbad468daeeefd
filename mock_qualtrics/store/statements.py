"""The hot statements: written in SQLAlchemy Core, compiled once, run directly by the driver.

For one row, Core takes several times as long as SQLite itself. So the few statements that every
call, every run and every new tenant needs are compiled to SQL text once, and run with
``executemany``. A test suite makes and deletes a tenant for each test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from mock_qualtrics.store.schema import (
    meta,
    minutes,
    requests,
    runs,
    seen,
    tenant_counters,
    tenants,
    workflows,
)


@dataclass(frozen=True, slots=True)
class Hot:
    """A statement's SQL text, and the names of its parameters in order."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """a query's SQL text, and what its parameters are.

    Attributes:
        names: the parameters' names in order; a name may come several times.
        constants: the values of those that the query was made with.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return all values in order, of the others as given by name."""
        return tuple([given[n] if n in given else self.constants[n] for n in self.names])


def prepare(query: Select[Any], dialect_name: str) -> Prepared:
    """Compile a query that is asked again and again with other values."""
    compiled = query.compile(dialect=_dialect(dialect_name))
    return Prepared(str(compiled), tuple(compiled.positiontup or ()), compiled.params)


@dataclass(frozen=True, slots=True)
class HotStatements:
    """The hot statements of one dialect."""

    add_request: Hot
    correct_status: Hot
    add_run: Hot
    change_run: Hot
    put_seen: Hot
    put_counters: Hot
    put_minute: Hot
    get_seen: Hot
    get_minute: Hot
    put_meta: Hot
    put_tenant: Hot
    put_workflow: Hot
    drop_meta: Hot
    drop_tenant: Hot
    drop_workflow: Hot
    drop_requests: Hot
    drop_runs: Hot
    drop_counters: Hot
    drop_minutes: Hot
    drop_seen: Hot


CHANGED_RUN = ("state", "due_at", "priority", "started_at", "finished_at", "error", "detail")


@lru_cache
def compile_hot(dialect_name: str) -> HotStatements:
    """Return the hot statements for ``sqlite`` or ``postgresql``."""
    dialect = _dialect(dialect_name)
    return HotStatements(
        add_request=_compiled(_add(requests, dialect_name), dialect, _columns(requests)),
        correct_status=_compiled(_correct_status(), dialect, ("new_status", "row")),
        add_run=_compiled(_add(runs, dialect_name), dialect, _columns(runs)),
        change_run=_compiled(_change_run(), dialect, (*CHANGED_RUN, "row")),
        put_seen=_compiled(_put(seen, dialect_name), dialect, _columns(seen)),
        put_counters=_compiled(
            _put(tenant_counters, dialect_name), dialect, _columns(tenant_counters)
        ),
        put_minute=_compiled(_put(minutes, dialect_name), dialect, _columns(minutes)),
        get_seen=_compiled(_get_seen(), dialect, ("tenant", "key")),
        get_minute=_compiled(_get_minute(), dialect, ("tenant", "key")),
        put_meta=_compiled(_put(meta, dialect_name), dialect, _columns(meta)),
        put_tenant=_compiled(_put(tenants, dialect_name), dialect, _columns(tenants)),
        put_workflow=_compiled(_put(workflows, dialect_name), dialect, _columns(workflows)),
        drop_meta=_compiled(_drop(meta, "name"), dialect, ("key",)),
        drop_tenant=_compiled(_drop(tenants, "number"), dialect, ("key",)),
        drop_workflow=_compiled(_drop(workflows, "number"), dialect, ("key",)),
        drop_requests=_compiled(_drop_between(requests), dialect, ("first", "end")),
        drop_runs=_compiled(_drop_between(runs), dialect, ("first", "end")),
        drop_counters=_compiled(_drop(tenant_counters, "tenant_number"), dialect, ("key",)),
        drop_minutes=_compiled(_drop(minutes, "tenant_number"), dialect, ("key",)),
        drop_seen=_compiled(_drop(seen, "tenant_number"), dialect, ("key",)),
    )


_DIALECTS = {
    "sqlite": ("sqlalchemy.dialects.sqlite", "qmark"),
    "postgresql": ("sqlalchemy.dialects.postgresql.psycopg", "format"),
}


@lru_cache
def _dialect(name: str) -> Dialect:
    """Return a dialect. Only the one in use is imported, so that a server starts quickly."""
    module, paramstyle = _DIALECTS[name]
    dialect: Dialect = import_module(module).dialect(paramstyle=paramstyle)
    return dialect


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _compiled(
    statement: Insert | Update | Delete | Select[Any], dialect: Dialect, names: tuple[str, ...]
) -> Hot:
    compiled = statement.compile(dialect=dialect)
    # Rows are plain tuples: a column in another order would store values in the wrong place.
    order = tuple(compiled.positiontup or ())
    if order != names:
        raise AssertionError(f"parameters come as {order}, expected {names}")
    return Hot(str(compiled), names)


def _add(table: Table, dialect_name: str) -> Insert:
    """Return the insert of a table; on PostgreSQL it replaces existing rows.

    A commit whose connection was lost is retried, although it may have succeeded.
    """
    return insert(table) if dialect_name == "sqlite" else _put(table, dialect_name)


def _correct_status() -> Update:
    answered = (requests.c.seq == bindparam("row")) & requests.c.status.is_not(None)
    return update(requests).where(answered).values(status=bindparam("new_status"))


def _change_run() -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in CHANGED_RUN}
    return update(runs).where(runs.c.seq == bindparam("row")).values(values)


def _get_seen() -> Select[Any]:
    is_key = (seen.c.tenant_number == bindparam("tenant")) & (seen.c.digest == bindparam("key"))
    return select(seen.c.count).where(is_key)


def _get_minute() -> Select[Any]:
    is_key = (minutes.c.tenant_number == bindparam("tenant")) & (
        minutes.c.minute == bindparam("key")
    )
    return select(minutes).where(is_key)


def _drop(table: Table, column: str) -> Delete:
    return delete(table).where(table.c[column] == bindparam("key"))


def _drop_between(table: Table) -> Delete:
    """Return the deletion of the rows from one number up to but excluding another."""
    return delete(table).where(table.c.seq >= bindparam("first"), table.c.seq < bindparam("end"))


def _put(table: Table, dialect_name: str) -> Insert:
    """Return an insert that replaces the row with the same primary key."""
    statement: Any = import_module(f"sqlalchemy.dialects.{dialect_name}").insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    written: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return written
