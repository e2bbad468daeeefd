"""Each invariant, with a view of both sides made by hand: sound, and broken in one place."""

import json
from collections import Counter
from collections.abc import Iterable

import pytest

from simulation.invariants import endings, kept, limits, minutes, once, order, totals
from simulation.invariants.seen import Attempt, Message, Seen, TakenCall
from simulation.invariants.stored import (
    ACTIVATED,
    FAILED,
    IN_FLIGHT,
    PENDING,
    RUN_NOT_STARTED,
    RUN_PENDING,
    RUN_SUCCEEDED,
    UNCERTAIN,
    WITHDRAWN,
    MockState,
    SenderState,
    StoredCall,
    StoredMessage,
    StoredRun,
)
from simulation.schedule import Export, Limits, Row, Schedule, Setup

ADOBE = Setup(policy="adobe-best-effort")
SECOND = 1_000_000


def body(profile: int = 1, text: str = "a", status: str = "realized") -> bytes:
    ups = {"buyers": {"status": status}}
    document = {
        "text": text,
        "identityMap": {"Email": [{"id": f"p{profile}@example.com"}]},
        "segmentMembership": {"ups": ups},
    }
    return json.dumps(document).encode()


def attempt(number: int = 1, status: int | None = 202, **more: object) -> Attempt:
    ended = "lost" if status is None else "answered"
    return Attempt(**{"number": number, "at_us": 0, "ended": ended, "status": status} | more)


def recorded(*statuses: int | None) -> list[Attempt]:
    return [attempt(number, status, recorded=True) for number, status in enumerate(statuses, 1)]


def message(*statuses: int | None, seq: int = 1) -> Message:
    return Message(seq, f"t{seq}", "p1", ("a", "realized"), attempts=recorded(*statuses))


def seen(*messages: Message, calls: Iterable[TakenCall] = ()) -> Seen:
    it = Seen()
    for each in messages:
        it.messages[each.trace_id] = each
        it.of_profile[each.profile].append(each)
    for call in calls:
        it.take(call)
    return it


def accepted(number: int = 8, trace_id: str = "t1", **more: object) -> StoredCall:
    return StoredCall(number, 0, accepted=True, trace_id=trace_id, status=202, runs=1, **more)


def refused(number: int, at_us: int, faults: str = "") -> StoredCall:
    return StoredCall(number, at_us, accepted=False, status=429, reason="rate-limit", faults=faults)


def test_what_was_seen_follows_a_message_from_its_commit_to_its_recorded_answer():
    it = Seen()
    it.store(4, "t", body(3, "text", "exited"))
    it.send(10, "t", 1)
    (sent,) = it.messages["t"].attempts
    assert (it.last_seq, it.messages["t"].content) == (4, ("text", "exited"))
    assert sent.is_uncertain
    it.end("t", 1, "answered", 202)
    assert not sent.succeeded  # the sender has not committed it
    it.record()
    assert sent.succeeded
    assert not sent.is_uncertain


def test_what_was_told_before_a_crash_and_not_committed_stays_uncertain():
    it = Seen()
    it.store(1, "t", body())
    it.send(10, "t", 1)
    it.end("t", 1, "answered", 202)
    it.forget_unrecorded()
    it.record()
    assert it.messages["t"].uncertain_attempts == 1


def test_a_call_that_was_refused_with_429_takes_nothing_from_the_minute():
    it = Seen()
    it.store(1, "t", body())
    for number, status in ((1, 429), (2, 202)):
        it.send(number, "t", number)
        it.end("t", number, "answered", status)
    assert (it.sends, it.taking) == ([1, 2], [2])


def test_calls_of_the_mock_are_committed_or_gone_with_a_crash_or_in_doubt():
    it = Seen()
    it.take(TakenCall(8, "a", accepted=True))
    it.commit()
    it.take(TakenCall(16, "b", accepted=True))
    it.drop_staged()
    it.take(TakenCall(16, "c", accepted=True))
    it.doubt_staged()
    assert [call.trace_id for call in it.committed()] == ["a"]
    assert it.in_doubt == {"c": 1}


def test_an_answer_before_the_commit_is_found():
    call = TakenCall(8, "t1", accepted=True)
    assert "answered 202 before it was committed" in (kept.answered_after_commit(call, 202) or "")
    assert kept.answered_after_commit(call, 500) is None
    call.committed = True
    assert kept.answered_after_commit(call, 202) is None


