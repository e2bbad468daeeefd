"""What is withdrawn is not sent, and a call in flight is the last one."""

import dataclasses

import pytest

from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import StoredMessage
from support.stored_messages import FAILURE, taken


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


def of_one_profile(outbox, count):
    run = outbox.runs.begin(1.0, None)
    with outbox.transaction():
        stored = [
            StoredMessage(n, f"trace-{n}", b"{}", after_seq=n - 1 or None, waits=n > 1)
            for n in range(1, count + 1)
        ]
        outbox.messages.add(run.id, stored)
    return run, stored


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_pending_ends_when_it_is_withdrawn_and_has_no_body(path, lost):
    with Outbox(path) as outbox:
        run, (first, *_) = of_one_profile(outbox, 2)
        with outbox.transaction():
            outbox.messages.lease([taken(first)])
            outbox.messages.retry(first, 5.0, dataclasses.replace(FAILURE, lost=lost))
            assert outbox.messages.withdraw([2]) == [1, 2]
        assert outbox.messages.next_due_at() is None
        assert outbox.messages.unfinished() == 0
        # Whether a call whose answer was lost arrived stays unknown.
        assert outbox.runs.tally(run.id).states == (
            {sql.UNCERTAIN: 1, sql.WITHDRAWN: 1} if lost else {sql.WITHDRAWN: 2}
        )
        assert [trace.body for trace in outbox.messages.traces()] == [None, None]


def withdraw_in_flight(outbox):
    run, (first, *_) = of_one_profile(outbox, 4)
    message = taken(first)
    with outbox.transaction():
        outbox.messages.put_in_order(keeps_order=True)
        outbox.messages.lease([message])
        assert outbox.messages.withdraw([3]) == [2, 3]
    return run, message


def test_what_waits_for_a_withdrawn_message_waits_for_the_call_before_it(path):
    with Outbox(path) as outbox:
        withdraw_in_flight(outbox)
        assert [outbox.messages.release(seq) for seq in (2, 3)] == [[], []]
        ((released, due_at),) = outbox.messages.release(1)
        assert (released.seq, due_at) == (4, None)


@pytest.mark.parametrize("lost", [False, True])
def test_a_call_that_was_in_flight_at_the_opt_out_is_the_last_one(path, lost):
    with Outbox(path) as outbox:
        run, message = withdraw_in_flight(outbox)
        assert [each.body for each in outbox.messages.interrupted()] == [None]
        with outbox.transaction():
            assert not outbox.messages.retry(message, 5.0, dataclasses.replace(FAILURE, lost=lost))
        ended = {sql.UNCERTAIN: 1, sql.WITHDRAWN: 2} if lost else {sql.WITHDRAWN: 3}
        assert outbox.runs.tally(run.id).states == {sql.PENDING: 1, **ended}


def test_a_withdrawn_call_that_stops_an_export_is_not_pending_again(path):
    with Outbox(path) as outbox:
        run, message = withdraw_in_flight(outbox)
        with outbox.transaction():
            assert not outbox.messages.unlease(message, 5.0)
        assert outbox.runs.tally(run.id).states == {sql.PENDING: 1, sql.WITHDRAWN: 3}
