"""Store tenants, workflows and counters: small documents, written when they change."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    first_sequence,
    meta,
    requests,
    runs,
    seen,
    tenant_counters,
    tenants,
    workflows,
)

if TYPE_CHECKING:
    from mock_qualtrics.model import Microseconds


class TenantDocuments:
    """Read and write everything that is stored once, and not per call."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next_number(self, kind: str) -> int:
        """Return a number that was never used for this kind before."""
        with self._store.changing() as connection:
            question = select(meta.c.value).where(meta.c.name == kind)
            number = int(connection.execute(question).scalar() or 0) + 1
            _put(connection, meta, {"name": kind}, {"value": str(number)})
        return number

    def keep(self, name: str, value: str) -> str:
        """Store a value under a name unless there is one; return the stored value."""
        with self._store.changing() as connection:
            question = select(meta.c.value).where(meta.c.name == name)
            stored = connection.execute(question).scalar()
            if stored is None:
                connection.execute(insert(meta).values(name=name, value=value))
        return value if stored is None else str(stored)

    def put_tenant(self, number: int, document: Mapping[str, Any]) -> None:
        """Store a tenant."""
        with self._store.changing() as connection:
            _put(connection, tenants, {"number": number}, {"document": json.dumps(document)})

    def put_workflow(self, number: int, tenant_number: int, document: Mapping[str, Any]) -> None:
        """Store a workflow."""
        values = {"tenant_number": tenant_number, "document": json.dumps(document)}
        with self._store.changing() as connection:
            _put(connection, workflows, {"number": number}, values)

    def drop_workflow(self, number: int) -> None:
        """Delete a workflow; its runs stay in the journal."""
        with self._store.changing() as connection:
            connection.execute(delete(workflows).where(workflows.c.number == number))

    def drop_tenant(self, number: int) -> None:
        """Delete a tenant with its workflows, journal and counters."""
        with self._store.changing() as connection:
            connection.execute(delete(tenants).where(tenants.c.number == number))
            connection.execute(delete(workflows).where(workflows.c.tenant_number == number))
            _empty(connection, number)

    def empty_tenant(self, number: int, document: Mapping[str, Any]) -> None:
        """Delete a tenant's journal and counters, and store the tenant anew."""
        with self._store.changing() as connection:
            _empty(connection, number)
            _put(connection, tenants, {"number": number}, {"document": json.dumps(document)})

    def tenants(self) -> dict[int, dict[str, Any]]:
        """Return the stored tenants by number, in order."""
        return self._documents(tenants, tenants.c.number)

    def workflows(self) -> dict[int, dict[str, Any]]:
        """Return the stored workflows by number, in order."""
        return self._documents(workflows, workflows.c.number)

    def counters(self) -> dict[int, TenantCounters]:
        """Return the stored counters by tenant number."""
        with self._store.connection() as connection:
            rows = connection.execute(select(tenant_counters)).all()
        return {row.tenant_number: TenantCounters.from_document(row.document) for row in rows}

    def latest_instant(self) -> "Microseconds":
        """Return the latest instant that a tenant with a real clock has journalled."""
        own_clock = {
            number
            for number, document in self.tenants().items()
            if document["settings"]["clock"] != "real"
        }
        stored = self.counters().items()
        return max(
            (counters.now for number, counters in stored if number not in own_clock), default=0
        )

    def _documents(self, table: Table, key: Any) -> dict[int, dict[str, Any]]:  # noqa: ANN401  a column
        with self._store.connection() as connection:
            rows = connection.execute(select(key, table.c.document).order_by(key)).all()
        return {number: json.loads(document) for number, document in rows}


def _put(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    has_key = [table.c[name] == value for name, value in key.items()]
    if not connection.execute(update(table).where(*has_key).values(**values)).rowcount:
        connection.execute(insert(table).values(**key, **values))


def _empty(connection: Connection, number: int) -> None:
    first, end = first_sequence(number), first_sequence(number + 1)
    for table in (requests, runs):
        connection.execute(delete(table).where(table.c.seq >= first, table.c.seq < end))
    for table in (tenant_counters, seen):
        connection.execute(delete(table).where(table.c.tenant_number == number))