@pytest.mark.parametrize(
    "calls", [(), (refused(8, 0),), (accepted(trace_id="t2"),)], ids=["none", "refused", "other"]
)
def test_an_answered_call_that_is_missing_in_the_journal_is_found(calls):
    it = seen(calls=[TakenCall(8, "t1", accepted=True, committed=True, answered=202)])
    (detail,) = kept.answered_calls_are_stored(it, MockState(calls))
    assert detail.startswith("call 8 of message t1 was answered 202, found")
    assert not list(kept.answered_calls_are_stored(it, MockState([accepted()])))


def test_a_committed_call_that_is_missing_is_found():
    it = seen(calls=[TakenCall(8, "t1", accepted=False, committed=True)])
    assert list(kept.committed_calls_are_stored(it, MockState())) != []
    assert not list(kept.committed_calls_are_stored(it, MockState([refused(8, 0)])))


def test_a_stored_message_that_is_missing_later_is_found():
    assert list(kept.messages_are_stored(seen(message()), SenderState())) != []
    still = SenderState([StoredMessage(1, "t1", PENDING)])
    assert not list(kept.messages_are_stored(seen(message()), still))


def test_a_message_that_had_ended_and_is_pending_again_is_found():
    again = SenderState([StoredMessage(1, "t1", PENDING)])
    assert list(kept.ended_messages_stay({"t1": ACTIVATED}, again)) != []
    assert not list(kept.ended_messages_stay({"t1": IN_FLIGHT}, again))


@pytest.mark.parametrize("runs", [(), (StoredRun(8, 8, RUN_PENDING),)], ids=["gone", "again"])
def test_a_run_that_had_ended_and_is_gone_or_pending_again_is_found(runs):
    assert list(kept.ended_runs_stay({8: RUN_SUCCEEDED}, MockState(runs=runs))) != []
    assert not list(kept.ended_runs_stay({8: RUN_PENDING}, MockState(runs=[StoredRun(8, 8, 1)])))


@pytest.mark.parametrize(
    "row",
    [None, StoredMessage(1, "t1", PENDING, 0), StoredMessage(1, "t1", IN_FLIGHT, 1)],
    ids=["missing", "pending", "an earlier attempt"],
)
def test_a_call_that_is_not_marked_on_disk_before_it_is_sent_is_found(row):
    assert once.marked_before_sent(row, 2) is not None
    assert once.marked_before_sent(StoredMessage(1, "t1", IN_FLIGHT, 2), 2) is None


def test_a_message_that_is_sent_after_its_success_or_while_it_is_under_way_is_found():
    assert "answered 202 before" in (once.not_sent_again(message(503, 202), 1) or "")
    assert once.not_sent_again(message(503, None), 1) is None
    under_way = message()
    under_way.attempts.append(Attempt(1, at_us=5, life=1))
    assert "under way" in (once.not_sent_again(under_way, 1) or "")
    assert once.not_sent_again(under_way, 2) is None  # the sender was started anew since


@pytest.mark.parametrize(
    ("policy", "retried", "refused_for_good"),
    [
        ("lossless", (307, 401, 404, 429, 500, 599), (400, 413, 415)),
        ("adobe-best-effort", (403, 429, 504), (400, 401, 413, 501)),
        ("adobe-configurable", (420, 429, 503), (400, 403, 500)),
    ],
)
def test_a_refusal_for_good_that_is_tried_again_is_found(policy, retried, refused_for_good):
    setup = Setup(policy=policy)
    for status in retried:
        assert once.not_retried_after_refusal(message(status), setup) is None
    for status in refused_for_good:
        assert once.not_retried_after_refusal(message(status), setup) is not None


def test_adobes_retry_that_is_too_early_or_one_too_many_is_found():
    it = message(503, 503)
    assert once.retried_on_schedule(it, 2, 15 * SECOND, ADOBE) is None
    assert "at the earliest" in (once.retried_on_schedule(it, 2, 14 * SECOND, ADOBE) or "")
    assert "expected 3 at most" in (once.retried_on_schedule(it, 4, 99 * SECOND, ADOBE) or "")
    assert once.retried_on_schedule(it, 2, 0, Setup()) is None


def test_a_retry_of_an_idle_sender_that_is_late_is_found():
    it = message(503, 503)

    def late(at: int, last_send: int, setup: Setup = ADOBE) -> str | None:
        return once.retried_in_time(it, 3, at * SECOND, last_send * SECOND, setup)

    assert late(40, 0) is None
    assert "at the latest" in (late(41, 0) or "")
    assert late(41, 31) is None  # it may have been busy with that call
    assert late(41, 0, Setup()) is None


