"""Stores of every version open; what is newer or another program's is refused."""

import contextlib
import json
import logging
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NotFoundError, StoreFailedError
from mock_qualtrics.journal import UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.minutes.minute import MINUTE
from mock_qualtrics.settings import Limits, Settings
from mock_qualtrics.store import migrations
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.migrations import MIGRATIONS, SCHEMA_VERSION, add_column
from mock_qualtrics.store.schema import State, requests
from support.minute_sums import same_in, sum_of_minutes

OLDER = Path(__file__).parents[3] / "data" / "older-versions"
FILES = ("store-1-first", "store-1-last")
ENTERED = {"clock": "virtual", "limits": {"callsPerMinute": 9, "runsPerDay": 300_000}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mock.db"


@pytest.fixture(params=FILES)
def older(request, path):
    """Make a store as the code of an older version left it."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / f"{request.param}.sql").read_text("utf-8"))
    return path


def settings(path: Path, **more: object) -> Settings:
    return Settings(store=f"sqlite:///{path}", **more)


def rows(path: Path, query: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def dump(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def change(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


def test_a_store_of_version_2_opens_and_tells_of_every_call(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / "store-2.sql").read_text("utf-8"))
    with Engine(settings(path)) as engine:
        totals = engine.journal.totals(2)
        assert (totals["received"], totals["otherCalls"]) == (6, 2)
        assert totals["otherCallsBy"] == {"unknown-path": 1, "whoami": 1}
        page = engine.journal.requests_page(2, wanted=CallFilter(without_run=True)).items
        assert [row["traceId"] for row in page] == [None, "t-5", "t-4", "t-3", "t-2"]
        for row in engine.journal.requests_page(2).items:  # ids of calls held no number
            call = engine.journal.kept_call(row["requestId"])
            assert call.shown == row
            assert call.query is None
        with pytest.raises(NotFoundError):
            engine.journal.kept_call("00000000-0000-4000-8000-000000000000")


def test_a_store_of_version_3_opens_and_goes_on_with_all_that_it_has(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / "store-3.sql").read_text("utf-8"))
    with Engine(settings(path)) as engine:
        tenant = engine.tenants.get("tenant-2")
        totals = engine.journal.totals(tenant.number)
        assert (totals["received"], totals["succeeded"], totals["pending"]) == (8, 5, 1)
        assert totals["otherCallsBy"] == {"run-now": 1, "whoami": 1}
        states = {workflow.name: workflow.state.value for workflow in tenant.workflows}
        assert states == {"Plain": "active", "Kept": "active", "Draft": "draft"}
        calls = engine.journal.requests_page(tenant.number).items
        assert {call["tokenIn"] for call in calls} == {None}  # nobody knows any more
        kept = engine.tenants.publish_workflow(tenant.workflows[1].id)
        assert kept.name == "Kept edits"
        engine.advance(tenant.id, 60)
        assert engine.journal.totals(tenant.number)["succeeded"] == 6


def test_a_store_of_version_4_opens_with_where_each_token_stood(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / "store-4.sql").read_text("utf-8"))
    with Engine(settings(path)) as engine:
        tenant = engine.tenants.get("tenant-2")
        totals = engine.journal.totals(tenant.number)
        assert (totals["received"], totals["succeeded"], totals["pending"]) == (8, 4, 1)
        calls = engine.journal.requests_page(tenant.number).items
        assert {call["traceId"]: call["tokenIn"] for call in calls} == {
            "t-1": ["header"],
            "t-2": ["basic"],
            "t-3": ["header"],
            "t-4": ["header", "basic", "query"],
            "t-5": ["header"],
            "t-6": ["header", "body"],
            "t-7": ["header"],
            "t-8": [],
            "t-9": ["header"],
        }
        assert {call["faults"] for call in calls} == {None}  # nobody knows any more
        engine.advance(tenant.id, 60)
        assert engine.journal.totals(tenant.number)["succeeded"] == 5


def test_a_store_of_version_5_opens_with_its_minutes_counted_from_its_rows(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / "store-5.sql").read_text("utf-8"))
    with Engine(settings(path)) as engine:
        journal = engine.journal
        for number in (UNATTRIBUTED, 2):
            assert sum_of_minutes(journal, number) == same_in(journal.totals(number))
        before, after = journal.minutes(2, -3 * MINUTE, -MINUTE - 1, 2)
        assert (before.received, before.refused, before.ignored, before.failed) == (7, 1, 1, 1)
        assert (after.received, after.extra_runs, after.blocked, after.succeeded) == (2, 2, 2, 2)
        assert [step.failed for step in (before, after)] == [1, 1]
        assert after.duration.percentile(1) == pytest.approx(60, rel=0.1)
        engine.advance("tenant-2", 60)
        assert sum_of_minutes(journal, 2) == same_in(journal.totals(2))


def counted_by_minute(path: Path, tenant_number: int) -> list[tuple[int, ...]]:
    """Return minute, calls, accepted ones, succeeded runs and runs that failed, from the rows."""
    minutes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    of_tenant = f"seq >> 40 = {tenant_number}"
    calls = (
        f"SELECT received_at, accepted FROM requests WHERE path LIKE '%/triggers' AND {of_tenant}"
    )
    for received_at, accepted in rows(path, calls):
        minutes[received_at // MINUTE].update(received=1, accepted=accepted)
    for finished_at, state in rows(path, f"SELECT finished_at, state FROM runs WHERE {of_tenant}"):
        if finished_at is not None:
            minutes[finished_at // MINUTE][
                "succeeded" if state == State.SUCCEEDED else "failed"
            ] += 1
    names = ("received", "accepted", "succeeded", "failed")
    return sorted((number, *map(one.__getitem__, names)) for number, one in minutes.items())


@pytest.mark.parametrize("name", [*FILES, *(f"store-{version}" for version in range(2, 6))])
def test_the_minutes_of_a_store_of_every_version_are_its_rows_and_its_totals(path, name):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / f"{name}.sql").read_text("utf-8"))
    with Engine(settings(path)) as engine:
        journal = engine.journal
        numbers = [UNATTRIBUTED, *(tenant.number for tenant in engine.tenants.all())]
        for number in numbers:
            assert sum_of_minutes(journal, number) == same_in(journal.totals(number))
            migrated = rows(
                path,
                "SELECT minute, received, accepted, succeeded, failed + blocked FROM minutes "
                f"WHERE tenant_number = {number} AND received + succeeded + failed + blocked > 0",
            )
            assert sorted(migrated) == counted_by_minute(path, number)
        assert any(counted_by_minute(path, number) for number in numbers)
        engine.advance("tenant-2", 1_000)
        assert sum_of_minutes(journal, 2) == same_in(journal.totals(2))
        assert journal.totals(2)["pending"] == 0


def stored(path: Path, table: str) -> list[dict]:
    documents = rows(path, f"SELECT document FROM {table} ORDER BY 1")
    return [json.loads(document)["settings"] for (document,) in documents]


def test_a_store_of_every_version_opens_with_its_history_and_goes_on(older, caplog):
    with caplog.at_level(logging.WARNING), Engine(settings(older)) as engine:
        assert f"mock.db: was migrated from version 1 to {SCHEMA_VERSION}" in caplog.text
        tenant = engine.tenants.get("tenant-2")
        totals = engine.journal.totals(tenant.number)
        assert (totals["received"], totals["succeeded"], totals["pending"]) == (8, 3, 3)
        assert sum_of_minutes(engine.journal, tenant.number) == same_in(totals)
        assert totals["refusedBy"] == {"fault:status": 1, "not-json": 1}
        plain, full, off = tenant.workflows
        assert (plain.id, plain.url_token_id) == (
            "WF_Uw1qUY0RT3R5tMh",
            "7692dfee-f38b-4d24-b784-44e5e19007ad",
        )
        ids = [run["id"] for run in engine.journal.runs_page(full.id).items]
        assert ids[-1] == "RUN_febf0000020000000018"  # the seed is the old one
        assert [fault.id for fault in tenant.faults.all()] == ["fault-1"]
        assert (off.enabled, off.require_authentication) == (False, False)
        engine.advance(tenant.id, 1_000)
        assert engine.journal.totals(tenant.number)["succeeded"] == 6
    caplog.clear()
    with Engine(settings(older)):
        assert caplog.text == ""


def test_settings_that_equal_the_old_defaults_count_as_not_chosen(older):
    with Engine(settings(older)) as engine:
        shown = engine.tenants.get("tenant-2").to_mapping("")
        assert (shown["limits"]["callsPerMinute"], shown["limits"]["payloadBytes"]) == (9, 102_400)
        assert shown["assumptions"]["acceptedStatus"] == 202
        mapping = engine.tenants.get("tenant-2").workflows[1].settings.to_mapping()
        assert mapping["tasks"][1]["failProbability"] == 0
    _, second = stored(older, "tenants")
    assert second["limits"] == {"callsPerMinute": 9}
    assert second["assumptions"] == {"acceptedStatus": 202, "retryAfter": True}
    by_name = {document["name"]: document for document in stored(older, "workflows")}
    assert by_name["Plain"] == {"name": "Plain"}
    assert by_name["Off"] == {"name": "Off", "enabled": False, "requireAuthentication": False}
    assert by_name["Full"]["tasks"][1] == {"name": "Record", "type": "record", "failFirst": 2}


def test_a_default_that_moved_holds_for_older_stores_unless_somebody_chose_the_old_one(older):
    with Engine(settings(older)) as engine:
        assert engine.tenants.get("tenant-1").answers.accepted_status == 202
        chosen = engine.tenants.create({"assumptions": {"acceptedStatus": 200}}).id
    with Engine(settings(older)) as engine:
        assert engine.tenants.get(chosen).answers.accepted_status == 200


def test_workflows_of_older_stores_were_published_and_are_no_drafts(older):
    with Engine(settings(older)) as engine:
        states = [workflow.state.value for workflow in engine.tenants.get("tenant-2").workflows]
    assert states == ["active", "active", "disabled"]


def test_only_what_was_chosen_is_stored(path):
    workflow = {"name": "W", "retry_tasks": False, "tasks": [{"name": "T", "type": "record"}]}
    flags = Limits(payload_bytes=1_000)
    with Engine(settings(path, limits=flags)) as engine:
        tenant = engine.tenants.create(ENTERED)
        made = engine.tenants.add_workflow(tenant, workflow)
        assert made.to_mapping("")["onTaskFailure"] == "continue"
        engine.tenants.update_workflow(made.id, {"enabled": False})
        shown = tenant.to_mapping("")
        engine.tenants.reset(tenant.id)
    assert stored(path, "tenants")[1] == {
        "clock": "virtual",
        "startAt": "2026-01-01T00:00:00.000000Z",
        "seed": 0,
        "limits": {"callsPerMinute": 9, "payloadBytes": 1_000, "runsPerDay": 300_000},
        "assumptions": {},
    }
    by_name = {document["name"]: document for document in stored(path, "workflows")}
    assert by_name["Rehearsal"] == {"name": "Rehearsal"}
    assert by_name["W"] == {
        "name": "W",
        "retryTasks": False,
        "tasks": [{"name": "T", "type": "record"}],
        "enabled": False,
    }
    with Engine(settings(path)) as engine:
        assert engine.tenants.get("tenant-2").to_mapping("") == shown


def test_the_flags_of_a_later_start_change_no_tenant_that_was_made_before(path):
    with Engine(settings(path)) as engine:
        engine.tenants.create({})
    with Engine(settings(path, limits=Limits(calls_per_minute=5))) as engine:
        default, made = engine.tenants.all()
        assert default.limits.calls_per_minute == 5
        assert made.limits.calls_per_minute == Limits().calls_per_minute


def test_an_error_in_the_middle_of_a_migration_leaves_the_old_store(older, monkeypatch):
    def fails(connection: Connection) -> None:
        MIGRATIONS[0](connection)
        add_column(connection, requests, "extra", "BIGINT NOT NULL DEFAULT 0")
        connection.execute(text("SELECT no_such_function()"))

    before = dump(older)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", (fails,))
        with pytest.raises(StoreFailedError, match="no_such_function"):
            Engine(settings(older))
    assert dump(older) == before
    with Engine(settings(older)) as engine:
        assert engine.tenants.get("tenant-2")


@pytest.mark.parametrize("document", ["not JSON", "{}", "[]", '{"settings": 7}'])
def test_a_damaged_document_is_named_and_nothing_is_migrated(older, document):
    change(older, f"UPDATE workflows SET document = '{document}' WHERE number = 3")
    before = dump(older)
    with pytest.raises(StoreFailedError, match="table 'workflows', row 3: found a damaged"):
        Engine(settings(older))
    assert dump(older) == before


def test_a_column_of_a_later_version_is_added(older, monkeypatch):
    def add(connection: Connection) -> None:
        for _ in range(2):  # a column that somebody has added by hand does no harm
            add_column(connection, requests, "extra", "BIGINT NOT NULL DEFAULT 7")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, add))
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    Store(f"sqlite:///{older}").close()
    assert set(rows(older, "SELECT extra FROM requests")) == {(7,)}
    version = rows(older, "SELECT value FROM meta WHERE name = 'store_version'")
    assert version == [(str(SCHEMA_VERSION + 1),)]


@pytest.mark.parametrize("version", [str(SCHEMA_VERSION + 1), "0", "99999999999", "next"])
def test_a_store_of_no_known_version_is_refused_and_left_as_it_is(path, version):
    Engine(settings(path)).close()
    change(path, f"UPDATE meta SET value = '{version}' WHERE name = 'store_version'")
    before = dump(path)
    refused = f"a store of version {version}, expected version 1 to {SCHEMA_VERSION}: go on with"
    with pytest.raises(StoreFailedError, match=refused):
        Engine(settings(path))
    assert dump(path) == before


def test_a_column_more_does_no_harm(older):
    for table in ("requests", "runs", "tenants", "meta"):
        change(older, f"ALTER TABLE {table} ADD COLUMN remark TEXT")
    with Engine(settings(older)) as engine:
        assert engine.journal.totals(2)["received"] == 8
        engine.advance("tenant-2", 1_000)
        assert engine.journal.totals(2)["succeeded"] == 6


def test_an_outbox_is_no_store(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript((OLDER / "outbox-4.sql").read_text("utf-8"))
    before = dump(path)
    with pytest.raises(StoreFailedError, match="another program's table 'runs' is in it"):
        Engine(settings(path))
    assert dump(path) == before
