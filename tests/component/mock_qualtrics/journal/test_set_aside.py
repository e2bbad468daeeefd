"""A row that the store refuses because of its data is set aside alone; all else goes on."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal import Outcome, State, journal
from mock_qualtrics.settings import Settings
from support.minute_sums import same_in, sum_of_minutes
from support.rehearsal import Rehearsal, trigger_call

RECORD = {"tasks": [{"name": "T", "type": "record", "settings": {"n": "~{aedj://n}"}}]}
FIELDS = {"fields": [{"name": "n", "path": "$.n"}]}
Refusing = Callable[..., Rehearsal]


@pytest.fixture
def refusing(rehearse, tmp_path) -> Refusing:
    """A rehearsal on a store that refuses rows: those of one table for which a condition holds."""

    def make(occasion: str, condition: str, workflow: dict[str, object] | None = None) -> Rehearsal:
        path = tmp_path / "journal.db"
        rehearsal = rehearse({**(workflow or {}), **FIELDS}, store=f"sqlite:///{path}")
        with sqlite3.connect(path) as other:
            other.execute(
                f"CREATE TRIGGER refusal BEFORE {occasion} WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'unfit'); END"
            )
        other.close()
        return rehearsal

    return make


def balanced(totals: dict[str, int]) -> bool:
    ended = ("ignored", "succeeded", "failed", "blocked", "pending")
    return (
        totals["received"] == totals["refused"] + totals["accepted"]
        and totals["refused"] == sum(totals["refusedBy"].values())
        and totals["accepted"] + totals["extraRuns"] == sum(totals[name] for name in ended)
    )


def totals_of(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return the totals, which the minutes have too."""
    totals = rehearsal.totals()
    assert sum_of_minutes(rehearsal.engine.journal, rehearsal.tenant.number) == same_in(totals)
    return totals


UNFIT = "instr(NEW.body, CAST('unfit' AS BLOB))"


def test_a_refused_call_is_not_answered_2xx_and_all_others_of_the_commit_are(refusing, caplog):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    engine = rehearsal.engine
    bodies = [b'{"n": %d}' % n for n in range(9)]
    bodies[2] = bodies[7] = b'{"n": "unfit"}'
    receipts = [engine.stage(rehearsal.call(body)) for body in bodies]
    engine.stage(trigger_call(engine))  # of another tenant
    assert engine.commit() == {receipts[2].call_number, receipts[7].call_number}
    rehearsal.advance(1)
    assert len(rehearsal.requests()) == len(rehearsal.runs(status="Succeeded")) == 7
    assert engine.journal.totals(1)["received"] == 1
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["received"], totals["accepted"], totals["succeeded"]) == (9, 7, 7)
    assert (totals["refusedBy"], totals["notStored"]) == ({"not-stored": 2}, 2)
    assert (totals["complete"], totals["duplicates"]) == (False, 0)
    assert caplog.text.count(f"of {rehearsal.tenant.id} is set aside") == 2
    assert "unfit" in caplog.text
    assert "headers" not in caplog.text


def test_everything_goes_on_after_it_also_after_reopening(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    with pytest.raises(StoreFailedError, match="set aside"):
        rehearsal.send(b'{"n": "unfit"}')
    assert rehearsal.send(b'{"n": 1}').status == 202
    totals = totals_of(rehearsal)
    rehearsal.engine.close()
    with Engine(Settings(store=rehearsal.engine.settings.store)) as engine:
        assert engine.journal.totals(rehearsal.tenant.number) == totals
        assert engine.receive(rehearsal.call(b'{"n": 2}')).status == 202
        engine.advance(rehearsal.tenant.id, 1)
        assert engine.wait(rehearsal.tenant.id, {"succeeded": 2}, 0)["complete"] is False


def test_a_call_that_was_set_aside_by_another_thread_s_commit_is_not_answered_2xx(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    receipt = rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    assert totals_of(rehearsal)["notStored"] == 1
    assert rehearsal.engine.commit() == {receipt.call_number}
    assert rehearsal.engine.commit() == set()


def test_the_run_of_a_refused_call_is_neither_executed_nor_counted(refusing):
    rehearsal = refusing("INSERT ON runs", "NEW.due_at % 2")
    rehearsal.tenant.faults.add({"kind": "run-twice", "when": {"every": 1}})
    changes = {"delay": {"kind": "fixed", "seconds": 0.000001}}
    rehearsal.engine.tenants.update_workflow(rehearsal.workflow.id, changes)
    with pytest.raises(StoreFailedError, match="set aside"):
        rehearsal.send()
    rehearsal.advance(1)
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["refused"], totals["extraRuns"], totals["pending"]) == (1, 0, 0)
    assert rehearsal.requests() == ()


def test_a_run_that_had_ended_before_its_call_was_refused_is_not_counted(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT, {"delay": {"kind": "fixed", "seconds": 0}})
    rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    rehearsal.engine.step()
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["succeeded"], totals["pending"], totals["refused"]) == (0, 0, 1)


def end_run(rehearsal, run):
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    journal.complete(
        run, Outcome(State.SUCCEEDED, run.due_at, run.due_at), journal.counters(number)
    )


def take_run(rehearsal):
    clock = rehearsal.tenant.clock
    return rehearsal.engine.journal.run_queue.pop_due(rehearsal.tenant.clock_number, clock.now())


AT_ONCE = {"delay": {"kind": "fixed", "seconds": 0}}