def test_a_message_that_was_accepted_twice_without_an_uncertain_attempt_is_found():
    twice = MockState([accepted(8), accepted(16)])
    (detail,) = once.accepted_once(seen(message(503, 202)), twice)
    assert "accepted 2 times with 0 uncertain attempts" in detail
    assert not list(once.accepted_once(seen(message(None, 202)), twice))
    assert list(once.accepted_once(seen(), MockState([accepted()]))) != []


def test_a_call_whose_commit_failed_may_be_accepted_later_once():
    it = seen(message(503, 503, 202), calls=[TakenCall(8, "t1", accepted=True)])
    it.doubt_staged()
    twice = MockState([accepted(8), accepted(16)])
    assert not list(once.accepted_once(it, twice))
    rows = SenderState([StoredMessage(1, "t1", ACTIVATED, 3)])
    assert not list(endings.both_agree(it, rows, twice))
    assert list(once.accepted_once(it, MockState([*twice.calls, accepted(24)]))) != []


def test_a_call_with_two_runs_is_found_unless_a_fault_says_so():
    runs = [StoredRun(8, 8, RUN_SUCCEEDED), StoredRun(9, 8, RUN_SUCCEEDED)]
    call = StoredCall(8, 0, accepted=True, runs=2)
    assert list(once.one_run_a_call(MockState([call], runs))) != []
    by_fault = StoredCall(8, 0, accepted=True, runs=2, faults="run-twice")
    assert not list(once.one_run_a_call(MockState([by_fault], runs)))
    assert list(once.one_run_a_call(MockState([accepted()], []))) != []


def test_a_minute_with_too_many_calls_is_found():
    setup = Setup(calls_per_minute=2)
    assert limits.paced([0, 1, 60 * SECOND], setup) is None
    assert "3 calls within 60 s" in (limits.paced([0, 1, 60 * SECOND - 1], setup) or "")
    assert limits.paced([0, 1, 2], ADOBE) is None


def test_a_day_with_too_many_calls_is_found():
    setup = Setup(calls_per_day=2)
    day = 86_400 * SECOND
    assert limits.within_day([0, 1, day], setup) is None
    assert limits.within_day([0, 1, day - 1], setup) is not None


@pytest.mark.parametrize(
    ("window", "third_at", "admitted"),
    [("sliding", 60, True), ("sliding", 59, False), ("fixed", 60, True), ("fixed", 59, False)],
)
def test_a_call_over_the_limit_of_the_window_is_found(window, third_at, admitted):
    setup = Setup(window=window, limits=Limits(calls_per_minute=2))
    times = (0, 30, third_at)
    calls = [StoredCall(n, at * SECOND, accepted=True) for n, at in enumerate(times)]
    assert (not list(limits.window_kept(MockState(calls), setup, exactly=True))) == admitted


def test_a_call_refused_under_the_limit_is_found_unless_a_fault_lowers_it():
    setup = Setup(limits=Limits(calls_per_minute=2))
    calls = [StoredCall(1, 0, accepted=True), refused(2, 1)]
    assert list(limits.window_kept(MockState(calls), setup, exactly=True)) != []
    assert not list(limits.window_kept(MockState(calls), setup, exactly=False))
    lowered = MockState([calls[0], refused(2, 1, "lower-limit")])
    assert not list(limits.window_kept(lowered, setup, exactly=True))


@pytest.mark.parametrize(
    ("second_at", "state", "kept"),
    [
        (1, RUN_SUCCEEDED, False),
        (1, RUN_NOT_STARTED, True),
        (86_400, RUN_SUCCEEDED, True),
        (86_400, RUN_NOT_STARTED, False),
    ],
)
def test_runs_that_are_executed_over_the_daily_cap_or_blocked_under_it_are_found(
    second_at, state, kept
):
    setup = Setup(limits=Limits(runs_per_day=1))
    second = StoredRun(2, 2, state, received_us=second_at * SECOND)
    mock = MockState(runs=[StoredRun(1, 1, RUN_SUCCEEDED), second])
    assert (not list(limits.days_kept(mock, setup))) == kept


TOTALS = {
    "received": 3,
    "refused": 1,
    "accepted": 2,
    "extraRuns": 1,
    "ignored": 0,
    "succeeded": 1,
    "failed": 1,
    "blocked": 0,
    "pending": 1,
    "duplicates": 0,
}


