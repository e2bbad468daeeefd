"""The outbox keeps every message's state, for one export at a time."""

import dataclasses
import sqlite3

import pytest

from sender.dataflow import Dataflow
from sender.dataflow.digests import profile_digest
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import Failure, LastExport, StoredMessage, Trace, WorkDone

URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId="
FAILURE = Failure(100.0, lost=True, error_code="504", description="too slow")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


@pytest.fixture
def dataflow_to(raw):
    return lambda url: Dataflow.from_mapping({**raw, "url": url})


def filled(outbox, count=3):
    run = outbox.begin_run(1.0, None)
    with outbox.transaction():
        stored = [StoredMessage(1 + n, f"trace-{n}", b"{}") for n in range(count)]
        outbox.add_messages(run.id, stored)
    return run, stored


def taken(message):
    return StoredMessage(message.seq, message.trace_id, message.body, message.attempts + 1)


def test_an_outbox_can_be_read_while_it_is_in_use(path):
    with Outbox(path) as outbox:
        run, _ = filled(outbox)
        with Outbox(path, writable=False) as reader:
            assert reader.tally(run.id).states == {sql.PENDING: 3}


def test_a_reader_leaves_nothing_behind_and_takes_nothing_away_while_an_export_goes_on(path):
    def files() -> set[str]:
        return {file.name for file in path.parent.iterdir()}

    with Outbox(path) as outbox:
        run, _ = filled(outbox)
        while_open = files()
        Outbox(path, writable=False).close()
        assert files() == while_open > {path.name}
        with outbox.transaction():
            outbox.activate([1])
        with Outbox(path, writable=False) as reader:
            assert reader.tally(run.id).states == {sql.PENDING: 2, sql.ACTIVATED: 1}
    alone = files()
    with Outbox(path, writable=False) as reader:
        assert reader.tally(run.id).states == {sql.PENDING: 2, sql.ACTIVATED: 1}
    assert files() == alone == {path.name, f"{path.name}.lock"}


def test_a_reader_cannot_write(path):
    Outbox(path).close()
    with Outbox(path, writable=False) as reader, pytest.raises(sqlite3.OperationalError):
        reader.begin_run(1.0, None)


def test_what_fails_inside_a_transaction_is_undone():
    with Outbox() as outbox:
        run, (message, *_) = filled(outbox)
        with pytest.raises(ZeroDivisionError):
            _activate_and_fail(outbox, message)
        assert outbox.tally(run.id).states == {sql.PENDING: 3}


def _activate_and_fail(outbox: Outbox, message: StoredMessage) -> None:
    with outbox.transaction():
        outbox.activate([message.seq])
        raise ZeroDivisionError


def test_a_message_goes_from_pending_over_in_flight_to_each_end():
    with Outbox() as outbox:
        run, messages = filled(outbox, 4)
        one, two, three, four = map(taken, messages)
        with outbox.transaction():
            outbox.lease([one, two, three, four])
        assert outbox.tally(run.id).states == {sql.IN_FLIGHT: 4}
        with outbox.transaction():
            outbox.activate([one.seq])
            outbox.end(two, sql.FAILED, FAILURE)
            outbox.end(three, sql.UNCERTAIN, FAILURE)
            outbox.retry(four, 200.0, FAILURE)
        tally = outbox.tally(run.id)
        assert tally.states == {
            sql.ACTIVATED: 1,
            sql.FAILED: 1,
            sql.UNCERTAIN: 1,
            sql.PENDING: 1,
        }
        assert tally.failed == [("504", 1, "too slow", None)]
        assert tally.uncertain_attempts == 3
        assert outbox.next_due_at() == 200
        assert outbox.due(199.9, 10) == []
        assert outbox.due(200.0, 10) == [StoredMessage(4, "trace-3", b"{}", 1, 100.0)]


def test_an_activated_message_keeps_no_body(path):
    with Outbox(path) as outbox:
        _, (message, *_) = filled(outbox)
        with outbox.transaction():
            outbox.activate([message.seq])
    database = sqlite3.connect(path)
    bodies = database.execute("SELECT body FROM messages ORDER BY seq").fetchall()
    database.close()
    assert bodies == [(None,), (b"{}",), (b"{}",)]


