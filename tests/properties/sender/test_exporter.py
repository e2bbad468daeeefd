"""The counts of an export balance whatever its destination answers."""

import heapq
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sender import ADOBE_BEST_EFFORT, LOSSLESS, Dataflow, Exporter
from sender.clock import VirtualClock
from sender.errors import ExportStoppedError
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
