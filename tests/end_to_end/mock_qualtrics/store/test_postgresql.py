"""The journal in PostgreSQL: the same tables, statements and answers as in SQLite."""

import dataclasses
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, make_url, text

from mock_qualtrics.cli import main
from mock_qualtrics.clock import SECOND, VIRTUAL_START
from mock_qualtrics.commands import serve
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal import CallFilter, State, queries
from mock_qualtrics.journal.batch import LARGEST_HELD_BYTES
from mock_qualtrics.journal.calls import call_queries
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep
from mock_qualtrics.journal.search import candidates
from mock_qualtrics.journal.search.run_search import RunSearch
from mock_qualtrics.journal.search.wanted_runs import FAILURES, WantedRuns, Work
from mock_qualtrics.settings import Settings
from mock_qualtrics.store import migrations, ownership, schema, writer
from support import anything
from support.minute_sums import same_in, sum_of_minutes

pytestmark = pytest.mark.postgresql
OLDER = Path(__file__).parents[3] / "data" / "older-versions"
PROGRAMS = ("initdb", "pg_ctl")


def as_server(*command: object) -> None:
    """Run a program of PostgreSQL, which refuses to be root, as its own user."""
    arguments = [str(part) for part in command]
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        ids = ["--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--clear-groups"]
        arguments = ["setpriv", *ids, *arguments]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server of its own, reached through a socket in its own folder."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and not os.environ.get("REQUIRE_POSTGRESQL"):
        pytest.skip(f"PostgreSQL's programs are missing: {', '.join(missing)}")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    as_server("initdb", "-D", folder / "data", "-U", "rehearsal", "-A", "trust", "-N")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    log = folder / "log"
    as_server("pg_ctl", "-D", folder / "data", "-l", log, "-w", "-o", options, "start")
    yield f"postgresql+psycopg://rehearsal@/postgres?host={folder}"
    as_server("pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


def test_the_history_is_the_one_that_sqlite_keeps(rehearse, server, tmp_path):
    workflow = {
        "retryTasks": True,
        "delay": {"kind": "uniform", "lowSeconds": 0, "highSeconds": 90},
        "tasks": [{"name": "T", "type": "record", "failProbability": 0.4}],
    }

    def history(store: str) -> tuple[object, ...]:
        rehearsal = rehearse(workflow, {"limits": {"runsPerDay": 25}}, store=store)
        for number in range(30):
            rehearsal.send(b'{"n": %d}' % (number % 20), trace=None if number % 2 else "t")
            rehearsal.advance(3)
        rehearsal.advance(40)
        journal = rehearsal.engine.journal
        pages, cursor = [], None
        while True:
            page = journal.runs_page(rehearsal.workflow.id, limit=7, cursor=cursor)
            pages.append(page)
            if (cursor := page.next) is None:
                break
        totals, number = rehearsal.totals(), rehearsal.tenant.number
        assert sum_of_minutes(journal, number) == same_in(totals)
        minutes = journal.minutes(number, VIRTUAL_START, VIRTUAL_START + 3_600 * SECOND, 9)
        return pages, rehearsal.requests(), totals, rehearsal.runs(status="Failed"), minutes

    assert history(server) == history(f"sqlite:///{tmp_path}/journal.db")


def test_minutes_are_summed_pruned_and_forgotten_as_in_sqlite(rehearse, server, tmp_path):
    began = -2 * 3_600 * SECOND

    def counted(store: str) -> list[list[list[MinuteStep]]]:
        tenant = {"startAt": "1969-12-31T22:00:00Z"}
        rehearsal = rehearse(tenant=tenant, store=store, retention_days=1)
        journal, number = rehearsal.engine.journal, rehearsal.tenant.number
        receipt = rehearsal.engine.stage(rehearsal.call())
        found = []

        def look() -> None:
            end = began + 8 * 1_800 * SECOND - 1
            found.append([journal.minutes(number, began, end, steps) for steps in (8, 240)])

        for _ in range(7):
            rehearsal.send()
            rehearsal.advance(1_800)
        for _ in range(2):
            look()
        journal.note_answered(receipt.call_number, receipt.received_at, 2 * SECOND)
        look()
        rehearsal.advance(86_400 - 4 * 1_800)
        look()
        rehearsal.engine.tenants.reset(rehearsal.tenant.id)
        look()
        return found

    of_postgresql = counted(server)
    assert of_postgresql == counted(f"sqlite:///{tmp_path}/journal.db")
    hours = [[step.received for step in by_hour] for by_hour, _ in of_postgresql]
    assert hours == [[3, 2, 2, 1], [3, 2, 2, 1], [3, 2, 2, 1], [0, 1, 2, 1], [0, 0, 0, 0]]


@pytest.mark.parametrize("few_ranges", [0, 32])
def test_what_is_found_is_what_sqlite_finds(rehearse, server, tmp_path, monkeypatch, few_ranges):
    monkeypatch.setattr(candidates, "FEW_RANGES", few_ranges)
    tasks = [{"name": "T", "type": "record", "failProbability": 0.4}]

    def found(store: str) -> list[object]:
        rehearsal = rehearse({"tasks": tasks}, {"limits": {"runsPerDay": 25}}, store=store)
        number = rehearsal.tenant.number
        for place in range(30):
            rehearsal.send(b'{"n": "N%d"}' % (place % 20), trace=None if place % 3 else "t")
            rehearsal.advance(3)
        search, now = rehearsal.engine.journal.search, rehearsal.tenant.clock.now()
        asked = [
            WantedRuns(number),
            WantedRuns(number, states=FAILURES, since=now - 60_000_000, until=now - 9_000_000),
            WantedRuns(number, words=("n1",), task="t"),
        ]
        runs = [
            [dataclasses.replace(run, id="", workflow_id="") for run in search.rows(one)]
            for one in asked
        ]
        places = [{run.id: place for place, run in enumerate(search.rows(one))} for one in asked]
        return [
            runs,
            [list(pages(search, one, ids)) for one, ids in zip(asked, places, strict=True)],
            [
                [place.get(beside) for beside in search.neighbours(one, run_id)]
                for one, place in zip(asked, places, strict=True)
                for run_id in place
            ],
            [(group.says, group.runs) for group in search.error_groups(asked[0]).groups],
            [[call.is_given for call in search.deliveries(run_id)] for run_id in places[0]],
        ]

    def pages(
        search: RunSearch, wanted: WantedRuns, places: dict[str, int]
    ) -> Iterator[tuple[list[int], int]]:
        cursor: str | None = None
        while True:
            page = search.find(wanted, 4, cursor, Work(runs=7))
            yield [places[run.id] for run in page.runs], page.looked_at
            if (cursor := page.next) is None:
                return

    assert found(server) == found(f"sqlite:///{tmp_path}/journal.db")


def test_nothing_that_is_sent_stops_the_store(server):
    opened = anything.opened(server)

    @settings(max_examples=settings.default.max_examples // 15)
    @given(
        anything.TENANTS, anything.WORKFLOWS, anything.FAULTS, st.lists(anything.EVENTS, max_size=3)
    )
    def rehearse(tenant: object, workflow: object, fault: object, events: list[bytes]) -> None:
        opened.rehearse(tenant, workflow, fault, events)

    with closing(opened.engine):
        rehearse()
        kept = opened.everything()
    again = anything.opened(server)
    with closing(again.engine):
        assert again.everything() == kept
        again.others_notice_nothing()


def test_a_task_s_name_that_postgresql_does_not_take_stops_nothing(rehearse, server):
    task = {"name": "a\0b", "type": "record", "failFirst": 1}
    rehearsal = rehearse({"tasks": [task]}, store=server)
    rehearsal.send()
    rehearsal.advance(1)
    (run,) = rehearsal.runs()
    assert run["error"].startswith("task a\ufffdb failed")
    assert run["tasks"][0]["name"] == "a\0b"
    assert rehearsal.totals()["complete"]


@pytest.mark.parametrize(("encoding", "warned"), [("SQL_ASCII", False), ("LATIN1", True)])
def test_a_database_of_another_encoding_is_used_and_told(
    rehearse, server, caplog, encoding, warned
):
    name = f"in_{encoding.lower()}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        )
    store = server.replace("/postgres?", f"/{name}?")
    fields = [{"name": "who", "path": "$.who"}]
    rehearsal = rehearse({"fields": fields}, store=store)
    for who in ("José", "明子"):
        rehearsal.send(f'{{"who": "{who}"}}'.encode())
    rehearsal.advance(1)
    assert [run["status"] for run in rehearsal.runs()] == ["Succeeded"] * 2
    said = f"found the encoding {encoding}, expected UTF8"
    assert any(said in line for line in caplog.messages) is warned
    assert rehearsal.totals()["complete"] is not warned


def test_a_row_that_the_database_refuses_is_set_aside_alone(rehearse, server):
    rehearsal = rehearse(store=server)
    receipts = [rehearsal.engine.stage(call) for call in [rehearsal.call()] * 2]
    with rehearsal.engine._store.changing() as connection:
        connection.exec_driver_sql("ALTER TABLE requests ADD CHECK (NOT duplicate) NOT VALID")
    try:
        assert rehearsal.engine.commit() == {receipts[1].call_number}
        assert rehearsal.totals()["refusedBy"] == {"not-stored": 1}
        rehearsal.advance(1)
        assert [run["status"] for run in rehearsal.runs()] == ["Succeeded"]
    finally:
        with rehearsal.engine._store.changing() as connection:
            connection.exec_driver_sql(
                "ALTER TABLE requests DROP CONSTRAINT requests_duplicate_check"
            )


def test_everything_goes_on_after_reopening(rehearse, server):
    before = rehearse(store=server)
    before.send(b'{"n": 1}')
    kept = (before.runs(), before.requests(), before.totals(), before.tenant.to_mapping(""))
    before.engine.close()
    with Engine(Settings(store=server)) as engine:
        tenant = engine.tenants.get(before.tenant.id)
        again = (
            engine.journal.runs_page(before.workflow.id).items,
            engine.journal.requests_page(tenant.number).items,
            engine.journal.totals(tenant.number),
            tenant.to_mapping(""),
        )
        assert again == kept
        engine.receive(before.call(b'{"n": 1}'))
        engine.advance(tenant.id, 1)
        totals = engine.journal.totals(tenant.number)
        assert (totals["succeeded"], totals["duplicates"]) == (2, 1)
        engine.advance(tenant.id, 86_400 * 31)
        assert engine.journal.requests_page(tenant.number).items == ()
        engine.tenants.reset(tenant.id)
        assert engine.journal.totals(tenant.number)["received"] == 0


def test_a_store_of_an_older_version_is_migrated_or_left_as_it_was(server, monkeypatch):
    landed = migrations.MIGRATIONS

    def fails(connection: Connection) -> None:
        landed[0](connection)
        migrations.add_column(connection, schema.requests, "extra", "BIGINT NOT NULL DEFAULT 0")
        connection.execute(text("SELECT no_such_function()"))

    with other_session(server) as session:
        session.execute("CREATE DATABASE older")
    older = server.replace("/postgres?", "/older?")
    with other_session(older) as session:
        session.execute((OLDER / "store-1-postgresql.sql").read_text("utf-8"))
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", (fails,))
        with pytest.raises(StoreFailedError, match="no_such_function"):
            Engine(Settings(store=older))
    with other_session(older) as session:
        documents = session.execute("SELECT document FROM workflows").fetchall()
        assert all('"onTaskFailure"' in document for (document,) in documents)
    with Engine(Settings(store=older)) as engine:
        tenant = engine.tenants.get("tenant-2")
        totals = engine.journal.totals(tenant.number)
        assert totals["pending"] == 3
        assert sum_of_minutes(engine.journal, tenant.number) == same_in(totals)
        engine.advance(tenant.id, 1_000)
        assert engine.journal.totals(tenant.number)["succeeded"] == 6
        assert tenant.limits.calls_per_minute == 9
        full = tenant.workflows[1]
        assert engine.journal.runs_page(full.id).items[-1]["id"] == "RUN_febf0000020000000018"
    with other_session(older) as session:
        count = session.execute("SELECT count(*) FROM workflows WHERE document LIKE '%retry%'")
        assert count.fetchone() == (1,)


def test_calls_are_found_and_opened_there_too(rehearse, server):
    rehearsal = rehearse(store=server)
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    event = '{"identityMap": {"Email": [{"id": "däve@example.com"}]}}'
    rehearsal.send(event.encode(), trace="t-1")
    rehearsal.send(b"no json", trace="t-2")
    rehearsal.send(trace="t-3", path="/elsewhere")
    for wanted, found in [
        (CallFilter(identity="däve@example.com"), ["t-1"]),
        (CallFilter(trace_id="t-2", status=400), ["t-2"]),
        (CallFilter(reason="unknown-path"), ["t-3"]),
        (CallFilter(without_run=True), ["t-3", "t-2"]),
    ]:
        page = journal.requests_page(number, wanted=wanted)
        assert [row["traceId"] for row in page.items] == found
    (run,) = rehearsal.runs(trace_id="t-1")
    call = journal.kept_call(run["requestId"])
    assert (call.body, call.run_ids) == (event.encode(), (run["id"],))


def test_a_page_is_a_range_of_an_index_there_too(rehearse, server):
    rehearsal = rehearse(store=server)
    runs = {"workflow": 7, "before": 10**12, "most": 51}
    questions = [
        (queries.newest_runs(State.SUCCEEDED, is_first=False).params(runs), "runs_by_state"),
        (call_queries.request_rows(7, 10**12, 51), "requests_pkey"),
        (call_queries.rows_without_run(7, "not-json", 10**12, 51), "calls_without_run"),
        (queries.pending_rows(0, (5, 0, 1), 100), "runs_due"),
    ]
    with rehearsal.engine._store.connection() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")
        connection.exec_driver_sql("SET enable_bitmapscan = off")
        for question, index in questions:
            text = str(question.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = "\n".join(row[0] for row in connection.exec_driver_sql("EXPLAIN " + text))
            assert index in plan
            assert "Sort" not in plan


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait hardly at all for another server to let the store go."""
    monkeypatch.setattr(ownership, "_FIRST_HOLD_MILLISECONDS", 50)


@pytest.mark.usefixtures("impatient")
def test_a_second_server_is_told_that_the_store_is_in_use(server):
    in_use = pytest.raises(StoreFailedError, match="postgres, schema public: another server")
    with Engine(Settings(store=server)), in_use:
        Engine(Settings(store=server))
    with Engine(Settings(store=server)) as engine:
        assert engine.tenants.default.api_token


def other_session(url: str) -> psycopg.Connection:
    parts = make_url(url)
    return psycopg.connect(
        host=parts.query["host"], user=parts.username, dbname=parts.database, autocommit=True
    )


def test_a_start_waits_for_the_session_of_a_server_that_was_just_killed(server, monkeypatch):
    monkeypatch.setattr(ownership, "_FIRST_HOLD_MILLISECONDS", 60_000)
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with other_session(server) as watching, ThreadPoolExecutor(1) as threads:
        with other_session(server) as ending:
            ending.execute(
                "SELECT pg_advisory_lock(hashtextextended('mock-qualtrics ' || current_schema, 0))"
            )
            started = threads.submit(Engine, Settings(store=server))
            while watching.execute(waiting).fetchone() == (0,):
                assert not started.done()
            for _ in range(500):  # a start that gives up at once has time to
                assert watching.execute(waiting).fetchone() == (1,)
        with started.result(60) as engine:
            assert engine.tenants.default.api_token


def test_a_stop_lets_the_store_go_before_the_database_sees_the_connection_end(server, monkeypatch):
    first = Engine(Settings(store=server))
    kept: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(writer, "discard", kept.append)
        first.close()
    assert len(kept) == 1
    Engine(Settings(store=server)).close()
    writer.discard(kept.pop())


@pytest.mark.usefixtures("impatient")
def test_serve_ends_with_2_and_one_line_when_the_store_is_in_use(server, monkeypatch):
    monkeypatch.setattr(serve, "log_to_stderr", lambda: None)
    with Engine(Settings(store=server)):
        done = CliRunner().invoke(main, ["serve", "--port", "0", "--store", server])
    assert done.exit_code == 2
    assert done.stderr.count("another server is using it") == 1
    assert "Traceback" not in done.stderr


def end_connections(url: str) -> None:
    """End every other connection to the server, as its restart does."""
    others = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s"
    with other_session(url) as own:
        own.execute(f"{others} AND pid <> pg_backend_pid()", (make_url(url).database,))


def test_calls_while_the_connections_end_are_refused_and_not_lost(rehearse, server):
    rehearsal = rehearse(store=server)
    rehearsal.send(b'{"n": 1}')
    end_connections(server)
    with pytest.raises(StoreFailedError):
        rehearsal.send(b'{"n": 1}')  # it may be a duplicate: the store is asked as well
    rehearsal.send(b'{"n": 2}')
    assert [run["event"].value()["n"] for run in rehearsal.runs()] == [2, 1, 1]
    assert [row["status"] for row in rehearsal.requests()] == [202, 503, 202]
    assert (rehearsal.totals()["received"], rehearsal.totals()["duplicates"]) == (3, 1)


def test_totals_are_refused_as_long_as_what_they_count_is_not_stored(rehearse, server):
    rehearsal = rehearse(store=server)
    rehearsal.engine.stage(rehearsal.call())
    end_connections(server)
    with pytest.raises(StoreFailedError):
        rehearsal.totals()
    assert rehearsal.totals()["received"] == 1
    assert [row["status"] for row in rehearsal.requests()] == [202]


def test_a_rare_change_is_refused_once_when_the_connections_end(rehearse, server):
    rehearsal = rehearse(store=server)
    end_connections(server)
    with pytest.raises(StoreFailedError):
        rehearsal.engine.tenants.create({})
    assert rehearsal.engine.tenants.create({}).id


def test_a_server_that_is_stopped_and_started_is_written_to_again(rehearse, server):
    rehearsal = rehearse({"fields": [{"name": "n", "path": "$.n"}]}, store=server)
    rehearsal.send(b'{"stopped": 1}')
    rehearsal.advance(1)  # from now on its queue is in memory
    rehearsal.send(b'{"n": "%s"}' % (b"x" * LARGEST_HELD_BYTES))
    data = Path(str(make_url(server).query["host"])) / "data"
    as_server("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    for number in (1, 2, 3):  # the first may be a duplicate, which nobody can tell
        with pytest.raises(StoreFailedError):
            rehearsal.send(b'{"stopped": %d}' % number)
    with pytest.raises(StoreFailedError):
        rehearsal.advance(1)
    options = f"-k {data.parent} -c listen_addresses='' -c fsync=off"
    as_server("pg_ctl", "-D", data, "-l", data.parent / "log", "-w", "-o", options, "start")
    rehearsal.send(b'{"stopped": 4}')
    assert [row["status"] for row in rehearsal.requests()] == [202, 503, 503, 202, 202]
    rehearsal.advance(1)
    assert len(rehearsal.runs(status="Succeeded")) == rehearsal.totals()["received"] == 5


def test_a_commit_that_was_done_but_not_heard_of_is_made_again(rehearse, server):
    rehearsal = rehearse(store=server)
    engine = rehearsal.engine
    engine.stage(rehearsal.call())
    batch = engine.journal._staged
    with engine._store.writing() as transaction:
        batch.write(transaction, engine._store.hot, batch.counted())
    totals = rehearsal.totals()
    assert totals["received"] == 1
    assert sum_of_minutes(engine.journal, rehearsal.tenant.number) == same_in(totals)
    assert len(rehearsal.requests()) == len(rehearsal.runs()) == 1


def test_a_rare_change_is_no_way_round_another_server_either(rehearse, server):
    rehearsal = rehearse(store=server)
    end_connections(server)
    with Engine(Settings(store=server)) as second:
        with pytest.raises(StoreFailedError):
            rehearsal.engine.tenants.create({})
        with pytest.raises(StoreFailedError, match="public: another server is using it"):
            rehearsal.engine.tenants.create({})
        assert second.tenants.create({}).id


def test_a_server_whose_hold_ended_writes_nothing_over_what_another_wrote(
    rehearse, server, monkeypatch
):
    rehearsal = rehearse(store=server)
    end_connections(server)
    with Engine(Settings(store=server)) as second:
        second.receive(rehearsal.call())
        for _ in range(2):
            with pytest.raises(StoreFailedError):
                rehearsal.send()
        with pytest.raises(StoreFailedError, match="public: another server is using it"):
            rehearsal.send()
        with pytest.raises(StoreFailedError, match="public: another server is using it"):
            rehearsal.engine.tenants.create({})
    kept: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(writer, "discard", kept.append)  # the database sees the end later
        for act in (rehearsal.totals, rehearsal.engine.close):
            with pytest.raises(StoreFailedError, match="public: another server has used it mean"):
                act()
        with Engine(Settings(store=server)) as third:
            assert third.journal.totals(rehearsal.tenant.number)["received"] == 1
    for connection in kept:
        writer.discard(connection)
