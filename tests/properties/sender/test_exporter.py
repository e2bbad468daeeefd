"""What must hold for any sequence of outcomes, any pace and any script."""

import heapq
import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sender import ADOBE_BEST_EFFORT, LOSSLESS, Dataflow, Exporter
from sender.clock import VirtualClock
from sender.delivery.decisions import (
    Activated,
    FailedForGood,
    History,
    RetryAt,
    StopExport,
    Uncertain,
    decide,
    retry_after_seconds,
)
from sender.delivery.pacing import Pacer
from sender.errors import ExportStoppedError
from sender.policies import POLICIES
from sender.transport.base import Completed
from sender.transport.outcomes import Answered, Lost, NotConnected, answer_was_lost

URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x"
DATAFLOW = Dataflow.from_mapping(
    {
        "name": "Survey",
        "url": URL,
        "username": "dave#brand",
        "identities": [{"source": "Email", "target": "email"}],
    }
)
HOPELESS = (401, 404, 405, 407, 410)

answers = st.builds(
    Answered,
    st.integers(200, 599).filter(lambda status: status not in HOPELESS and status // 100 != 3),
    st.none() | st.text(max_size=30) | st.integers(0, 10**6).map(str),
)
outcomes = st.one_of(answers, st.builds(Lost, st.just("lost")), st.just(NotConnected("refused")))


@given(st.sampled_from(list(POLICIES.values())), st.lists(outcomes, min_size=1, max_size=40))
@example(LOSSLESS, [Answered(429, "86400"), NotConnected("refused")])
def test_a_message_ends_exactly_once_and_never_is_retried_in_the_past(policy, sequence):
    now, first_failed_at, rng = 1000.0, None, random.Random(1)
    for attempts, outcome in enumerate(sequence, start=1):
        decision = decide(policy, History(attempts, first_failed_at), outcome, now, rng)
        assert isinstance(decision, Activated) == (
            isinstance(outcome, Answered) and 200 <= outcome.status < 300
        )
        if isinstance(decision, StopExport):  # nobody is there to blame the message
            assert isinstance(outcome, NotConnected)
            assert now - first_failed_at >= policy.retries.gives_up_after_seconds
            return
        if isinstance(decision, FailedForGood | Uncertain):
            assert isinstance(decision, Uncertain) == answer_was_lost(outcome)
        if not isinstance(decision, RetryAt):
            return
        assert decision.instant >= now
        first_failed_at = now if first_failed_at is None else first_failed_at
        now = decision.instant
    assert policy.name == "lossless" or len(sequence) < 3


@given(st.text(max_size=60), st.floats(0, 4e9))
def test_no_retry_after_header_is_too_odd_to_read(header, now):
    assert 0 <= retry_after_seconds(header, now) < 1e12


@given(
    st.integers(30, 3000),
    st.lists(st.floats(0, 5), max_size=30),
    st.integers(0, 2**32),
)
@settings(max_examples=60)
def test_no_sixty_seconds_ever_see_more_calls_than_the_limit(limit, stalls, seed):
    rng, pacer, now, sent = random.Random(seed), Pacer(limit), 0.0, []
    stalled = dict(zip(rng.sample(range(2 * limit), min(len(stalls), limit)), stalls, strict=False))
    for number in range(2 * limit + limit // 2):
        now += pacer.wait_seconds(now) + stalled.get(number, 0.0)
        now += pacer.wait_seconds(now)
        pacer.sent(now)
        pacer.ended(now, now)
        sent.append(now)
    assert all(later - earlier > 60 for earlier, later in zip(sent, sent[limit:], strict=False))


class Scripted:
    """A transport that ends calls as a list of outcomes says, in virtual time."""

    def __init__(self, clock, script) -> None:
        self.clock, self.script, self.slots = clock, list(script), 5
        self.executed, self.lost, self._under_way = {}, 0, []

    def submit(self, message):
        heapq.heappush(self._under_way, (self.clock.monotonic() + 0.05, message.seq, message))

    def completed(self, timeout_seconds):
        if not self._under_way:
            return []
        at, _, message = heapq.heappop(self._under_way)
        self.clock.sleep(at - self.clock.monotonic())
        outcome = self.script.pop() if self.script else Answered(200)
        if answer_was_lost(outcome):
            self.lost += 1
        if answer_was_lost(outcome) or (isinstance(outcome, Answered) and outcome.activated):
            self.executed[message.trace_id] = self.executed.get(message.trace_id, 0) + 1
        return [Completed(message, outcome, 0.05)]

    def close(self):
        pass


any_outcome = outcomes | st.builds(Answered, st.sampled_from(HOPELESS))


@given(
    st.sampled_from([LOSSLESS, ADOBE_BEST_EFFORT]),
    st.lists(any_outcome, max_size=60),
    st.lists(st.integers(0, 12), max_size=40),
)
@settings(max_examples=150, deadline=None)
def test_counts_balance_whatever_happens_and_nothing_is_lost(policy, script, numbers):
    clock = VirtualClock()
    transport = Scripted(clock, script)
    profiles = [
        {"_id": str(n), "identityMap": {"Email": [{"id": "a@example.com"}]} if n % 4 else {}}
        for n in numbers
    ]
    exporter = Exporter(
        DATAFLOW,
        policy=policy,
        token="PLACEHOLDER-TOKEN",
        transport=transport,
        clock=clock,
        rng=random.Random(3),
    )
    with exporter:
        try:
            report = exporter.export(profiles)
        except ExportStoppedError as stopped:
            report = stopped.report
            assert report.status == "Failed"
        else:
            assert (report.pending, report.status) == (0, "Completed")
        parts = (report.activated, report.excluded, report.failed, report.uncertain, report.pending)
        assert report.profiles_received == sum(parts) == len(profiles)
        assert report.uncertain_attempts == transport.lost
        duplicates = sum(count - 1 for count in transport.executed.values())
        assert duplicates <= report.uncertain_attempts
        assert report.activated <= len(transport.executed)
        transport.script.clear()
        final = exporter.resume()
        assert final.pending == 0
        if policy is LOSSLESS:
            assert final.uncertain == 0
