"""The pacing against both ways to count a minute, alone and beside another client."""

import heapq
import random

import pytest

from mock_qualtrics.gate.rate_window import make_window
from sender.delivery.rates.pacing import Pacer, Unpaced, pacing_for

LIMIT = 3000
MICROSECONDS = 1_000_000


class Minute:
    """The destination's minute, and another client that uses some of it."""

    def __init__(
        self, kind, limit=LIMIT, other_per_second=0.0, from_second=-60.0, to_second=1e9
    ) -> None:
        self._window = make_window(kind, limit)
        self._gap = 1 / other_per_second if other_per_second else None
        self._next = from_second + 100
        self._end = to_second + 100

    def admits(self, at):
        while self._gap and self._next <= min(at + 100, self._end):
            self._take(self._next)
            self._next += self._gap
        return self._take(at + 100)

    def _take(self, at: float) -> bool:
        instant = int(at * MICROSECONDS)
        if not self._window.has_room(instant):
            return False
        self._window.take(instant)
        return True


def send(minute, count, latency=(0.003, 0.02), stall_seconds=0.0, seed=1):
    """Send until so many calls were taken; return when each was, and the refused instants."""
    rng, pacer = random.Random(seed), Pacer(LIMIT)
    now, under_way, taken, refused = 0.0, [], [], []
    while len(taken) < count:
        due = now + pacer.wait_seconds(now)
        if under_way and under_way[0][0] <= due:
            ended, sent_at, was_taken = heapq.heappop(under_way)
            now = max(now, ended)
            if was_taken:
                taken.append(now)
                pacer.ended(sent_at, now)
            else:
                refused.append(now)
                pacer.throttled(sent_at, now, 0.0)
            continue
        now = due + rng.random() * 0.002
        if rng.random() < 0.002:
            now += stall_seconds
        if not pacer.wait_seconds(now):
            pacer.sent(now)
            delay = rng.uniform(*latency)
            heapq.heappush(under_way, (now + delay, now, minute.admits(now + delay / 2)))
    return taken, refused


@pytest.fixture(params=["sliding", "fixed"])
def kind(request):
    return request.param


@pytest.mark.parametrize("latency", [(0.001, 0.005), (0.003, 0.02), (0.05, 0.4)])
@pytest.mark.parametrize("stall_seconds", [0.0, 0.5])
def test_alone_it_uses_99_per_cent_of_the_limit_without_one_refusal(kind, latency, stall_seconds):
    taken, refused = send(Minute(kind), 9000, latency, stall_seconds)
    assert refused == []
    assert 9000 / taken[-1] * 60 >= 0.99 * LIMIT


def test_calls_that_travel_slowly_are_not_refused_either(kind):
    _, refused = send(Minute(kind), 9000, latency=(0.001, 1.9), stall_seconds=1.0)
    assert refused == []


@pytest.mark.parametrize("other_per_second", [5, 15, 25])
@pytest.mark.parametrize("from_second", [-60, 0, 60])
def test_beside_another_client_refusals_stay_under_one_per_cent(
    kind, other_per_second, from_second
):
    minute = Minute(kind, LIMIT, other_per_second, from_second)
    taken, refused = send(minute, 9000)
    assert len(refused) < 0.01 * 9000
    share = LIMIT - 60 * other_per_second
    assert 9000 / taken[-1] * 60 >= 0.85 * share


def test_the_share_that_is_left_is_found_within_a_few_seconds():
    share_per_second = LIMIT / 60 - 20
    taken, refused = send(Minute("sliding", LIMIT, 20.0), 6000)
    # Until 60 s after our first call, the full minute holds nothing but calls that still count.
    frees_at = 60.0
    assert refused[0] < frees_at
    found = [at for at in taken if frees_at + 5 <= at < frees_at + 35]
    assert 0.7 * share_per_second <= len(found) / 30 <= 1.4 * share_per_second


def test_the_whole_limit_is_found_again_when_the_other_client_leaves(kind):
    taken, _ = send(Minute(kind, LIMIT, 25.0, -60.0, 120.0), 12000)
    last_minute = [at for at in taken if at > taken[-1] - 60]
    assert len(last_minute) >= 0.97 * LIMIT


def test_a_lowered_limit_is_kept_with_few_refusals(kind):
    taken, refused = send(Minute(kind, 600), 3000)
    assert len(refused) < 0.015 * 3000
    assert len([at for at in taken if at > taken[-1] - 60]) >= 0.85 * 600


def test_a_refusal_with_retry_after_is_honoured():
    pacer = Pacer(LIMIT)
    pacer.sent(0.0)
    pacer.throttled(0.0, 0.1, retry_after_seconds=20.0)
    assert pacer.wait_seconds(0.1) == 20.0
    pacer.throttled(0.0, 0.2, retry_after_seconds=25.0)
    assert pacer.wait_seconds(0.2) == 25.0


def test_after_a_refusal_one_call_probes_before_the_others_follow():
    pacer = Pacer(LIMIT)
    pacer.sent(0.0)
    pacer.throttled(0.0, 0.1, 0.0)
    now = 0.1 + pacer.wait_seconds(0.1)
    pacer.sent(now)
    assert pacer.wait_seconds(now + 5) > 0
    pacer.ended(now, now + 0.1)
    assert pacer.wait_seconds(now + 0.1) == 0
    assert pacer.calls_per_minute < LIMIT


@pytest.mark.parametrize("calls", [None, float("inf")])
def test_without_a_limit_nothing_waits(calls):
    pacing = pacing_for(calls)
    assert isinstance(pacing, Unpaced)
    pacing.sent(0.0)
    pacing.throttled(0.0, 0.0, 10.0)
    pacing.ended(0.0, 0.0)
    assert pacing.wait_seconds(0.0) == 0


def test_senders_that_are_started_one_after_another_stay_within_the_minute_together(
    rehearsal, tmp_path
):
    outbox = tmp_path / "o.sqlite"
    for first in range(0, 60, 12):
        with rehearsal.exporter(outbox=outbox, calls_per_minute=20) as exporter:
            exporter.export(rehearsal.profiles(first + 12)[first:])
        rehearsal.clock.sleep(0.5)
    instants = [at for at, _ in rehearsal.transport.sent]
    assert len(instants) == 60
    assert all(
        later - earlier > 60 for earlier, later in zip(instants, instants[20:], strict=False)
    )
