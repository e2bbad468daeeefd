"""A test suite makes and deletes a tenant for each test: what that costs, and what is left."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.schema import metadata
from mock_qualtrics.testing import Qualtrics
from support.rehearsal import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_SECONDS = 60  # only a test that fails waits so long


class InProcess:
    """A server whose calls nobody makes."""

    url = "http://127.0.0.1:1"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine


@pytest.fixture
def engine() -> "Iterator[Engine]":
    with Engine(Settings()) as made:
        yield made


def rows(engine: Engine) -> dict[str, Any]:
    with engine._store.connection() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def statements(engine: Engine) -> list[str]:
    heard: list[str] = []
    driver = engine._store._writer.connection().connection.driver_connection
    driver.set_trace_callback(lambda statement: heard.append(statement.split()[0]))
    return heard


def test_a_tenant_is_made_with_its_workflow_and_deleted_in_three_transactions(engine):
    Qualtrics(InProcess(engine), {}).close()
    heard = statements(engine)
    Qualtrics(InProcess(engine), {"clock": "skipping"}).close()
    assert heard.count("BEGIN") == heard.count("COMMIT") == 3
    assert len(heard) - 6 <= 13
    assert set(heard) == {"BEGIN", "INSERT", "DELETE", "COMMIT"}


def test_a_deleted_tenant_leaves_no_row_behind(engine):
    Qualtrics(InProcess(engine), {}).close()
    before = rows(engine)
    tenant = engine.tenants.create({"clock": "skipping"})
    workflow = [engine.tenants.add_workflow(tenant, {"name": name}) for name in "ab"][1]
    Rehearsal(engine, tenant, workflow).send()
    engine.wait(tenant.id, {"succeeded": 1}, TIMEOUT_SECONDS)
    assert rows(engine) != before
    engine.tenants.delete(tenant.id)
    assert rows(engine) == before


def test_no_number_is_given_twice_after_a_deletion_a_refusal_and_a_restart(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db")
    with Engine(settings) as engine:
        tenants = engine.tenants
        deleted = tenants.create({})
        dropped = tenants.add_workflow(deleted, {"name": "a"})
        tenants.delete(deleted.id)
        kept = tenants.create({})
        removed = tenants.add_workflow(kept, {"name": "b"})
        tenants.delete_workflow(removed.id)
        with closing(engine._store._writer.connection().connection.cursor()) as cursor:
            cursor.execute("ALTER TABLE workflows RENAME TO away")
            with pytest.raises(StoreFailedError):
                tenants.add_workflow(kept, {"name": "c"})
            cursor.execute("ALTER TABLE away RENAME TO workflows")
        added = tenants.add_workflow(kept, {"name": "c"})
    with Engine(settings) as engine:
        tenant = engine.tenants.create({})
        again = engine.tenants.add_workflow(engine.tenants.get(kept.id), {"name": "d"})
        assert (kept.number, tenant.number) == (deleted.number + 1, deleted.number + 2)
        numbers = [one.number for one in (dropped, removed, added, again)]
        assert numbers == sorted(set(numbers))
        assert len({removed.id, added.id, again.id}) == 3


def test_calls_that_name_nobody_and_came_before_the_test_are_not_its_own(engine):
    server = InProcess(engine)
    strange = Rehearsal(engine, engine.tenants.default, engine.tenants.default.workflows[0])
    strange.send(query="urlTokenId=none", headers=())
    tenant = Qualtrics(server, {})
    assert "No call reached the mock" in tenant.nearest_miss()
    strange.send(query="urlTokenId=other", headers=())
    assert tenant.nearest_miss().startswith("Closest of 1: ")
