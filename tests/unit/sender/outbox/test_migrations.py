"""Outboxes of every version open; what is newer or another program's is refused."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from sender.errors import ConfigurationError
from sender.outbox import Outbox, migrations
from sender.outbox.migrations import MIGRATIONS, SCHEMA_VERSION
from sender.outbox.records import LastExport

OLDER = Path(__file__).parents[3] / "data" / "older-versions"
LANDED = range(1, 5)
PENDING, IN_FLIGHT, ACTIVATED, FAILED, UNCERTAIN = range(5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


@pytest.fixture
def of_version(path):
    def make(version: int) -> Path:
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.executescript((OLDER / f"outbox-{version}.sql").read_text("utf-8"))
            database.execute("PRAGMA journal_mode = WAL")
        return path

    return make


def dump(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def shape(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return each table's columns and each index's definition, without columns' order."""
    columns = """
        SELECT s.name, c.name, c.type, c."notnull", c.pk
        FROM sqlite_master AS s, pragma_table_info(s.name) AS c WHERE s.type = 'table'
    """
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with contextlib.closing(sqlite3.connect(path)) as database:
        return {
            "columns": set(database.execute(columns)),
            "indexes": {(name, " ".join(sql.split())) for name, sql in database.execute(indexes)},
        }


def change(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


def test_a_file_made_by_the_code_of_each_older_version_is_kept():
    assert SCHEMA_VERSION - 1 in LANDED
    assert all((OLDER / f"outbox-{version}.sql").exists() for version in LANDED)


@pytest.mark.parametrize("version", LANDED)
def test_an_outbox_of_every_version_opens_and_has_the_shape_of_a_new_one(
    of_version, version, tmp_path
):
    Outbox(tmp_path / "new.sqlite").close()
    path = of_version(version)
    with Outbox(path) as outbox:
        assert outbox.migrated_from == (version if version < SCHEMA_VERSION else None)
        assert outbox.runs.tally(1).states == {PENDING: 2, IN_FLIGHT: 1, ACTIVATED: 1, FAILED: 1}
        assert outbox.runs.tally(1).excluded == {"no mapped identity": 1}
        assert outbox.runs.broken_rows(1) == [("profiles.jsonl", 7, "not JSON")]
        run = outbox.runs.last()
        assert (run.rows_read, run.broken_rows, run.taken_over) == (7, 1, 0)
        assert (run.stopped_because, run.source["files"]) == ("interrupted", ["profiles.jsonl"])
        assert outbox.binding.dataflow().name == "Survey"
        assert [message.seq for message in outbox.messages.due(2e9, 9)] == [2]
        assert [message.seq for message in outbox.messages.unsent(0, 9, 9)] == [5]
        assert [message.seq for message in outbox.messages.interrupted()] == [4]
        exports = outbox.exported.last_exports([bytes.fromhex("124FC2E81BA202D7A23C1FE3AD1A783A")])
        assert '["buyers"]' in next(iter(exports.values())).state
    assert shape(path) == shape(tmp_path / "new.sqlite")
    with Outbox(path) as outbox:
        assert outbox.migrated_from is None


@pytest.mark.parametrize("version", LANDED)
def test_reading_an_outbox_of_every_version_changes_nothing(of_version, version):
    path = of_version(version)
    before = dump(path)
    with Outbox(path, writable=False) as outbox:
        assert outbox.runs.tally(1).states == {PENDING: 2, IN_FLIGHT: 1, ACTIVATED: 1, FAILED: 1}
        assert len(list(outbox.messages.traces())) == 5
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            outbox.runs.end(1, None)
    assert dump(path) == before


def test_a_profile_of_the_first_version_waits_for_no_message(of_version):
    with Outbox(of_version(1)) as outbox:
        key = bytes.fromhex("124FC2E81BA202D7A23C1FE3AD1A783A")
        assert outbox.exported.last_exports([key])[key] == LastExport(
            '["7638e20c21606cadb0ee5d60",["buyers"],[]]', 0
        )
        assert not outbox.messages.is_unfinished(0)


@pytest.mark.parametrize("broken", range(len(MIGRATIONS)))
def test_an_error_in_the_middle_of_a_migration_leaves_the_old_outbox(
    of_version, broken, monkeypatch
):
    def fails(database: sqlite3.Connection) -> None:
        MIGRATIONS[broken](database)
        raise sqlite3.OperationalError("disk I/O error")

    path = of_version(1)
    before = dump(path)
    changed = (*MIGRATIONS[:broken], fails, *MIGRATIONS[broken + 1 :])
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", changed)
        with pytest.raises(ConfigurationError, match="disk I/O error"):
            Outbox(path)
    assert dump(path) == before
    with Outbox(path) as outbox:
        assert outbox.migrated_from == 1


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 0, 99_999_999_999])
@pytest.mark.parametrize("writable", [True, False])
def test_an_outbox_of_no_known_version_is_refused_and_left_as_it_is(path, version, writable):
    Outbox(path).close()
    change(path, f"UPDATE meta SET value = '{version}' WHERE name = 'schema_version'")
    before = dump(path)
    refused = rf"{version}; expected version 1 to {SCHEMA_VERSION}: go on with the release"
    with pytest.raises(ConfigurationError, match=refused):
        Outbox(path, writable=writable)
    assert dump(path) == before


@pytest.mark.parametrize("value", ["", "four", "-1", "²"])
def test_a_version_that_is_no_number_is_another_program_s(path, value):
    Outbox(path).close()
    change(path, f"UPDATE meta SET value = '{value}' WHERE name = 'schema_version'")
    with pytest.raises(ConfigurationError, match="another program's file"):
        Outbox(path)


def test_another_program_s_file_with_our_version_row_is_refused_and_left_as_it_is(path):
    change(path, "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
    change(path, "CREATE TABLE messages (seq INTEGER, text TEXT)")
    change(path, "INSERT INTO meta VALUES ('schema_version', '1')")
    before = dump(path)
    with pytest.raises(ConfigurationError, match="another program's file"):
        Outbox(path)
    assert dump(path) == before


@pytest.mark.parametrize("version", LANDED)
def test_a_column_that_somebody_added_does_no_harm(of_version, version):
    path = of_version(version)
    change(path, "ALTER TABLE runs ADD COLUMN remark TEXT")
    change(path, "ALTER TABLE messages ADD COLUMN status INTEGER")
    with Outbox(path) as outbox:
        assert outbox.runs.last().rows_read == 7
        assert outbox.runs.begin(1.0, None).taken_over == 3
