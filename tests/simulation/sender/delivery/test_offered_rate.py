"""What Adobe's policies lose at an offered rate, whatever the machine and the transport."""

from collections import deque

import pytest

from sender import ADOBE_BEST_EFFORT, events
from sender.outbox.records import StoredMessage
from sender.transport.outcomes import Answered, Outcome

PROFILES = 1_000
PER_MINUTE = 150  # 3,000 and 20,000, made smaller together


class Minute:
    """A destination that takes so many calls in any 60 seconds and refuses the others."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.taken: deque[float] = deque()

    def __call__(self, at: float, message: StoredMessage) -> Outcome:
        while self.taken and self.taken[0] <= at - 60.0:
            self.taken.popleft()
        if len(self.taken) >= self.calls:
            return Answered(429)
        self.taken.append(at)
        return Answered(202)


def first_tries(rehearsal) -> list[float]:
    seen: set[str] = set()
    return [at for at, trace in rehearsal.transport.sent if not (trace in seen or seen.add(trace))]


@pytest.mark.parametrize(("connections", "latency_seconds"), [(16, 0.004), (64, 0.002), (512, 0.2)])
def test_the_same_profiles_lose_the_same_share_whatever_the_transport(
    rehearsal, connections, latency_seconds
):
    rehearsal.rule = Minute(PER_MINUTE)
    rehearsal.transport.slots = connections
    rehearsal.transport.latency_seconds = latency_seconds
    report = rehearsal.export(PROFILES, ADOBE_BEST_EFFORT, offered_rate=20.0)
    # 80 seconds with the last retry: the calls of a minute, and those of the 20 seconds after it.
    assert (report.activated, report.failed) == (2 * PER_MINUTE, PROFILES - 2 * PER_MINUTE)
    assert report.offered_rate == 20.0
    assert report.reached_rate == pytest.approx(20.0, abs=0.01)


def test_first_tries_are_evenly_spaced_and_retries_are_made_in_addition(rehearsal):
    rehearsal.rule = lambda at, message: Answered(500)
    rehearsal.export(400, ADOBE_BEST_EFFORT, offered_rate=10.0)
    tries = first_tries(rehearsal)
    assert tries == pytest.approx([number / 10.0 for number in range(400)], abs=1e-4)
    during_retries = [at for at, _ in rehearsal.transport.sent if 31 < at <= 39]
    assert len(during_retries) == pytest.approx(3 * 80, abs=3)


def test_a_slow_pace_keeps_no_retry_waiting(rehearsal):
    rehearsal.rule = lambda at, message: Answered(503 if at < 10 else 202)
    report = rehearsal.export(2, ADOBE_BEST_EFFORT, offered_rate=0.01)
    assert [round(at) for at, _ in rehearsal.transport.sent] == [0, 15, 100]
    assert report.activated == 2


def test_connections_that_do_not_suffice_are_told_with_what_was_reached(rehearsal):
    told: list[events.Event] = []
    rehearsal.note = told.append
    rehearsal.transport.slots = 2
    rehearsal.transport.latency_seconds = 1.0
    report = rehearsal.export(40, ADOBE_BEST_EFFORT, offered_rate=10.0)
    (missed,) = [event for event in told if isinstance(event, events.OfferedRateMissed)]
    assert missed.offered_per_second == 10.0
    assert missed.reached_per_second == report.reached_rate == pytest.approx(2.0, abs=0.2)
    assert not any(isinstance(event, events.NoOfferedRate) for event in told)


def test_without_an_offered_rate_that_is_told(rehearsal):
    told: list[events.Event] = []
    rehearsal.note = told.append
    report = rehearsal.export(3, ADOBE_BEST_EFFORT)
    assert events.NoOfferedRate("adobe-best-effort") in told
    assert report.offered_rate is None
    assert report.to_mapping()["offeredRatePerSecond"] is None


def test_a_lossless_report_has_no_offered_rate(rehearsal):
    told: list[events.Event] = []
    rehearsal.note = told.append
    assert "offeredRatePerSecond" not in rehearsal.export(3).to_mapping()
    assert not any(isinstance(event, events.NoOfferedRate) for event in told)


def test_a_replay_goes_at_the_offered_rate_too(rehearsal):
    rehearsal.rule = lambda at, message: Answered(400)
    with rehearsal.exporter(ADOBE_BEST_EFFORT, offered_rate=10.0) as exporter:
        exporter.export(rehearsal.profiles(30))
        before = len(rehearsal.transport.sent)
        rehearsal.rule = lambda at, message: Answered(202)
        assert exporter.replay_failed().activated == 30
    again = [at for at, _ in rehearsal.transport.sent[before:]]
    assert [at - again[0] for at in again] == pytest.approx(
        [number / 10.0 for number in range(30)], abs=1e-4
    )
