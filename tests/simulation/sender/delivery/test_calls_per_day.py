"""Days of a lossless export: no day gets more calls than the destination executes (Q-LIM-4)."""

import datetime as dt

import pytest

from sender import LOSSLESS, Exporter, events
from sender.clock import VirtualClock
from sender.outbox.records import StoredMessage
from sender.transport.outcomes import Answered, Outcome

HOUR = 3600.0


def most_in(hours: float, instants: list[float]) -> int:
    """Return the most calls in any stretch of time that is so long."""
    most, begin = 0, 0
    for end, at in enumerate(instants):
        while instants[begin] <= at - hours * HOUR:
            begin += 1
        most = max(most, end - begin + 1)
    return most


@pytest.mark.parametrize("calls_per_day", [40, 200])
def test_no_day_however_it_is_counted_gets_more_calls_than_allowed(rehearsal, calls_per_day):
    report = rehearsal.export(500, calls_per_day=calls_per_day)
    instants = [at for at, _ in rehearsal.transport.sent]
    assert report.activated == len(instants) == 500
    assert most_in(24, instants) == most_in(25, instants) == calls_per_day
    days = (500 - 1) // calls_per_day
    assert days * 25 * HOUR < instants[-1] < days * 25.1 * HOUR + HOUR


def test_refused_calls_count_too(rehearsal):
    rehearsal.rule = lambda at, message: Answered(503 if message.attempts < 3 else 202)
    report = rehearsal.export(40, calls_per_day=30)
    assert (report.activated, len(rehearsal.transport.sent)) == (40, 120)
    assert most_in(25, [at for at, _ in rehearsal.transport.sent]) == 30


def test_the_calls_of_a_day_are_known_after_a_restart(rehearsal, tmp_path):
    outbox = tmp_path / "o.sqlite"
    for first in (0, 30, 60):
        with rehearsal.exporter(outbox=outbox, calls_per_day=50) as exporter:
            exporter.export(rehearsal.profiles(first + 30)[first:])
    instants = [at for at, _ in rehearsal.transport.sent]
    assert (len(instants), most_in(25, instants)) == (90, 50)
    assert instants[49] < HOUR < 25 * HOUR < instants[50]


def test_adobe_s_calls_count_for_a_lossless_export_of_the_same_day(rehearsal, tmp_path):
    outbox = tmp_path / "o.sqlite"
    with rehearsal.exporter("adobe-best-effort", outbox=outbox, offered_rate=100.0) as exporter:
        exporter.export(rehearsal.profiles(30))
    with rehearsal.exporter(outbox=outbox, calls_per_day=50) as exporter:
        exporter.export(rehearsal.profiles(60)[30:])
    assert most_in(25, [at for at, _ in rehearsal.transport.sent]) == 50


def test_a_clock_that_is_set_back_lets_no_more_calls_through(rehearsal, tmp_path):
    outbox = tmp_path / "o.sqlite"
    with rehearsal.exporter(outbox=outbox, calls_per_day=50) as exporter:
        exporter.export(rehearsal.profiles(50))
    rehearsal.clock = rehearsal.transport.clock = VirtualClock(
        rehearsal.clock.now() - (rehearsal.clock.now() - VirtualClock().now()) * 2
    )
    with rehearsal.exporter(outbox=outbox, calls_per_day=50) as exporter:
        exporter.export(rehearsal.profiles(51)[50:])
    assert rehearsal.clock.monotonic() > 25 * HOUR


class SleepyClock(VirtualClock):
    """A clock of a machine that slept, which its monotonic clock does not count."""

    slept = dt.timedelta(0)

    def now(self) -> dt.datetime:
        return super().now() + self.slept


def test_a_machine_that_slept_takes_no_call_for_older_than_it_is(rehearsal, tmp_path):
    outbox, clock = tmp_path / "o.sqlite", SleepyClock()
    rehearsal.clock = rehearsal.transport.clock = clock

    def sleep_first(at: float, message: StoredMessage) -> Outcome:
        clock.slept = dt.timedelta(hours=8)
        return Answered(202)

    rehearsal.rule = sleep_first
    with rehearsal.exporter(outbox=outbox, calls_per_day=50, calls_per_minute=60) as exporter:
        exporter.export(rehearsal.profiles(50))
    assert len(rehearsal.transport.sent) == 50
    last_at = clock.now()
    clock.sleep(18 * HOUR)  # the first call was more than 25 hours ago, the others were not
    rehearsal.rule = lambda at, message: Answered(202)
    with rehearsal.exporter(outbox=outbox, calls_per_day=50, calls_per_minute=60) as exporter:
        exporter.export(rehearsal.profiles(60)[50:])
    assert len(rehearsal.transport.sent) == 60
    assert clock.now() - last_at > dt.timedelta(hours=24)


def test_that_an_export_waits_for_the_next_day_is_told_once(rehearsal):
    told: list[events.Event] = []
    rehearsal.note = told.append
    rehearsal.export(60, calls_per_day=50)
    (waiting,) = [event for event in told if isinstance(event, events.Waiting)]
    assert waiting.seconds == pytest.approx(25 * HOUR, abs=120)
    assert "the 50 calls of a day are made (--calls-per-day)" in waiting.reason


def test_a_lossless_export_has_the_destination_s_limit_until_told_otherwise(rehearsal):
    assert LOSSLESS.calls_per_day == 300_000
    with rehearsal.exporter(calls_per_day=None) as exporter:
        assert isinstance(exporter, Exporter)
        exporter.export(rehearsal.profiles(20))
    assert rehearsal.clock.monotonic() < 10


def test_to_wait_for_the_next_day_gives_up_no_message(rehearsal):
    rehearsal.rule = lambda at, message: Answered(500 if at < 26 * HOUR else 202)
    report = rehearsal.export(8, calls_per_day=6)
    assert (report.activated, report.failed, report.pending) == (8, 0, 0)


def test_the_report_says_when_the_export_will_end_and_is_right(rehearsal):
    estimates = []
    with rehearsal.exporter(calls_per_day=50) as exporter:

        def rule(at: float, message: StoredMessage) -> Outcome:
            if len(rehearsal.transport.sent) == 30 and not estimates:
                estimates.append(exporter.report().expected_end)
            return Answered(202)

        rehearsal.rule = rule
        report = exporter.export(rehearsal.profiles(120))
    (end,) = estimates
    assert report.expected_end is None
    assert (end.calls_per_day, end.rows_are_known) == (50, True)
    assert end.messages_left == pytest.approx(90, abs=5)
    took = (end.at - VirtualClock().now()).total_seconds()
    assert took == pytest.approx(rehearsal.clock.monotonic(), rel=0.02)
