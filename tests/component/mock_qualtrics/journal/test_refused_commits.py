"""A store that refuses to write: what callers are told, what is kept, and for how long."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.batch import ROW_BYTES
from mock_qualtrics.journal.refused import backlog
from mock_qualtrics.settings import Settings


def test_a_commit_that_fails_is_told_and_loses_nothing(rehearse, tmp_path):
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}")
    rehearsal.engine._store._writer.cursor.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.send(b'{"n": 1}')
    rehearsal.engine._store._writer.cursor.execute("PRAGMA query_only = OFF")
    rehearsal.send(b'{"n": 2}')
    assert [run["event"].value()["n"] for run in rehearsal.runs()] == [2, 1]
    assert [row["status"] for row in rehearsal.requests()] == [202, 503]  # as they were answered


@pytest.fixture
def refusing(rehearse, tmp_path):
    """A rehearsal, and what makes its store refuse to write, or write again."""
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/journal.db")

    def refuse(switch: str) -> None:
        rehearsal.engine._store._writer.cursor.execute(f"PRAGMA query_only = {switch}")

    return rehearsal, refuse


def test_a_commit_that_fails_for_somebody_else_is_not_what_a_caller_was_told(refusing):
    rehearsal, refuse = refusing
    rehearsal.engine.stage(rehearsal.call(b'{"n": 1}'))
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.totals()
    with ThreadPoolExecutor() as pool:
        told = pool.submit(rehearsal.send, b'{"n": 2}').exception()
    refuse("OFF")
    rehearsal.engine.commit()
    assert isinstance(told, StoreFailedError)
    assert [row["status"] for row in rehearsal.requests()] == [503, 202]


def test_a_caller_told_503_finds_that_in_the_journal_though_another_had_stored_the_call(refusing):
    rehearsal, refuse = refusing
    for body in (b'{"n": 1}', b'{"n": 2}'):
        rehearsal.engine.stage(rehearsal.call(body))
        assert rehearsal.totals()["received"] >= 1
    rehearsal.engine.stage(rehearsal.call(b'{"n": 3}'))
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.engine.commit()
    refuse("OFF")
    rehearsal.send(b'{"n": 4}')
    assert [row["status"] for row in rehearsal.requests()] == [202, 503, 503, 503]


def test_a_store_that_goes_on_refusing_has_only_so_much_kept_for_it(refusing, monkeypatch, caplog):
    rehearsal, refuse = refusing
    body = b'{"x": "%s"}' % (b"x" * 10 * ROW_BYTES)
    monkeypatch.setattr(backlog, "MOST_HELD_BYTES", 3 * (ROW_BYTES + len(body)))
    refuse("ON")
    for _ in range(6):
        with pytest.raises(StoreFailedError):
            rehearsal.send(body)
    with pytest.raises(StoreFailedError, match="too much waits"):
        rehearsal.engine.stage(rehearsal.call())
    refuse("OFF")
    rehearsal.engine.step()  # nothing is due: it writes what waits
    assert "3 calls were answered 503 and left no row" in caplog.text
    rehearsal.send()
    assert [row["status"] for row in rehearsal.requests()] == [202, 503, 503, 503, 503]
    assert rehearsal.totals()["received"] == 5
    rehearsal.engine.step()
    assert caplog.text.count("left no row") == 1


def test_a_store_that_refuses_at_the_end_is_let_go_all_the_same(refusing, tmp_path):
    rehearsal, refuse = refusing
    rehearsal.engine.stage(rehearsal.call())
    refuse("ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.engine.close()
    Engine(Settings(store=f"sqlite:///{tmp_path}/journal.db")).close()


def test_a_commit_that_fails_half_way_leaves_nothing_of_itself(rehearse, tmp_path):
    path = tmp_path / "journal.db"
    rehearsal = rehearse(store=f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE runs RENAME TO hidden")
        with pytest.raises(StoreFailedError, match="no such table"):
            rehearsal.send(b'{"n": 1}')
        assert other.execute("SELECT count(*) FROM requests").fetchone() == (0,)
        other.execute("ALTER TABLE hidden RENAME TO runs")
    other.close()
    rehearsal.send(b'{"n": 2}')
    assert [run["event"].value()["n"] for run in rehearsal.runs()] == [2, 1]
