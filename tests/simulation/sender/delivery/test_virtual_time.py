"""Hours of retries in milliseconds, with exact logs of what happened when."""

import dataclasses
import itertools
from collections import deque

import pytest

from sender import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS, Exporter, events
from sender.errors import ExportStoppedError
from sender.outbox.records import StoredMessage
from sender.transport.outcomes import Answered, Lost, NotConnected, Outcome

DAY_SECONDS = 24 * 3600


def test_best_effort_tries_at_0_15_and_30_seconds_and_drops(rehearsal):
    rehearsal.rule = lambda at, message: Answered(500)
    report = rehearsal.export(1, ADOBE_BEST_EFFORT)
    assert rehearsal.log == [
        "0.00 ExportStarted",
        "0.01 AttemptEnded 500",
        "0.01 RetryScheduled",
        "15.02 AttemptEnded 500",
        "15.02 RetryScheduled",
        "30.02 AttemptEnded 500",
        "30.02 MessageFailed",
        "30.02 ActivationRateLow",
        "30.02 RunFinished Completed",
    ]
    assert (report.failed, report.failures[0].error_code) == (1, "500")


def test_why_nothing_is_sent_after_a_429_is_told(rehearsal):
    rehearsal.rule = lambda at, message: Answered(429, "20") if at < 10 else Answered(200)
    told: list[events.Event] = []
    rehearsal.note = told.append
    rehearsal.export(1)
    (waiting,) = [event for event in told if isinstance(event, events.Waiting)]
    assert waiting == events.Waiting(
        pytest.approx(20.0), "the destination answered 429, one call too many"
    )


def test_why_nothing_is_sent_until_the_first_retry_is_told(rehearsal):
    rehearsal.rule = lambda at, message: Answered(429) if at < 10 else Answered(200)
    told: list[events.Event] = []
    rehearsal.note = told.append
    rehearsal.export(3, ADOBE_BEST_EFFORT)
    waited = [event for event in told if isinstance(event, events.Waiting)]
    assert [event.seconds for event in waited] == [pytest.approx(15.0, abs=0.1)]
    assert waited[0].reason.endswith(
        "sent again then; the destination answered 429, one call too many"
    )


def test_a_run_of_more_than_150_minutes_is_told_of_once_and_in_time(rehearsal):
    rehearsal.rule = lambda at, message: Answered(429) if at < 10 else Answered(200)
    told: list[tuple[float, events.Event]] = []
    rehearsal.note = lambda event: told.append((rehearsal.clock.monotonic(), event))
    rehearsal.export(1, ADOBE_CONFIGURABLE.retrying_after([20_000.0]))
    delays = [(at, e) for at, e in told if isinstance(e, events.DestinationFlowRunDelay)]
    assert [at for at, _ in delays] == [pytest.approx(9_000.0, abs=1)]
    assert delays[0][1].seconds == pytest.approx(9_000.0, abs=1)


def test_configurable_tries_again_after_half_an_hour(rehearsal):
    rehearsal.rule = lambda at, message: Answered(429 if at < 1000 else 200)
    report = rehearsal.export(1, ADOBE_CONFIGURABLE)
    assert rehearsal.log[1:5] == [
        "0.01 AttemptEnded 429",
        "0.01 Throttled",
        "0.01 RetryScheduled",
        "1800.02 AttemptEnded 200",
    ]
    assert report.activated == 1


def test_a_lost_last_answer_ends_uncertain_and_each_lost_attempt_counts(rehearsal):
    rehearsal.rule = lambda at, message: Lost("no answer in time")
    report = rehearsal.export(2, ADOBE_BEST_EFFORT)
    assert (report.uncertain, report.uncertain_attempts, report.failed) == (2, 6, 0)


def test_a_lossless_message_whose_answer_was_lost_ends_activated_and_is_counted(rehearsal):
    rehearsal.rule = lambda at, message: Answered(504) if at < 0.1 else Answered(200)
    report = rehearsal.export(1)
    assert (report.activated, report.uncertain, report.uncertain_attempts) == (1, 0, 1)


def test_the_time_worked_is_known_all_along_so_that_a_kill_takes_a_second_of_it_at_most(rehearsal):
    rehearsal.transport.latency_seconds = 3.0
    known: list[float] = []
    with rehearsal.exporter() as exporter:

        def rule(at: float, message: StoredMessage) -> Outcome:
            known.append(at - exporter.report().processing_time_seconds)
            return Answered(200)

        rehearsal.rule = rule
        report = exporter.export(rehearsal.profiles(40))
    assert max(known) <= 3.0 + 1.0  # the answer that is asked about took three
    assert report.processing_time_seconds == rehearsal.clock.monotonic() > 6.0