def test_a_run_that_ends_while_its_call_is_refused_is_not_counted(refusing, monkeypatch):
    rehearsal = refusing("INSERT ON requests", UNFIT, AT_ONCE)

    def write(*rows: object) -> object:
        set_aside = write_apart(*rows)
        end_run(rehearsal, take_run(rehearsal))
        return set_aside

    write_apart = journal.write_apart
    monkeypatch.setattr(journal, "write_apart", write)
    rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    rehearsal.engine.commit()
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["succeeded"], totals["pending"], totals["refused"]) == (0, 0, 1)


def test_a_run_that_ends_after_its_call_was_refused_is_not_counted(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT, AT_ONCE)
    rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    run = take_run(rehearsal)
    rehearsal.engine.commit()
    end_run(rehearsal, run)
    assert balanced(totals_of(rehearsal))
    assert totals_of(rehearsal)["succeeded"] == 0


def test_nothing_waits_for_a_refused_call_and_nobody_is_told_of_it(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    told = []
    rehearsal.engine.journal.subscribe(told.append)
    receipts = [
        rehearsal.engine.stage(rehearsal.call(body)) for body in (b'{"n": "unfit"}', b'{"n": 1}')
    ]
    rehearsal.engine.commit()
    assert [change.sequence for change in told] == [receipts[1].call_number]
    rehearsal.advance(1)
    rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    rehearsal.engine.commit()
    assert rehearsal.engine.journal.run_queue.next_moment(rehearsal.tenant.clock_number) is None


def test_refused_calls_take_no_room_in_memory(rehearse):
    rehearsal = rehearse({**AT_ONCE, **FIELDS}, memory_rows=20)
    with rehearsal.engine._store.changing() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER refusal BEFORE INSERT ON requests WHEN {UNFIT} "
            "BEGIN SELECT RAISE(ABORT, 'unfit'); END"
        )
    for body in [b'{"n": 1}'] * 5 + [b'{"n": "unfit"}'] * 30:
        rehearsal.engine.stage(rehearsal.call(body))
        rehearsal.engine.commit()
        rehearsal.advance(0)
    assert "dropped" not in totals_of(rehearsal)


def test_a_retry_of_a_message_that_was_not_stored_is_no_duplicate(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    with pytest.raises(StoreFailedError):
        rehearsal.send(b'{"n": "unfit"}', trace="t")
    rehearsal.send(b'{"n": 1}', trace="t")
    assert totals_of(rehearsal)["duplicates"] == 0


def test_a_refused_call_that_was_not_accepted_stays_refused_for_its_reason(refusing):
    rehearsal = refusing("INSERT ON requests", "NEW.reason = 'not-json'")
    with pytest.raises(StoreFailedError):
        rehearsal.send(b"{")
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["refusedBy"], totals["complete"]) == ({"not-json": 1}, False)


def test_an_outcome_that_is_refused_is_stored_without_its_details(refusing, caplog):
    rehearsal = refusing("UPDATE ON runs", "instr(NEW.detail, '\"n\":2')", RECORD)
    for number in range(4):
        rehearsal.send(b'{"n": %d}' % number)
    rehearsal.advance(1)
    totals = totals_of(rehearsal)
    assert balanced(totals)
    assert (totals["succeeded"], totals["notStored"], totals["complete"]) == (4, 1, False)
    runs = rehearsal.runs(status="Succeeded")
    assert [len(run["tasks"]) for run in runs] == [1, 0, 1, 1]
    assert "the store refused the outcome's details: unfit" in runs[1]["notes"][0]
    assert "is stored without its details" in caplog.text


def test_an_outcome_that_is_refused_even_so_stops_nothing(refusing, caplog):
    wrong = "NEW.state = 2"
    rehearsal = refusing("UPDATE ON runs", wrong, {**RECORD, "retryTasks": False})
    rehearsal.send(b"{}")
    rehearsal.send(b'{"n": 1}')
    rehearsal.advance(1)
    assert [run["status"] for run in rehearsal.runs()] == ["Succeeded", "Pending"]
    assert "is not stored, which the store refused: unfit" in caplog.text
    assert totals_of(rehearsal)["complete"] is False


@pytest.mark.parametrize("refused", ["1", "NEW.detail IS NOT NULL"])
def test_of_two_outcomes_of_one_run_the_later_one_counts(refusing, refused):
    task = {"name": "T", "type": "record", "failFirst": 1}
    condition = f"NEW.state = {State.PENDING} AND {refused}"
    rehearsal = refusing("UPDATE ON runs", condition, {"tasks": [task], "retryTasks": True})
    rehearsal.send()
    rehearsal.advance(100)
    (run,) = rehearsal.runs()
    assert run["status"] == "Succeeded"
    assert balanced(totals_of(rehearsal))


def test_a_store_that_fails_for_another_reason_loses_no_row(refusing):
    rehearsal = refusing("INSERT ON requests", UNFIT)
    rehearsal.engine.stage(rehearsal.call(b'{"n": "unfit"}'))
    rehearsal.engine.stage(rehearsal.call())
    cursor = rehearsal.engine._store._writer.cursor
    cursor.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreFailedError, match="readonly"):
        rehearsal.engine.commit()
    cursor.execute("PRAGMA query_only = OFF")
    assert totals_of(rehearsal)["refusedBy"] == {"not-stored": 1}
    assert [row["status"] for row in rehearsal.requests()] == [503]