def test_totals_that_do_not_balance_are_found():
    assert totals.balance(TOTALS) is None
    assert "expected 1 refused + 2 accepted" in (totals.balance({**TOTALS, "received": 4}) or "")
    assert "ignored, succeeded" in (totals.balance({**TOTALS, "pending": 0}) or "")


def test_totals_that_count_other_calls_than_were_taken_are_found():
    it = seen(calls=[TakenCall(n, None, accepted=True) for n in range(3)])
    assert totals.all_received(TOTALS, it) is None
    assert totals.all_received({"received": 2}, it) is not None
    it.doubt_staged()
    assert totals.all_received(TOTALS, it) is None
    assert totals.all_received({"received": 4}, it) is not None


def test_totals_that_differ_from_the_rows_are_found():
    calls = [StoredCall(n, 0, accepted=n > 0, runs=n) for n in range(3)]
    runs = [StoredRun(n, n, state) for n, state in enumerate((0, 1, 2))]
    assert not list(totals.rows_agree(MockState(calls, runs, TOTALS)))
    (detail,) = totals.rows_agree(MockState(calls, runs[1:], TOTALS))
    assert detail == "pending: the totals say 1, the journal has 0"


def test_minutes_that_counted_something_else_than_their_rows_are_found():
    at, later = 7 * limits.MINUTE_US, 8 * limits.MINUTE_US
    calls = [
        StoredCall(8, at, accepted=True, runs=2),
        StoredCall(16, at, accepted=True),
        refused(24, at),
    ]
    runs = [
        StoredRun(8, 8, RUN_NOT_STARTED, finished_us=at),
        StoredRun(9, 8, RUN_SUCCEEDED, finished_us=later),
        StoredRun(32, 32, RUN_PENDING),
    ]
    counted = {
        7: Counter(received=3, accepted=2, refused=1, ignored=1, extra_runs=1, blocked=1),
        8: Counter(succeeded=1, delay=1, duration=1),
    }
    assert not list(minutes.minutes_agree(MockState(calls, runs, minutes=counted)))
    wrong = MockState(calls, runs[::2], minutes=counted)
    (detail,) = minutes.minutes_agree(wrong)
    assert detail.endswith("'delay': 1, 'duration': 1}, the journal has {}")
    assert not list(minutes.minutes_agree(wrong, first=9))
    lost = MockState(calls, runs, minutes={8: counted[8]})
    assert next(minutes.minutes_agree(lost)).startswith("minute 7 counted {}, the journal has")


def test_totals_that_became_less_are_found():
    assert not list(totals.never_less(TOTALS, TOTALS))
    assert list(totals.never_less(TOTALS, {**TOTALS, "received": 2})) != []


def test_a_report_that_differs_from_the_outbox_is_found():
    rows = SenderState([StoredMessage(1, "t1", ACTIVATED), StoredMessage(2, "t2", IN_FLIGHT)])
    report = {"activated": 1, "failed": 0, "uncertain": 0, "pending": 1}
    assert not list(totals.report_agrees(report, rows))
    assert list(totals.report_agrees({**report, "failed": 1}, rows)) != []


def test_a_message_that_is_sent_before_its_profiles_earlier_one_has_ended_is_found():
    assert "before message 1" in (order.sent_in_order(message(seq=2), [1], Setup()) or "")
    assert order.sent_in_order(message(seq=2), [], Setup()) is None
    assert order.sent_in_order(message(seq=2), [1], ADOBE) is None


def test_messages_of_a_profile_that_arrive_in_another_order_are_found():
    it = seen(message(seq=1), message(seq=2))
    calls = MockState([accepted(8, "t2"), accepted(16, "t1")])
    assert list(order.taken_in_order(it, calls, Setup())) != []
    assert not list(order.taken_in_order(it, calls, ADOBE))
    assert not list(
        order.taken_in_order(
            it, MockState([accepted(8), accepted(16), accepted(24, "t2")]), Setup()
        )
    )


def test_a_change_that_became_no_message_is_found():
    rows = (Row(profile=1), Row(profile=1, text="b"))
    schedule = Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),)))
    it = Seen()
    it.store(1, "t1", body())
    (detail,) = order.every_change_is_a_message(it, schedule)
    assert detail == "profile 1 has 1 messages, expected 2: missing: 'b' realized"
    it.store(2, "t2", body(text="b"))
    assert not list(order.every_change_is_a_message(it, schedule))