def test_what_was_in_flight_when_a_process_died_is_known_after_it(path):
    with Outbox(path) as outbox:
        _, (one, two, _) = filled(outbox)
        with outbox.transaction():
            outbox.lease([taken(one)])
        assert [m.seq for m in outbox.unsent(0, 3, 10)] == [2, 3]
        assert [m.seq for m in outbox.unsent(two.seq, 3, 10)] == [3]
    with Outbox(path) as outbox:
        assert outbox.interrupted() == [StoredMessage(1, "trace-0", b"{}", 1)]
        assert outbox.unfinished() == 3
        with outbox.transaction():
            more = StoredMessage(outbox.last_seq() + 1, "t", b"{}")
            outbox.add_messages(1, [more])
        assert more.seq == 4


def test_a_message_put_back_is_as_if_it_had_not_been_sent():
    with Outbox() as outbox:
        _, (message, *_) = filled(outbox)
        sent = taken(message)
        with outbox.transaction():
            outbox.lease([sent])
            outbox.unlease(sent, 5.0)
        assert outbox.due(5.0, 10) == []
        assert outbox.unsent(0, 1, 10) == [message]


def test_a_new_run_takes_over_what_is_pending_and_nothing_else():
    with Outbox() as outbox:
        first, (one, two, _) = filled(outbox)
        with outbox.transaction():
            outbox.activate([one.seq])
            outbox.lease([taken(two)])
        second = outbox.begin_run(2.0, {"files": []})
        assert outbox.tally(first.id).states == {sql.ACTIVATED: 1}
        assert outbox.tally(second.id).states == {sql.PENDING: 1, sql.IN_FLIGHT: 1}
        assert outbox.last_run() == second
        assert (first.taken_over, second.taken_over) == (0, 2)


def test_replay_makes_failures_of_one_code_pending_again():
    with Outbox() as outbox:
        run, messages = filled(outbox)
        with outbox.transaction():
            outbox.end(messages[0], sql.FAILED, FAILURE)
            outbox.end(
                messages[1], sql.FAILED, Failure(1.0, lost=False, error_code="413", description="")
            )
            assert outbox.replay(run.id, "413") == 1
        assert [m.seq for m in outbox.unsent(0, 3, 10)] == [2, 3], "as if it had never been tried"


def test_a_replay_counts_what_it_takes_over_from_earlier_runs():
    with Outbox() as outbox:
        _, messages = filled(outbox)
        with outbox.transaction():
            outbox.end(messages[0], sql.FAILED, FAILURE)
            outbox.activate([messages[1].seq, messages[2].seq])
        second = outbox.begin_run(2.0, None)
        with outbox.transaction():
            assert outbox.replay(second.id, "413") == 0
            assert outbox.replay(second.id, None) == 1
        assert (second.taken_over, outbox.last_run().taken_over) == (0, 1)


def test_what_was_exported_is_known_by_digests(path):
    one, two = profile_digest("a", "_id:1"), profile_digest("b", "_id:1")
    with Outbox(path) as outbox:
        with outbox.transaction():
            outbox.keep_last_exports({one: LastExport("x", 7)})
        assert outbox.last_exports([one, two]) == {one: LastExport("x", 7)}
        assert outbox.last_exports([]) == {}


def test_an_outbox_keeps_its_dataflow_and_its_policy(path, dataflow_to):
    dataflow = dataflow_to(URL + "a")
    with Outbox(path) as outbox:
        outbox.bind(dataflow, "lossless")
    with Outbox(path) as outbox:
        assert outbox.dataflow() == dataflow
        assert outbox.policy_name() == "lossless"


def test_pending_messages_do_not_go_to_another_destination(path, dataflow_to):
    with Outbox(path) as outbox:
        outbox.bind(dataflow_to(URL + "a"), "lossless")
        filled(outbox)
        with pytest.raises(ConfigurationError, match=r"another destination.*\(3\)"):
            outbox.bind(dataflow_to(URL + "b"), "lossless")


def test_failed_messages_are_not_replayed_to_another_destination(path, dataflow_to):
    with Outbox(path) as outbox:
        outbox.bind(dataflow_to(URL + "a"), "lossless")
        _, (first, *others) = filled(outbox)
        with outbox.transaction():
            outbox.end(first, sql.FAILED, FAILURE)
            outbox.activate(message.seq for message in others)
        with pytest.raises(ConfigurationError, match=r"another destination.*\(1\)"):
            outbox.bind(dataflow_to(URL + "b"), "lossless")
        with outbox.transaction():
            outbox.activate([first.seq])
        outbox.bind(dataflow_to(URL + "b"), "lossless")


