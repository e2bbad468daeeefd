"""The hot statements: written in SQLAlchemy Core, compiled once, run by the driver itself.

Core costs several times what SQLite does for one row. So the few statements that every call and
every run needs are turned into the dialect's own text once, and run with ``executemany``.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import Dialect, Insert, Select, Table, Update, bindparam, insert, select, update

from mock_qualtrics.store.schema import requests, runs, seen, tenant_counters


@dataclass(frozen=True, slots=True)
class Hot:
    """One statement's text, and the names of its parameters in order."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HotStatements:
    """Those of one dialect."""

    add_request: Hot
    tell: Hot
    add_run: Hot
    change_run: Hot
    put_seen: Hot
    put_ledger: Hot
    get_seen: Hot


CHANGED_RUN = ("state", "due_at", "priority", "started_at", "finished_at", "error", "detail")


def compile_hot(dialect_name: str) -> HotStatements:
    """Return the hot statements for ``sqlite`` or ``postgresql``."""
    dialect = _dialect(dialect_name)
    return HotStatements(
        add_request=_compiled(_add(requests, dialect_name), dialect, _columns(requests)),
        tell=_compiled(_tell(), dialect, ("told", "which")),
        add_run=_compiled(_add(runs, dialect_name), dialect, _columns(runs)),
        change_run=_compiled(_change_run(), dialect, (*CHANGED_RUN, "which")),
        put_seen=_compiled(_put(seen, dialect_name), dialect, _columns(seen)),
        put_ledger=_compiled(
            _put(tenant_counters, dialect_name), dialect, _columns(tenant_counters)
        ),
        get_seen=_compiled(_get_seen(), dialect, ("tenant", "key")),
    )


_DIALECTS = {
    "sqlite": ("sqlalchemy.dialects.sqlite", "qmark"),
    "postgresql": ("sqlalchemy.dialects.postgresql.psycopg", "format"),
}


def _dialect(name: str) -> Dialect:
    """Return a dialect; only the one in use is loaded, for a server must be ready soon."""
    module, paramstyle = _DIALECTS[name]
    dialect: Dialect = import_module(module).dialect(paramstyle=paramstyle)
    return dialect


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _compiled(
    statement: Insert | Update | Select[Any], dialect: Dialect, names: tuple[str, ...]
) -> Hot:
    compiled = statement.compile(dialect=dialect)
    order = tuple(compiled.positiontup or ())
    if order != names:
        raise AssertionError(f"parameters come as {order}, expected {names}")
    return Hot(str(compiled), names)


def _add(table: Table, dialect_name: str) -> Insert:
    """Return how rows are added; PostgreSQL takes the same ones again.

    A commit whose outcome was lost with its connection is made again, and may have been done.
    """
    return insert(table) if dialect_name == "sqlite" else _put(table, dialect_name)


def _tell() -> Update:
    answered = (requests.c.seq == bindparam("which")) & requests.c.status.is_not(None)
    return update(requests).where(answered).values(status=bindparam("told"))


def _change_run() -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in CHANGED_RUN}
    return update(runs).where(runs.c.seq == bindparam("which")).values(values)


def _get_seen() -> Select[Any]:
    which = (seen.c.tenant_number == bindparam("tenant")) & (seen.c.digest == bindparam("key"))
    return select(seen.c.count).where(which)


def _put(table: Table, dialect_name: str) -> Insert:
    statement: Any = import_module(f"sqlalchemy.dialects.{dialect_name}").insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    written: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return written
