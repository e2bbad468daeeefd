"""What an export is planned to be: one judged, frozen value. Pure.

Instants are whole microseconds from the plan's beginning, which is also the beginning of a day, of
a minute and of a window.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from loadtests.planning import judging, possible_plans
from loadtests.planning.judging import PlanError
from mock_qualtrics.settings import Window
from sender.policies import (
    ADOBE_BEST_EFFORT,
    QUALTRICS_CALLS_PER_DAY,
    QUALTRICS_CALLS_PER_MINUTE,
    RetryPolicy,
)

SECOND = 1_000_000
DAY_SECONDS = 86_400
DAY = DAY_SECONDS * SECOND

__all__ = ["Batch", "Plan", "PlanError", "Segment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A part of the first export that begins at a time of its own.

    Attributes:
        start_seconds: when its first message arrives, from the plan's beginning.
        profiles: how many messages it has.

    Raises:
        PlanError: a value is impossible.
    """

    start_seconds: float
    profiles: int

    def __post_init__(self) -> None:
        judging.check_number(
            "batch start_seconds", self.start_seconds, 0.0, judging.LONGEST_SECONDS, "seconds"
        )
        judging.check_whole("batch profiles", self.profiles, 1, judging.MOST_MESSAGES)


class Segment(NamedTuple):
    """Messages that arrive evenly spaced or at times of their own: a batch, or a later day's.

    Attributes:
        start_us: when its first message arrives.
        first: that message's number.
        messages: how many there are.
        first_person: whose message the first one is; those that follow are of the people after.
        arrivals_us: when each arrives after the start; empty: evenly spaced.
    """

    start_us: int
    first: int
    messages: int
    first_person: int
    arrivals_us: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An export that is planned, and the destination as far as it is known.

    Messages are numbered from 0 in the order in which they are exported: the first export, then
    each later day's. Number i of a batch arrives ``round(i * 1e6 / arrival_rate)`` microseconds
    after the batch's start.

    Attributes:
        profiles: messages of the first export, exclusions taken off; 0 only if all are excluded.
        arrival_rate: messages a second (A-LIM-1 names none).
        policy: the retry policy; ``policy.retrying_after((15, 30))`` for a schedule of one's own
            (A-RTRY-1).
        limit_per_minute: calls that the destination admits in a window (Q-LIM-1).
        window: ``sliding`` or ``fixed`` (Q-LIM-5).
        window_seconds: how long a window is: 60 but in a test that does not want to wait.
        runs_per_day: runs a day, those of other clients counted; later ones are blocked (Q-LIM-4).
        other_traffic: calls a minute of other clients: evenly spaced, not retried, one at 0 and the
            others before and after it.
        fault_ratio: share of the calls that are answered 500; they take nothing from the window.
        lost_ratio: share of the calls whose answer is lost, after the destination has judged them.
        latency_seconds: how long after a call its answer comes. Above the policy's timeout every
            answer is lost (A-LIM-1).
        days: how many days have an export: the first, and the restated ones.
        restated_daily: the share of the profiles that each later day exports again (A-EXP-1).
        seed: of all chance.
        excluded: profiles that are not exported, by reason; they are part of nothing else.
        oversized: people, by the number of their first message, whose messages are over the payload
            limit (Q-LIM-3): answered 413 once the window has room, and then dropped.
        batches: parts of the first export; none: all of it begins at 0.
        arrivals_us: when each message arrives, ascending; empty: evenly spaced. For Adobe's
            policies, without batches and further days; the exact engine alone plans it.

    Raises:
        PlanError: a value is impossible, or contradicts another.

    Example:
        >>> Plan(profiles=1_000, arrival_rate=100.0).messages
        1000
    """

    profiles: int
    arrival_rate: float
    policy: RetryPolicy = ADOBE_BEST_EFFORT
    limit_per_minute: int = QUALTRICS_CALLS_PER_MINUTE
    window: Window = "sliding"
    window_seconds: int = 60
    runs_per_day: int = QUALTRICS_CALLS_PER_DAY
    other_traffic: float = 0.0
    fault_ratio: float = 0.0
    lost_ratio: float = 0.0
    latency_seconds: float = 0.0
    days: int = 1
    restated_daily: float = 0.0
    seed: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    oversized: frozenset[int] = frozenset()
    batches: tuple[Batch, ...] = ()
    arrivals_us: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        excluded = judging.checked_counts("excluded", self.excluded)
        object.__setattr__(self, "excluded", MappingProxyType(excluded))
        object.__setattr__(self, "oversized", judging.checked_numbers("oversized", self.oversized))
        object.__setattr__(self, "batches", judging.checked_tuple("batches", self.batches, Batch))
        judging.check_whole("profiles", self.profiles, 0 if excluded else 1, judging.MOST_MESSAGES)
        judging.check_policy(self.policy)
        possible_plans.check(self)

    def __reduce__(self) -> tuple[object, ...]:  # a read-only view of a mapping cannot be pickled
        names = [name for name in self.__slots__ if name != "excluded"]
        values = {name: getattr(self, name) for name in names} | {"excluded": dict(self.excluded)}
        return _plan_of, (values,)

    @property
    def restated(self) -> int:
        """Messages of each day after the first."""
        return round(self.restated_daily * self.profiles) if self.days > 1 else 0

    @property
    def messages(self) -> int:
        """Messages of all days."""
        return self.profiles + (self.days - 1) * self.restated

    @property
    def latency_us(self) -> int:
        """The latency in microseconds."""
        return round(self.latency_seconds * SECOND)

    @property
    def answers_late(self) -> bool:
        """Whether no answer comes before the sender stops waiting for it (A-LIM-1)."""
        return self.latency_us > round(self.policy.read_timeout_seconds * SECOND)

    @property
    def answer_us(self) -> int:
        """How long after a call its sender knows how it ended: the answer, or the timeout."""
        return min(self.latency_us, round(self.policy.read_timeout_seconds * SECOND))

    @property
    def has_chance(self) -> bool:
        """Whether another seed may make another forecast."""
        return self.fault_ratio + self.lost_ratio > 0.0

    @property
    def tries(self) -> int:
        """How many tries a message has at most, and at least 3: the columns of a report.

        A lossless policy has no such number, and may need more than 3.
        """
        retries = getattr(self.policy.retries, "after_first_failure_seconds", ())
        return max(3, 1 + len(retries))

    def try_offsets_us(self) -> tuple[int, ...]:
        """Return how long after its arrival each try of a message is made, if all before it fail.

        A lossless policy has no such times: then it is that of the first try alone.

        Example:
            >>> Plan(profiles=1, arrival_rate=1.0).try_offsets_us()
            (0, 15000000, 30000000)
        """
        offsets, answer_us = [0], self.answer_us
        for seconds in getattr(self.policy.retries, "after_first_failure_seconds", ()):
            due = answer_us + round(seconds * SECOND)
            offsets.append(max(due, offsets[-1] + answer_us))
        return tuple(offsets)

    def segments(self) -> Iterator[Segment]:
        """Yield the parts of the export, by message number; their starts need not ascend."""
        first = 0
        for batch in self.batches or (None,):
            start_us = round(batch.start_seconds * SECOND) if batch else 0
            messages = batch.profiles if batch else self.profiles
            if messages:
                yield Segment(start_us, first, messages, first, self.arrivals_us)
            first += messages
        for day in range(1, self.days if self.restated else 1):
            yield Segment(day * DAY, first, self.restated, 0)
            first += self.restated

    def person(self, number: int) -> int:
        """Return whose message it is: the number of the person's message of the first day."""
        later = number - self.profiles
        return number if later < 0 else later % self.restated

    def last_arrival_us(self) -> int:
        """Return when the last message arrives; 0 when there is none."""
        if self.arrivals_us:
            return self.arrivals_us[-1]
        ends = (
            each.start_us + arrival_us(each.messages - 1, self.arrival_rate)
            for each in self.segments()
        )
        return max(ends, default=0)


def arrival_us(index: int, rate: float) -> int:
    """Return how many microseconds after the first message of a batch another one arrives.

    Example:
        >>> arrival_us(3, 1_000.0)
        3000
    """
    return round(index * 1e6 / rate)


def _plan_of(values: dict[str, object]) -> Plan:
    return Plan(**values)  # type: ignore[arg-type]