def test_broken_rows_exclusions_and_position_are_kept_with_the_run():
    with Outbox() as outbox:
        run = outbox.begin_run(1.0, {"files": ["x"]})
        with outbox.transaction():
            outbox.add_exclusions(run.id, {"hashed e-mail": 2})
            outbox.add_exclusions(run.id, {"hashed e-mail": 1})
            outbox.add_broken_rows(run.id, [("x", 3, "no JSON")])
            outbox.advance(run.id, 10, 1, finished=True)
        outbox.note_work(run.id, WorkDone(2.0), 12.0)
        outbox.note_work(run.id, WorkDone(0.5), 12.5)
        outbox.end_run(run.id, "hopeless")
        last = outbox.last_run()
        assert (last.rows_read, last.broken_rows, last.source_finished) == (10, 1, True)
        assert (last.processing_seconds, last.stopped_because) == (2.5, "hopeless")
        assert outbox.tally(run.id).excluded == {"hashed e-mail": 3}
        assert outbox.broken_rows(run.id) == [("x", 3, "no JSON")]


def test_every_message_can_be_traced():
    with Outbox() as outbox:
        filled(outbox, 1)
        assert list(outbox.traces()) == [Trace("trace-0", sql.PENDING, 0, 0)]


def test_a_message_that_waits_for_another_is_neither_due_nor_unsent(path):
    parked = Failure(1.0, lost=False, error_code="413", description="")
    with Outbox(path) as outbox:
        run = outbox.begin_run(1.0, None)
        first, second = StoredMessage(1, "a", b"{}"), StoredMessage(2, "b", b"{}", after_seq=1)
        with outbox.transaction():
            outbox.add_messages(run.id, [first, second])
        assert outbox.put_in_order(keeps_order=True) == {1}
        assert [m.seq for m in outbox.unsent(0, 2, 10)] == [1]
        with outbox.transaction():
            for message in (first, second):
                outbox.end(message, sql.FAILED, parked)
            outbox.replay(run.id, None)
        outbox.put_in_order(keeps_order=True)
        assert [m.seq for m in outbox.unsent(0, 2, 10)] == [1]
        outbox.lease([taken(first)])
        assert outbox.next_due_at() is None
        assert outbox.release(1) == [(second_again := StoredMessage(2, "b", b"{}"), None)]
        assert outbox.unsent(0, 2, 10) == [second_again]
        assert outbox.put_in_order(keeps_order=False) == set()


def waiting(outbox, due_at=1030.0, first_failed_at=1000.0):
    """Store three messages of which the first waits for its next attempt."""
    run, stored = filled(outbox)
    outbox.retry(taken(stored[0]), due_at, Failure(first_failed_at, False, "500", "down"))
    outbox.note_work(run.id, WorkDone(1.0), 1000.0)


def first_failed(outbox):
    return outbox.due(1e12, 1)[0].first_failed_at


def test_after_the_clock_was_set_back_a_message_waits_no_longer_than_before():
    outbox = Outbox()
    waiting(outbox)
    outbox.follow_clock(400.0, 3600.0)
    assert (outbox.next_due_at(), first_failed(outbox)) == (430.0, 400.0)
    outbox.follow_clock(410.0, 3600.0)  # moved once only
    assert outbox.next_due_at() == 430.0


def test_a_clock_that_goes_on_moves_nothing():
    outbox = Outbox()
    waiting(outbox)
    outbox.follow_clock(1010.0, 3600.0)
    assert (outbox.next_due_at(), first_failed(outbox)) == (1030.0, 1000.0)


def test_an_instant_that_no_policy_could_have_set_is_moved_into_its_reach():
    outbox = Outbox()
    waiting(outbox, due_at=3e8, first_failed_at=2e8)
    outbox.follow_clock(1000.0, 60.0)
    assert (outbox.next_due_at(), first_failed(outbox)) == (1060.0, 1000.0)


def test_the_delivery_options_of_each_policy_are_kept(path, dataflow_to):
    dataflow = dataflow_to(URL + "a")
    with Outbox(path) as outbox:
        assert outbox.delivery("lossless") == {}
        outbox.bind(dataflow, "adobe-best-effort", {"offeredRate": 20.0, "retryAfter": [1, 2]})
        outbox.bind(dataflow, "lossless", {"callsPerDay": 10})
    with Outbox(path, writable=False) as outbox:
        assert outbox.delivery("adobe-best-effort") == {"offeredRate": 20.0, "retryAfter": [1, 2]}
        assert outbox.delivery("lossless") == {"callsPerDay": 10}


