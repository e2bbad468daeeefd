"""A message goes from pending to its end, and what is still to be sent is known."""

import sqlite3

import pytest

from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import Failure, StoredMessage, Trace
from support.stored_messages import FAILURE, filled, taken


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


def test_a_message_goes_from_pending_over_in_flight_to_each_end():
    with Outbox() as outbox:
        run, messages = filled(outbox, 4)
        one, two, three, four = map(taken, messages)
        with outbox.transaction():
            outbox.messages.lease([one, two, three, four])
        assert outbox.runs.tally(run.id).states == {sql.IN_FLIGHT: 4}
        with outbox.transaction():
            outbox.messages.activate([one.seq])
            outbox.messages.end(two, sql.FAILED, FAILURE)
            outbox.messages.end(three, sql.UNCERTAIN, FAILURE)
            outbox.messages.retry(four, 200.0, FAILURE)
        tally = outbox.runs.tally(run.id)
        assert tally.states == {
            sql.ACTIVATED: 1,
            sql.FAILED: 1,
            sql.UNCERTAIN: 1,
            sql.PENDING: 1,
        }
        assert tally.failed == [("504", 1, "too slow", None)]
        assert tally.uncertain_attempts == 3
        assert outbox.messages.next_due_at() == 200
        assert outbox.messages.due(199.9, 10) == []
        assert outbox.messages.due(200.0, 10) == [StoredMessage(4, "trace-3", b"{}", 1, 100.0)]


def test_an_activated_message_keeps_no_body(path):
    with Outbox(path) as outbox:
        _, (message, *_) = filled(outbox)
        with outbox.transaction():
            outbox.messages.activate([message.seq])
    database = sqlite3.connect(path)
    bodies = database.execute("SELECT body FROM messages ORDER BY seq").fetchall()
    database.close()
    assert bodies == [(None,), (b"{}",), (b"{}",)]


def test_what_was_in_flight_when_a_process_died_is_known_after_it(path):
    with Outbox(path) as outbox:
        _, (one, two, _) = filled(outbox)
        with outbox.transaction():
            outbox.messages.lease([taken(one)])
        assert [m.seq for m in outbox.messages.unsent(0, 3, 10)] == [2, 3]
        assert [m.seq for m in outbox.messages.unsent(two.seq, 3, 10)] == [3]
    with Outbox(path) as outbox:
        assert outbox.messages.interrupted() == [StoredMessage(1, "trace-0", b"{}", 1)]
        assert outbox.messages.unfinished() == 3
        with outbox.transaction():
            more = StoredMessage(outbox.messages.last_seq() + 1, "t", b"{}")
            outbox.messages.add(1, [more])
        assert more.seq == 4


def test_a_message_put_back_is_as_if_it_had_not_been_sent():
    with Outbox() as outbox:
        _, (message, *_) = filled(outbox)
        sent = taken(message)
        with outbox.transaction():
            outbox.messages.lease([sent])
            outbox.messages.unlease(sent, 5.0)
        assert outbox.messages.due(5.0, 10) == []
        assert outbox.messages.unsent(0, 1, 10) == [message]


def test_every_message_can_be_traced():
    with Outbox() as outbox:
        filled(outbox, 1)
        assert list(outbox.messages.traces()) == [Trace("trace-0", sql.PENDING, 0, 0)]


def test_a_message_that_waits_for_another_is_neither_due_nor_unsent(path):
    parked = Failure(1.0, lost=False, error_code="413", description="")
    with Outbox(path) as outbox:
        run = outbox.runs.begin(1.0, None)
        first, second = StoredMessage(1, "a", b"{}"), StoredMessage(2, "b", b"{}", after_seq=1)
        with outbox.transaction():
            outbox.messages.add(run.id, [first, second])
        assert outbox.messages.put_in_order(keeps_order=True) == {1}
        assert [m.seq for m in outbox.messages.unsent(0, 2, 10)] == [1]
        with outbox.transaction():
            for message in (first, second):
                outbox.messages.end(message, sql.FAILED, parked)
            outbox.losses.replay(run.id, None)
        outbox.messages.put_in_order(keeps_order=True)
        assert [m.seq for m in outbox.messages.unsent(0, 2, 10)] == [1]
        outbox.messages.lease([taken(first)])
        assert outbox.messages.next_due_at() is None
        assert outbox.messages.release(1) == [(second_again := StoredMessage(2, "b", b"{}"), None)]
        assert outbox.messages.unsent(0, 2, 10) == [second_again]
        assert outbox.messages.put_in_order(keeps_order=False) == set()