def test_a_message_whose_body_was_gone_at_first_sight_belongs_to_the_profile_of_its_neighbours():
    it = Seen()
    it.store(1, "t1", None)
    it.store(2, "t2", body(7), after_seq=1)
    it.store(3, "t3", None, after_seq=2)
    it.store(4, "t4", body(8))
    found = {profile: [m.seq for m in each] for profile, each in it.by_profile().items()}
    assert found == {"p7@example.com": [1, 2, 3], "p8@example.com": [4]}


def test_a_message_whose_body_was_gone_counts_as_the_one_that_was_expected():
    rows = (Row(profile=1), Row(profile=1, consents=False))
    schedule = Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),)))
    it = Seen()
    it.store(1, "t1", None)
    it.store(2, "t2", body(status="exited"), after_seq=1)
    assert not list(order.every_change_is_a_message(it, schedule))


def test_messages_and_runs_that_have_not_ended_are_found():
    assert list(endings.messages_ended(SenderState([StoredMessage(1, "t1", IN_FLIGHT)]))) != []
    assert not list(endings.messages_ended(SenderState([StoredMessage(1, "t1", WITHDRAWN)])))
    assert list(endings.runs_ended(MockState(runs=[StoredRun(8, 8, RUN_PENDING)]))) != []
    assert not list(endings.runs_ended(MockState(runs=[StoredRun(8, 8, RUN_SUCCEEDED)])))


@pytest.mark.parametrize(
    ("statuses", "row", "setup", "problem"),
    [
        ((202,), StoredMessage(1, "t1", ACTIVATED, 1), Setup(), None),
        ((503, 202), StoredMessage(1, "t1", FAILED, 2), Setup(), "has state 3"),
        ((400,), StoredMessage(1, "t1", ACTIVATED, 1), Setup(), "has state 2"),
        ((None, 202), StoredMessage(1, "t1", ACTIVATED, 2, 0), Setup(), "0 uncertain attempts"),
        ((None, 202), StoredMessage(1, "t1", ACTIVATED, 2, 1), Setup(), None),
        # Its second attempt was marked as in flight, and the sender crashed before it was sent.
        ((503,), StoredMessage(1, "t1", UNCERTAIN, 2, 1), ADOBE, None),
        # The export stopped at the 404, so the first attempt was made again; it was never sent.
        ((404, 202), StoredMessage(1, "t1", ACTIVATED, 2, 1), Setup(), None),
        ((503, 202), StoredMessage(1, "t1", ACTIVATED, 2, 1), Setup(), "expected 0 to 0"),
        ((None,), StoredMessage(1, "t1", FAILED, 1, 1), ADOBE, "its last attempt was uncertain"),
        ((503,), StoredMessage(1, "t1", FAILED, 1), ADOBE, None),
        ((503,), StoredMessage(1, "t1", FAILED, 1), Setup(), "the lossless policy tries again"),
        ((400,), StoredMessage(1, "t1", FAILED, 1), Setup(), None),
        ((), StoredMessage(1, "t1", FAILED, 0), Setup(), "was never sent"),
        ((400,), StoredMessage(1, "t1", UNCERTAIN, 1), Setup(), "no attempt was"),
        ((), StoredMessage(1, "t1", WITHDRAWN), Setup(), None),
    ],
)
def test_a_final_state_that_does_not_follow_from_the_attempts_is_found(
    statuses, row, setup, problem
):
    details = list(
        endings.states_follow_answers(seen(message(*statuses)), SenderState([row]), setup)
    )
    assert ([] if problem is None else [True]) == [problem in detail for detail in details]


@pytest.mark.parametrize(
    ("row", "calls", "agree"),
    [
        (StoredMessage(1, "t1", ACTIVATED, 1), (accepted(),), True),
        (StoredMessage(1, "t1", ACTIVATED, 1), (), False),
        (StoredMessage(1, "t1", FAILED, 1), (accepted(),), False),
        (StoredMessage(1, "t1", UNCERTAIN, 1, 1), (accepted(),), True),
        (StoredMessage(1, "t1", ACTIVATED, 2, 0), (accepted(8), accepted(16)), False),
        (StoredMessage(1, "t1", ACTIVATED, 2, 1), (accepted(8), accepted(16)), True),
        (StoredMessage(2, "t2", WITHDRAWN), (accepted(),), False),
    ],
)
def test_sides_that_disagree_on_a_message_are_found(row, calls, agree):
    found = list(endings.both_agree(Seen(), SenderState([row]), MockState(calls)))
    assert (not found) == agree
