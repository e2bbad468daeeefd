"""The real sender against the real mock's engine, in one thread and on one virtual clock.

It is small on purpose: no faults and no crashes, only a network with a latency, and the evenly
spaced calls of another client. A plan says what is exported; what comes of it is written down call
by call, to be compared with the plan's forecast.

The clock begins at 1970-01-02, the beginning of a day, a minute and a window, from which instants
are counted. They are compared in whole microseconds. Where intervals, waits and latencies are
binary fractions of a second, such as 1/8, the sender's floats are exact.
"""

import datetime as dt
import heapq
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loadtests.planning import Plan
from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Limits, Settings
from sender import Dataflow, Exporter, events
from sender.clock import VirtualClock
from sender.outbox.records import StoredMessage
from sender.transport.answers import read_answer
from sender.transport.base import Completed
from support.rehearsal import trigger_call

if TYPE_CHECKING:
    from mock_qualtrics.model import Answer

SECOND = 1_000_000
MINUTE = 60 * SECOND
START = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
START_US = 86_400 * SECOND
PAYLOAD_BYTES = 1_000
DATAFLOW = {
    "name": "Survey",
    "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
    "username": "dave#brand",
    "attributes": [{"source": "note", "target": "note"}],
    "identities": [{"source": "Email", "target": "email"}],
}
ENDINGS = {
    events.MessageActivated: "delivered",
    events.MessageFailed: "dropped",
    events.MessageUncertain: "uncertain",
}


@dataclass
class Seen:
    """What became of one message: its attempts, each with instant and status, and its ending."""

    attempts: list[tuple[int, int]] = field(default_factory=list)
    ending: str = ""


@dataclass
class Played:
    """What became of a plan.

    Attributes:
        messages: by number, as the plan counts them.
        blocked: how many runs the daily cap blocked, those of the other client too.
    """

    messages: dict[int, Seen]
    blocked: int


class MockClock:
    """The mock's view of the sender's clock, in microseconds since 1970."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def now(self) -> int:
        return START_US + round(self._clock.monotonic() * SECOND)


class World:
    """A transport to an engine in the same thread; waiting for an answer moves the clock."""

    def __init__(self, plan: Plan) -> None:
        self.clock = VirtualClock(START)
        self.slots = 10_000
        self.messages: dict[int, Seen] = defaultdict(Seen)
        self._numbers: dict[str, int] = {}
        self._latency_seconds = plan.latency_seconds
        self._mock_clock = MockClock(self.clock)
        limits = Limits(
            plan.limit_per_minute, PAYLOAD_BYTES, plan.runs_per_day, plan.window_seconds
        )
        self.engine = Engine(Settings(limits=limits, window=plan.window), self._mock_clock)
        self._under_way: list[tuple[float, int, StoredMessage, Answer]] = []
        self._others = _evenly(plan)
        self._next_other = next(self._others, None)
        self._sent = 0

    def submit(self, message: StoredMessage) -> None:
        now = self._mock_clock.now() - START_US
        while self._next_other is not None and self._next_other <= now:
            self._call_at(self._next_other)
            self._next_other = next(self._others)
        answer = self.engine.receive(trigger_call(self.engine, message.body))
        number = self._numbers.setdefault(message.trace_id, message.seq - 1)
        self.messages[number].attempts.append((now, answer.status))
        self._sent += 1
        ends_at = self.clock.monotonic() + self._latency_seconds
        heapq.heappush(self._under_way, (ends_at, self._sent, message, answer))

    def _call_at(self, instant: int) -> None:
        """Make the other client's call: the mock's clock shows its instant, then the present."""
        now = self._mock_clock.now
        self._mock_clock.now = lambda: START_US + instant
        self.engine.receive(trigger_call(self.engine))
        self._mock_clock.now = now

    def completed(self, timeout_seconds: float) -> list[Completed]:
        now = self.clock.monotonic()
        if not self._under_way or self._under_way[0][0] > now + timeout_seconds:
            self.clock.sleep(timeout_seconds)
            return []
        at = self._under_way[0][0]
        self.clock.sleep(at - now)
        ended = []
        while self._under_way and self._under_way[0][0] == at:
            _, _, message, answer = heapq.heappop(self._under_way)
            outcome = read_answer(answer.status, dict(answer.headers), answer.body)
            ended.append(Completed(message, outcome, self._latency_seconds))
        return ended

    def close(self) -> None:
        """Nothing to let go of: `play` closes the engine."""

    def note(self, event: events.Event) -> None:
        ending = ENDINGS.get(type(event))
        if ending is not None:
            self.messages[self._numbers[event.trace_id]].ending = ending


def play(plan: Plan) -> Played:
    """Export a plan's messages with its policy; a lossless one has all its profiles at once."""
    world = World(plan)
    pace = (
        {"offered_rate": plan.arrival_rate}
        if plan.policy.drops_messages
        else {"calls_per_minute": plan.limit_per_minute, "calls_per_day": plan.runs_per_day}
    )
    with (
        world.engine,
        Exporter(
            Dataflow.from_mapping(DATAFLOW),
            policy=plan.policy,
            token="PLACEHOLDER-TOKEN",
            transport=world,
            clock=world.clock,
            rng=random.Random(5),
            subscribers=[world.note],
            **pace,
        ) as exporter,
    ):
        exporter.export(_profiles(plan))
        totals = world.engine.journal.totals(world.engine.tenants.default.number)
    return Played(dict(world.messages), totals["blocked"])


def _profiles(plan: Plan) -> Iterator[dict[str, object]]:
    for number in range(plan.profiles):
        note = "x" * (PAYLOAD_BYTES if number in plan.oversized else 1)
        email = {"id": f"p{number}@example.com"}
        yield {"_id": str(number), "note": note, "identityMap": {"Email": [email]}}


def _evenly(plan: Plan) -> Iterator[int]:
    """Yield the instants of another client's calls: one at 0, and from a sliding window before."""
    per_minute = plan.other_traffic
    before = plan.window_seconds * per_minute / 60 if plan.window == "sliding" else 0
    made = -round(before)
    while per_minute:
        yield round(made * MINUTE / per_minute)
        made += 1