def test_lossless_sits_out_an_outage_of_ten_hours_with_few_probes(rehearsal):
    ten_hours = 36_000
    rehearsal.rule = lambda at, message: (
        NotConnected("refused") if at < ten_hours else Answered(200)
    )
    report = rehearsal.export(500)
    assert report.activated == 500
    during = [at for at, _ in rehearsal.transport.sent if at < ten_hours]
    assert len(during) < ten_hours / 30 + 50
    assert sum("CircuitOpened" in line for line in rehearsal.log) >= 1
    assert sum("CircuitClosed" in line for line in rehearsal.log) == 1
    assert rehearsal.clock.monotonic() < ten_hours + 60


def test_a_destination_down_for_more_than_a_day_stops_the_export_and_loses_nothing(rehearsal):
    rehearsal.rule = lambda at, message: NotConnected("refused")
    with pytest.raises(ExportStoppedError, match="down: refused") as stopped:
        rehearsal.export(100)
    report = stopped.value.report
    assert (report.pending, report.failed) == (100, 0)
    assert DAY_SECONDS < rehearsal.clock.monotonic() < DAY_SECONDS + 120


def test_a_lossless_export_gives_up_on_a_dead_destination_when_told_to(rehearsal):
    rehearsal.rule = lambda at, message: NotConnected("refused")
    with pytest.raises(ExportStoppedError, match="down: refused") as stopped:
        rehearsal.export(1000, LOSSLESS.giving_up_after(60.0))
    report = stopped.value.report
    assert 60 < rehearsal.clock.monotonic() < 65
    assert report.pending == report.profiles_received > 0
    assert (report.status, report.stopped_because) == ("Failed", "the destination is down: refused")


def test_a_message_that_only_waits_for_its_turn_is_not_given_up(rehearsal):
    taken: deque[float] = deque()

    def sixty_a_minute(at: float, message: StoredMessage) -> Outcome:
        while taken and taken[0] <= at - 60:
            taken.popleft()
        if len(taken) >= 60:
            return Answered(429)
        taken.append(at)
        return Answered(200)

    rehearsal.rule = sixty_a_minute
    report = rehearsal.export(200, LOSSLESS.giving_up_after(10.0))
    assert (report.activated, report.failed, report.status) == (200, 0, "Completed")
    assert 120 < rehearsal.clock.monotonic() < 300


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_what_met_a_dead_destination_is_sent_when_it_is_up_however_much_later(rehearsal, count):
    rehearsal.rule = lambda at, message: NotConnected("refused")
    with rehearsal.exporter(LOSSLESS.giving_up_after(60.0)) as exporter:
        with pytest.raises(ExportStoppedError, match="the destination is down: refused"):
            exporter.export(rehearsal.profiles(count), source={"files": ["p.jsonl"]})
        assert 60 < rehearsal.clock.monotonic() < 65
        rehearsal.clock.sleep(2 * DAY_SECONDS)
        up_again = rehearsal.clock.monotonic() + 20
        rehearsal.rule = lambda at, message: (
            NotConnected("refused") if at < up_again else Answered(200)
        )
        report = exporter.resume(rehearsal.profiles(count))
    assert (report.activated, report.failed, report.status) == (count, 0, "Completed")


def test_a_lossless_message_is_parked_at_the_age_that_was_told(rehearsal):
    first = []

    def rule(at: float, message: StoredMessage) -> Outcome:
        first[:] = first or [message.trace_id]
        return Answered(500) if message.trace_id == first[0] else Answered(200)

    rehearsal.rule = rule
    report = rehearsal.export(100, LOSSLESS.giving_up_after(30.0))
    assert (report.activated, report.failed) == (99, 1)
    assert rehearsal.clock.monotonic() < 31


def test_one_message_that_always_fails_is_parked_after_a_day_and_delays_no_other(rehearsal):
    first = []

    def rule(at: float, message: StoredMessage) -> Outcome:
        first[:] = first or [message.trace_id]
        return Answered(500) if message.trace_id == first[0] else Answered(200)

    rehearsal.rule = rule
    report = rehearsal.export(100)
    assert (report.activated, report.failed) == (99, 1)
    ended = [at for at, trace_id in rehearsal.transport.sent if trace_id != first[0]]
    assert max(ended) < 3
    assert rehearsal.clock.monotonic() > DAY_SECONDS - 61


