"""Store tenants, workflows and counters: small documents, written when they change.

A test suite makes and deletes a tenant for each test: each of these is one transaction of a few
statements that the driver runs directly.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, insert, select

from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import (
    first_sequence,
    meta,
    tenant_counters,
    tenants,
    workflows,
)

if TYPE_CHECKING:
    from mock_qualtrics.model import Microseconds
    from mock_qualtrics.store.writer import Transaction


class TenantDocuments:
    """Read and write everything that is stored once, and not per call.

    Changes are made under the journal's lock.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = self._stored_numbers()
        self._given: dict[str, int] = {}

    def next_number(self, kind: str) -> int:
        """Return a number that was never used for this kind before.

        It is stored by the next `put_tenant` or `put_workflow`, in the same transaction.
        """
        number = self._numbers[kind] = self._given[kind] = self._numbers.get(kind, 0) + 1
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
        with self._writing() as transaction:
            transaction.many(self._store.hot.put_tenant, [(number, json.dumps(document))])

    def put_workflow(self, number: int, tenant_number: int, document: Mapping[str, Any]) -> None:
        """Store a workflow."""
        row = (number, tenant_number, json.dumps(document))
        with self._writing() as transaction:
            transaction.many(self._store.hot.put_workflow, [row])

    def drop_workflow(self, number: int) -> None:
        """Delete a workflow; its runs stay in the journal."""
        with self._store.writing() as transaction:
            transaction.many(self._store.hot.drop_workflow, [(number,)])

    def drop_tenant(self, number: int, workflow_numbers: Iterable[int]) -> None:
        """Delete a tenant with its workflows, journal and counters."""
        positions = workflows_of(number)
        with self._store.writing() as transaction:
            hot = self._store.hot
            transaction.many(hot.drop_tenant, [(number,)])
            transaction.many(hot.drop_workflow, [(workflow,) for workflow in workflow_numbers])
            transaction.many(hot.drop_meta, [(positions,)])
            self._empty(transaction, number)
        self._numbers.pop(positions, None)
        self._given.pop(positions, None)

    def empty_tenant(self, number: int, document: Mapping[str, Any]) -> None:
        """Delete a tenant's journal and counters, and store the tenant anew."""
        with self._store.writing() as transaction:
            self._empty(transaction, number)
            transaction.many(self._store.hot.put_tenant, [(number, json.dumps(document))])

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

    @contextmanager
    def _writing(self) -> "Iterator[Transaction]":
        """Open a transaction that stores the numbers that were given, too."""
        given = [(kind, str(number)) for kind, number in self._given.items()]
        with self._store.writing() as transaction:
            transaction.many(self._store.hot.put_meta, given)
            yield transaction
        self._given = {}

    def _empty(self, transaction: "Transaction", number: int) -> None:
        hot, rows = self._store.hot, [(first_sequence(number), first_sequence(number + 1))]
        transaction.many(hot.drop_requests, rows)
        transaction.many(hot.drop_runs, rows)
        transaction.many(hot.drop_counters, [(number,)])
        transaction.many(hot.drop_minutes, [(number,)])
        transaction.many(hot.drop_seen, [(number,)])

    def _stored_numbers(self) -> dict[str, int]:
        with self._store.connection() as connection:
            rows = connection.execute(select(meta.c.name, meta.c.value)).all()
        return {name: int(value) for name, value in rows if value.isdecimal()}


def workflows_of(tenant_number: int) -> str:
    """Return the kind of number that orders a tenant's workflows."""
    return f"workflow of tenant {tenant_number}"
