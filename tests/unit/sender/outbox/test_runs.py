"""A run keeps what it has read, done and counted."""

import pytest

from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import WorkDone
from support.stored_messages import filled, taken


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


def test_a_new_run_takes_over_what_is_pending_and_nothing_else():
    with Outbox() as outbox:
        first, (one, two, _) = filled(outbox)
        with outbox.transaction():
            outbox.messages.activate([one.seq])
            outbox.messages.lease([taken(two)])
        second = outbox.runs.begin(2.0, {"files": []})
        assert outbox.runs.tally(first.id).states == {sql.ACTIVATED: 1}
        assert outbox.runs.tally(second.id).states == {sql.PENDING: 1, sql.IN_FLIGHT: 1}
        assert outbox.runs.last() == second
        assert (first.taken_over, second.taken_over) == (0, 2)


def test_broken_rows_exclusions_and_position_are_kept_with_the_run():
    with Outbox() as outbox:
        run = outbox.runs.begin(1.0, {"files": ["x"]})
        with outbox.transaction():
            outbox.runs.add_exclusions(run.id, {"hashed e-mail": 2})
            outbox.runs.add_exclusions(run.id, {"hashed e-mail": 1})
            outbox.runs.add_broken_rows(run.id, [("x", 3, "no JSON")])
            outbox.runs.advance(run.id, 10, 1, finished=True)
        outbox.runs.note_work(run.id, WorkDone(2.0), 12.0)
        outbox.runs.note_work(run.id, WorkDone(0.5), 12.5)
        outbox.runs.end(run.id, "hopeless")
        last = outbox.runs.last()
        assert (last.rows_read, last.broken_rows, last.source_finished) == (10, 1, True)
        assert (last.processing_seconds, last.stopped_because) == (2.5, "hopeless")
        assert outbox.runs.tally(run.id).excluded == {"hashed e-mail": 3}
        assert outbox.runs.broken_rows(run.id) == [("x", 3, "no JSON")]


def test_calls_are_counted_by_the_minute(path):
    with Outbox(path) as outbox, outbox.transaction():
        outbox.runs.count_calls(7, 2)
        outbox.runs.count_calls(7, 1)
        outbox.runs.count_calls(9, 5)
    with Outbox(path) as outbox:
        assert outbox.runs.calls() == [(7, 3), (9, 5)]
        with outbox.transaction():
            outbox.runs.keep_calls([(9, 5)])
        assert outbox.runs.calls() == [(9, 5)]


def test_a_run_keeps_the_rate_of_its_present_pace_alone():
    with Outbox() as outbox:
        run = outbox.runs.begin(1.0, None)
        assert run.reached_rate is None
        outbox.runs.pace(run.id, "adobe-best-effort 20.0")
        for _ in range(2):
            outbox.runs.note_work(run.id, WorkDone(1.0, 10, 0.5, rows_expected=40), 2.0)
        outbox.runs.note_work(run.id, WorkDone(1.0), 3.0)
        outbox.runs.pace(run.id, "adobe-best-effort 20.0")
        last = outbox.runs.last()
        assert (last.reached_rate, last.rows_expected) == (20.0, 40)
        outbox.runs.pace(run.id, "lossless 3000")
        assert outbox.runs.last().reached_rate is None
