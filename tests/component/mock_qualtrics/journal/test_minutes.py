"""Counters by the minute: they are the totals, survive as they do, and are read in a few steps."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from mock_qualtrics.clock import DAY, FIRST_INSTANT, LAST_INSTANT, SECOND, VIRTUAL_START
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal import UNATTRIBUTED
from mock_qualtrics.journal.minutes import read_steps
from mock_qualtrics.journal.minutes.minute import MINUTE
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep, sums_of
from mock_qualtrics.journal.parts.journal_minutes import NOTED_AT_ONCE
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import TENANT_SHIFT
from support.minute_sums import same_in, sum_of_minutes
from support.rehearsal import Rehearsal, trigger_call

ALL_TIME = FIRST_INSTANT, LAST_INSTANT
THIRTY_DAYS = 30 * 24 * 60


def steps(rehearsal: Rehearsal, minutes: int, most: int | None = None):
    last = VIRTUAL_START + minutes * MINUTE - 1
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    return journal.minutes(number, VIRTUAL_START, last, most or minutes)


def stored(rehearsal: Rehearsal, query: str) -> list[tuple]:
    path = rehearsal.engine.settings.store.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_calls_count_when_they_come_and_runs_when_they_end(rehearse):
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 90}})
    rehearsal.send()
    rehearsal.advance(60)
    rehearsal.send()
    rehearsal.send(b"no json")
    rehearsal.advance(120)
    counted = [
        (step.received, step.accepted, step.refused, step.succeeded) for step in steps(rehearsal, 4)
    ]
    assert counted == [(1, 1, 0, 0), (2, 1, 1, 1), (0, 0, 0, 1), (0, 0, 0, 0)]


def test_the_sum_over_all_minutes_is_the_totals(rehearse):
    workflow = {"tasks": [{"name": "T", "type": "record", "failProbability": 0.5}]}
    rehearsal = rehearse(workflow, {"limits": {"runsPerDay": 7}})
    rehearsal.tenant.faults.add({"kind": "run-twice", "when": {"every": 3}})
    for number in range(12):
        rehearsal.send(b'{"n": %d}' % number if number % 5 else b"no json")
        rehearsal.engine.run_now(rehearsal.workflow.id, b"{}")
        rehearsal.send(method="GET", path="/elsewhere")
        rehearsal.advance(25)
    totals = rehearsal.totals()
    assert all(totals[name] for name in ("refused", "extraRuns", "succeeded", "failed", "blocked"))
    journal = rehearsal.engine.journal
    assert sum_of_minutes(journal, rehearsal.tenant.number) == same_in(totals)


def test_calls_of_no_tenant_count_too(rehearse):
    rehearsal = rehearse()
    rehearsal.send(query="urlTokenId=unknown", headers=())
    rehearsal.send(path="/elsewhere", headers=())
    journal = rehearsal.engine.journal
    sums = sum_of_minutes(journal, UNATTRIBUTED)
    assert (sums["received"], sums["refused"], sums["otherCalls"]) == (1, 1, 1)
    assert sums == same_in(journal.totals(UNATTRIBUTED))


def test_delay_and_duration_are_those_of_the_runs(rehearse):
    task = {"name": "T", "type": "record", "failFirst": 1}
    rehearsal = rehearse({"delay": {"kind": "fixed", "seconds": 5}, "tasks": [task]})
    rehearsal.engine.tenants.update_workflow(rehearsal.workflow.id, {"retryTasks": True})
    rehearsal.send()
    rehearsal.advance(120)
    ended = steps(rehearsal, 3)[1]
    assert ended.delay.percentile(0.5) == pytest.approx(5, rel=0.1)
    assert ended.duration.percentile(0.5) == pytest.approx(60, rel=0.1)
    assert ended.latency.percentile(0.5) is None  # no server has answered


def test_a_minute_goes_on_after_a_kill(rehearse, tmp_path):
    (tmp_path / "a").mkdir()
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/a/mock.db")
    for _ in range(2):
        rehearsal.send()
    rehearsal.advance(1)
    totals = rehearsal.totals()
    shutil.copytree(tmp_path / "a", tmp_path / "b")  # as a kill leaves the files
    with Engine(Settings(store=f"sqlite:///{tmp_path}/b/mock.db")) as engine:
        journal, number = engine.journal, rehearsal.tenant.number
        assert sum_of_minutes(journal, number) == same_in(totals)
        engine.receive(rehearsal.call())
        (step,) = journal.minutes(number, VIRTUAL_START, VIRTUAL_START, 9)
        assert (step.received, step.succeeded, step.delay.total) == (3, 2, 2)


def test_a_minute_is_whole_whoever_ends_late_in_it(rehearse):
    rehearsal = rehearse()
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    receipt = rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.commit()
    rehearsal.advance(300)
    rehearsal.send()  # the first minute is no longer in memory
    journal.note_answered(receipt.call_number, receipt.received_at, 2 * SECOND)
    first, *_, last = steps(rehearsal, 6)
    assert (first.received, first.latency.total, last.received) == (1, 1, 1)
    assert sum_of_minutes(journal, number) == same_in(rehearsal.totals())


def noted(rehearsal: Rehearsal, times: int) -> None:
    receipt = rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.commit()
    for _ in range(times):
        rehearsal.engine.journal.note_answered(receipt.call_number, receipt.received_at, 9)


def latencies(rehearsal: Rehearsal) -> list[tuple]:
    return stored(rehearsal, "SELECT latency FROM minutes WHERE tenant_number = 2")


def test_latencies_are_written_with_the_commit_after_so_many(rehearse, tmp_path):
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/mock.db")
    noted(rehearsal, NOTED_AT_ONCE - 1)
    rehearsal.engine.commit()
    assert latencies(rehearsal) == [("",)]
    noted(rehearsal, 1)
    assert latencies(rehearsal) == [("",)]
    rehearsal.engine.commit()
    assert latencies(rehearsal) == [(f"13:{NOTED_AT_ONCE}",)]


def test_latencies_are_written_when_the_engine_closes(rehearse, tmp_path):
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/mock.db")
    noted(rehearsal, 1)
    rehearsal.engine.close()
    assert latencies(rehearsal) == [("13:1",)]


def test_latencies_that_are_counted_together_count_each_in_its_minute(rehearse):
    rehearsal = rehearse()
    journal, calls = rehearsal.engine.journal, []
    for _ in range(3):
        calls.append(rehearsal.engine.stage(rehearsal.call()))
        rehearsal.advance(60)
    for place, call in enumerate([*calls, *calls[1:], calls[2]]):
        journal.note_answered(call.call_number, call.received_at, SECOND << place)
    journal.note_answered(1 << TENANT_SHIFT, VIRTUAL_START, SECOND)
    found = [step.latency for step in steps(rehearsal, 3)]
    assert [len(histogram.counts) for histogram in found] == [1, 2, 3]
    assert found[2].percentile(1) == pytest.approx(32, rel=0.1)
    (of_default,) = journal.minutes(1, VIRTUAL_START, VIRTUAL_START, 1)
    assert of_default.latency.total == 1


@pytest.mark.parametrize("act", ["reset", "delete"])
def test_latencies_of_what_was_reset_or_deleted_count_nowhere(rehearse, act):
    rehearsal = rehearse()
    noted(rehearsal, 1)
    getattr(rehearsal.engine.tenants, act)(rehearsal.tenant.id)
    if act == "delete":  # its caller gets the answer only now
        rehearsal.engine.journal.note_answered(rehearsal.tenant.number << TENANT_SHIFT, 0, 9)
    (step,) = rehearsal.engine.journal.minutes(rehearsal.tenant.number, *ALL_TIME, 1)
    assert step.latency.total == 0


@pytest.mark.parametrize("act", ["reset", "delete"])
def test_reset_and_delete_forget_the_minutes(rehearse, tmp_path, act):
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/mock.db")
    engine = rehearsal.engine
    rehearsal.send()
    engine.stage(rehearsal.call())  # and what is not written yet
    engine.receive(trigger_call(engine))
    getattr(engine.tenants, act)(rehearsal.tenant.id)
    engine.commit()
    assert {number for (number,) in stored(rehearsal, "SELECT tenant_number FROM minutes")} == {1}
    if act == "reset":
        rehearsal.send()
        totals = rehearsal.totals()
        assert totals["received"] == 1
        assert sum_of_minutes(engine.journal, rehearsal.tenant.number) == same_in(totals)


def test_minutes_are_pruned_with_the_rows(rehearse):
    rehearsal = rehearse(retention_days=1)
    number, journal = rehearsal.tenant.number, rehearsal.engine.journal
    for _ in range(3):
        rehearsal.send()
        rehearsal.advance(60)
    now = VIRTUAL_START + DAY + 2 * MINUTE
    journal.prune(number, now - 1)
    assert [step.received for step in steps(rehearsal, 3)] == [0, 1, 1]
    journal.prune(number, now)
    assert [step.received for step in steps(rehearsal, 3)] == [0, 0, 1]
    assert rehearsal.totals()["received"] == 3


def hours(rehearsal: Rehearsal) -> list[int]:
    """Return the calls of each of the first four hours, as a chart of hours has them."""
    found = steps(rehearsal, 240, 4)
    assert {step.minutes for step in found} == {60}
    return [step.received for step in found]


def test_sums_of_hours_follow_what_ends_late_in_them(rehearse):
    rehearsal = rehearse()
    receipt = rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.commit()
    rehearsal.advance(7_300)
    rehearsal.send()
    assert hours(rehearsal) == [1, 0, 1, 0]
    assert hours(rehearsal) == [1, 0, 1, 0]
    rehearsal.engine.journal.note_answered(receipt.call_number, receipt.received_at, SECOND)
    assert steps(rehearsal, 240, 4)[0].latency.total == 1
    rehearsal.send()
    rehearsal.advance(3_600)
    rehearsal.send()
    assert hours(rehearsal) == [1, 0, 2, 1]


@pytest.mark.parametrize("opened", ["before", "while"])
def test_an_hour_that_changes_while_it_is_read_is_read_again(rehearse, monkeypatch, opened):
    rehearsal = rehearse()
    journal = rehearsal.engine.journal
    receipt = rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.commit()
    rehearsal.advance(7_300)
    rehearsal.send()

    def change(store: Store, number: int, first: int, *span: int) -> dict[int, MinuteStep]:
        is_of_hours = first * MINUTE == VIRTUAL_START  # the minutes of the last hour come first
        sums = sums_of(store, number, first, *span)
        if is_of_hours == (opened == "while"):
            journal.note_answered(receipt.call_number, receipt.received_at, SECOND)
            journal.count_latencies()
        if is_of_hours:
            journal.commit()
        return sums

    with monkeypatch.context() as patched:
        patched.setattr(read_steps, "sums_of", change)
        assert steps(rehearsal, 240, 4)[0].latency.total == 0
    assert steps(rehearsal, 240, 4)[0].latency.total == 1


def test_a_call_in_the_last_minute_of_an_hour_counts_after_it_was_read(rehearse):
    rehearsal = rehearse()
    rehearsal.send()
    rehearsal.advance(2 * 3_600 - 30)
    assert hours(rehearsal) == [1, 0, 0, 0]
    rehearsal.send()
    assert hours(rehearsal) == [1, 1, 0, 0]


def test_sums_of_hours_are_dropped_with_their_rows(rehearse):
    rehearsal = rehearse(retention_days=1)
    number, journal = rehearsal.tenant.number, rehearsal.engine.journal
    rehearsal.send()
    rehearsal.advance(7_300)
    rehearsal.send()
    assert hours(rehearsal) == [1, 0, 1, 0]
    journal.prune(number, VIRTUAL_START + DAY + 3_600 * SECOND)
    assert hours(rehearsal) == [0, 0, 1, 0]
    rehearsal.engine.tenants.reset(rehearsal.tenant.id)
    assert hours(rehearsal) == [0, 0, 0, 0]


def test_hours_are_not_read_twice(rehearse, monkeypatch):
    rehearsal = rehearse()
    rehearsal.send()
    rehearsal.advance(7_300)
    rehearsal.send()
    assert hours(rehearsal) == [1, 0, 1, 0]
    read = []
    monkeypatch.setattr(read_steps, "sums_of", lambda *args: read.append(args[2]) or sums_of(*args))
    assert hours(rehearsal) == [1, 0, 1, 0]
    newest = VIRTUAL_START // MINUTE + 120
    assert min(read) == newest


def test_memory_holds_only_the_newest_minute_of_what_is_written(rehearse):
    rehearsal = rehearse()
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    for _ in range(5):
        rehearsal.send()
        rehearsal.advance(60)
        rehearsal.engine.commit()
    assert [key[0] for key in journal._open_minutes._open].count(number) == 1


@pytest.mark.parametrize(("most", "lengths"), [(1, 1), (3, 2), (4, 2), (7, 5), (10, 10), (99, 10)])
def test_steps_are_few_whole_and_complete(rehearse, most, lengths):
    rehearsal = rehearse()
    for _ in range(10):
        rehearsal.send()
        rehearsal.advance(60)
    found = steps(rehearsal, 10, most)
    assert len(found) == lengths
    length = found[0].minutes
    places = range(0, 10, length)
    assert [step.first for step in found] == [VIRTUAL_START + place * MINUTE for place in places]
    assert [step.received for step in found] == [min(length, 10 - place) for place in places]


def test_minutes_before_1970_are_minutes_too(rehearse):
    rehearsal = rehearse(tenant={"startAt": "1969-12-31T23:58:30Z"})
    for _ in range(3):
        rehearsal.send()
        rehearsal.advance(60)
    journal, number = rehearsal.engine.journal, rehearsal.tenant.number
    found = journal.minutes(number, -2 * MINUTE, MINUTE - 1, 9)
    assert [(step.first, step.received) for step in found] == [
        (-2 * MINUTE, 1),
        (-MINUTE, 1),
        (0, 1),
    ]


def test_thirty_days_of_minutes_are_summed_and_merged(rehearse, tmp_path):
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/mock.db")
    number, first = rehearsal.tenant.number, VIRTUAL_START // MINUTE
    rows = [
        (number, first + place, 9, 0, 9, 0, 0, 0, 9, 0, 0, "71:9", "0:9", f"40:{place % 7} 50:9")
        for place in range(THIRTY_DAYS)
    ]
    store = rehearsal.engine._store
    with store.writing() as transaction:
        transaction.many(store.hot.put_minute, rows)
    found = steps(rehearsal, THIRTY_DAYS, 100)
    assert (len(found), found[0].minutes) == (60, 720)
    assert {step.received for step in found[:-1]} == {9 * found[0].minutes}
    assert sum(step.latency.total for step in found) == sum(9 + n % 7 for n in range(THIRTY_DAYS))