def test_retry_after_holds_back_every_call(rehearsal):
    rehearsal.rule = lambda at, message: (
        Answered(429, retry_after="30") if at < 0.1 else Answered(200)
    )
    rehearsal.export(50)
    sent = [at for at, _ in rehearsal.transport.sent]
    assert not [at for at in sent if 0.1 < at < 30]


def test_adobe_sends_without_pacing_and_loses_what_the_minute_does_not_hold(rehearsal):
    taken = []

    def rule(at: float, message: StoredMessage) -> Outcome:
        recent = [instant for instant in taken if instant > at - 60]
        if len(recent) >= 300:
            return Answered(429)
        taken.append(at)
        return Answered(200)

    rehearsal.rule = rule
    report = rehearsal.export(1000, ADOBE_BEST_EFFORT)
    assert (report.activated, report.failed) == (300, 700)
    assert report.failures[0].error_code == "429"


def test_the_same_seed_gives_the_same_log(rehearsal):
    logs = []
    for _ in range(2):
        again = type(rehearsal)()
        again.rule = lambda at, message: Answered(500) if int(at * 100) % 3 else Answered(200)
        again.export(50)
        logs.append((again.log, [trace_id for _, trace_id in again.transport.sent]))
    assert logs[0] == logs[1]


def test_lossless_calls_are_spaced_evenly(rehearsal):
    rehearsal.export(200)
    sent = [at for at, _ in rehearsal.transport.sent]
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert max(gaps) < 0.0202
    assert min(gaps) > 0.0198


def test_calls_per_minute_can_be_chosen(rehearsal):
    rehearsal.export(100, LOSSLESS, calls_per_minute=600)
    assert 9.9 < rehearsal.clock.monotonic() < 10.1


@pytest.mark.parametrize(
    ("answer", "age"),
    [(Answered(500), 7200), (Lost("no answer"), 7200), (Answered(429, "90000"), DAY_SECONDS)],
)
def test_lossless_gives_no_message_up_before_the_stated_age(rehearsal, answer, age):
    rehearsal.rule = lambda at, message: answer
    policy = LOSSLESS.giving_up_after(7200)
    rehearsal.export(1, policy)
    last_try_at = rehearsal.transport.sent[-1][0]
    assert age <= last_try_at < age + 60


def test_a_wait_that_is_asked_for_beyond_all_reason_is_probed_after_an_hour(rehearsal):
    rehearsal.rule = lambda at, message: (
        Answered(429, "Fri, 01 Jan 2100 00:00:00 GMT") if at < 1 else Answered(200)
    )
    report = rehearsal.export(10)
    assert report.activated == 10
    assert [at for at, _ in rehearsal.transport.sent if 1 < at < 3600] == []
    assert rehearsal.clock.monotonic() < DAY_SECONDS + 60


def test_messages_that_always_fail_do_not_keep_the_others_from_a_destination_that_is_up(rehearsal):
    rehearsal.rule = lambda at, message: Answered(500 if message.seq <= 100 else 200)
    with rehearsal.exporter(LOSSLESS.giving_up_after(7200)) as exporter:
        exporter.export(rehearsal.profiles(500))
    sent = rehearsal.transport.sent_seqs
    good = [at for at, seq in sent if seq > 100]
    assert len(good) == 400
    assert max(good) < 600


def test_an_export_as_something_else_begins_anew(rehearsal, tmp_path):
    outbox, source = tmp_path / "o.sqlite", {"table": "people"}
    rows = rehearsal.profiles(600)
    with rehearsal.exporter(outbox=outbox, calls_per_minute=None) as exporter:

        def interrupt(at: float, message: StoredMessage) -> Outcome:
            exporter.stop()
            return Answered(200)

        rehearsal.rule = interrupt
        with pytest.raises(ExportStoppedError):
            exporter.export(rows, source=source)
        rehearsal.rule = lambda at, message: Answered(200)
        exporter.resume()
    other = dataclasses.replace(rehearsal.dataflow, url=f"{rehearsal.dataflow.url}-other")
    with Exporter(
        other,
        token="PLACEHOLDER-TOKEN",
        outbox=outbox,
        transport=rehearsal.transport,
        clock=rehearsal.clock,
        calls_per_minute=None,
    ) as exporter:
        assert exporter.export(rows, source=source).activated == 600