def test_calls_are_counted_by_the_minute(path):
    with Outbox(path) as outbox, outbox.transaction():
        outbox.count_calls(7, 2)
        outbox.count_calls(7, 1)
        outbox.count_calls(9, 5)
    with Outbox(path) as outbox:
        assert outbox.calls() == [(7, 3), (9, 5)]
        with outbox.transaction():
            outbox.keep_calls([(9, 5)])
        assert outbox.calls() == [(9, 5)]


def test_a_run_keeps_the_rate_of_its_present_pace_alone():
    with Outbox() as outbox:
        run = outbox.begin_run(1.0, None)
        assert run.reached_rate is None
        outbox.pace_run(run.id, "adobe-best-effort 20.0")
        for _ in range(2):
            outbox.note_work(run.id, WorkDone(1.0, 10, 0.5, rows_expected=40), 2.0)
        outbox.note_work(run.id, WorkDone(1.0), 3.0)
        outbox.pace_run(run.id, "adobe-best-effort 20.0")
        last = outbox.last_run()
        assert (last.reached_rate, last.rows_expected) == (20.0, 40)
        outbox.pace_run(run.id, "lossless 3000")
        assert outbox.last_run().reached_rate is None


def of_one_profile(outbox, count):
    run = outbox.begin_run(1.0, None)
    with outbox.transaction():
        stored = [
            StoredMessage(n, f"trace-{n}", b"{}", after_seq=n - 1 or None, waits=n > 1)
            for n in range(1, count + 1)
        ]
        outbox.add_messages(run.id, stored)
    return run, stored


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_pending_ends_when_it_is_withdrawn_and_has_no_body(path, lost):
    with Outbox(path) as outbox:
        run, (first, *_) = of_one_profile(outbox, 2)
        with outbox.transaction():
            outbox.lease([taken(first)])
            outbox.retry(first, 5.0, dataclasses.replace(FAILURE, lost=lost))
            assert outbox.withdraw([2]) == [1, 2]
        assert outbox.next_due_at() is None
        assert outbox.unfinished() == 0
        # Whether a call whose answer was lost arrived stays unknown.
        assert outbox.tally(run.id).states == (
            {sql.UNCERTAIN: 1, sql.WITHDRAWN: 1} if lost else {sql.WITHDRAWN: 2}
        )
        assert [trace.body for trace in outbox.traces()] == [None, None]


def withdraw_in_flight(outbox):
    run, (first, *_) = of_one_profile(outbox, 4)
    message = taken(first)
    with outbox.transaction():
        outbox.put_in_order(keeps_order=True)
        outbox.lease([message])
        assert outbox.withdraw([3]) == [2, 3]
    return run, message


def test_what_waits_for_a_withdrawn_message_waits_for_the_call_before_it(path):
    with Outbox(path) as outbox:
        withdraw_in_flight(outbox)
        assert [outbox.release(seq) for seq in (2, 3)] == [[], []]
        ((released, due_at),) = outbox.release(1)
        assert (released.seq, due_at) == (4, None)


@pytest.mark.parametrize("lost", [False, True])
def test_a_call_that_was_in_flight_at_the_opt_out_is_the_last_one(path, lost):
    with Outbox(path) as outbox:
        run, message = withdraw_in_flight(outbox)
        assert [each.body for each in outbox.interrupted()] == [None]
        with outbox.transaction():
            assert not outbox.retry(message, 5.0, dataclasses.replace(FAILURE, lost=lost))
        ended = {sql.UNCERTAIN: 1, sql.WITHDRAWN: 2} if lost else {sql.WITHDRAWN: 3}
        assert outbox.tally(run.id).states == {sql.PENDING: 1, **ended}


def test_a_withdrawn_call_that_stops_an_export_is_not_pending_again(path):
    with Outbox(path) as outbox:
        run, message = withdraw_in_flight(outbox)
        with outbox.transaction():
            assert not outbox.unlease(message, 5.0)
        assert outbox.tally(run.id).states == {sql.PENDING: 1, sql.WITHDRAWN: 3}
