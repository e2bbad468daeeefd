"""A destination in virtual time: answers by rule, after a delay, without a network."""

import heapq
import random
from collections.abc import Callable

import pytest

from sender import LOSSLESS, Dataflow, Exporter, Report, events
from sender.clock import VirtualClock
from sender.outbox.records import StoredMessage
from sender.transport.base import Completed
from sender.transport.outcomes import Answered, Outcome

UNNOTED = (
    events.ProgressMade
    | events.Waiting
    | events.NoOfferedRate
    | events.DestinationFlowRunStart
    | events.DestinationFlowRunSuccess
    | events.DestinationFlowRunFailure
)
URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x"


class ModelTransport:
    """Ends each call after its latency; ``rule`` says how, from the time and the message."""

    def __init__(
        self, clock: VirtualClock, rule: Callable[[float, StoredMessage], Outcome]
    ) -> None:
        self.clock = clock
        self.rule = rule
        self.latency_seconds = 0.01
        self.slots = 32
        self.sent: list[tuple[float, str]] = []
        self.sent_seqs: list[tuple[float, int]] = []
        self._under_way: list[tuple[float, int, StoredMessage]] = []

    def submit(self, message: StoredMessage) -> None:
        now = self.clock.monotonic()
        self.sent.append((now, message.trace_id))
        self.sent_seqs.append((now, message.seq))
        heapq.heappush(self._under_way, (now + self.latency_seconds, len(self.sent), message))

    def completed(self, timeout_seconds: float) -> list[Completed]:
        now = self.clock.monotonic()
        if not self._under_way or self._under_way[0][0] > now + timeout_seconds:
            self.clock.sleep(timeout_seconds)
            return []
        at, _, message = heapq.heappop(self._under_way)
        self.clock.sleep(at - now)
        return [Completed(message, self.rule(at, message), self.latency_seconds)]

    def close(self) -> None:
        """Nothing to let go of."""


class Rehearsal:
    """An exporter in virtual time, with everything that happened written down."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.rule: Callable[[float, StoredMessage], Outcome] = lambda at, message: Answered(200)
        self.transport = ModelTransport(self.clock, self._ruled)
        self.log: list[str] = []
        self.dataflow = Dataflow.from_mapping(
            {
                "name": "Survey",
                "url": URL,
                "username": "dave#brand",
                "identities": [{"source": "Email", "target": "email"}],
            }
        )

    def _ruled(self, at: float, message: StoredMessage) -> Outcome:
        return self.rule(at, message)

    def exporter(self, policy=LOSSLESS, **options: object) -> Exporter:
        return Exporter(
            self.dataflow,
            policy=policy,
            token="PLACEHOLDER-TOKEN",
            transport=self.transport,
            clock=self.clock,
            rng=random.Random(5),
            subscribers=[self.note],
            **options,
        )

    def export(self, count: int, policy=LOSSLESS, **options: object) -> Report:
        with self.exporter(policy, **options) as exporter:
            return exporter.export(self.profiles(count))

    def profiles(self, count: int) -> list[dict]:
        return [
            {"_id": str(n), "identityMap": {"Email": [{"id": f"p{n}@example.com"}]}}
            for n in range(count)
        ]

    def note(self, event: events.Event) -> None:
        if not isinstance(event, UNNOTED):
            what = {"AttemptEnded": "status", "RunFinished": "status"}.get(type(event).__name__)
            more = f" {getattr(event, what)}" if what else ""
            self.log.append(f"{self.clock.monotonic():.2f} {type(event).__name__}{more}")


@pytest.fixture
def rehearsal() -> Rehearsal:
    return Rehearsal()
