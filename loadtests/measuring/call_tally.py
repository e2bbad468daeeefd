"""What became of calls, and of the messages that they are tries of, counted."""

from dataclasses import dataclass, field
from typing import Any, Final

from loadtests.measuring.call import Call
from loadtests.measuring.spans import Spans, add_counts

MICROSECONDS: Final = 1_000_000
"""In a second."""


@dataclass(slots=True)
class Tally:
    """Counts of calls and messages that add up.

    Attributes:
        calls: calls that were answered or given up.
        messages: messages whose first call was.
        delivered: messages that ended with a 2xx.
        uncertain: messages that ended without anyone knowing.
        certainly_lost: dropped messages of which no call can have been taken.
        by_status: calls by the status of their answer; ``NO_ANSWER``: none came.
        dropped_by_status: dropped messages by the status of their last answer.
        latency: from when each call was due to its answer.
        lateness: from when each call was due to when it was sent.
        moments: when the first call was due and the last one was answered or given up, in µs;
            empty without any call.
    """

    calls: int = 0
    messages: int = 0
    delivered: int = 0
    uncertain: int = 0
    certainly_lost: int = 0
    by_status: dict[int, int] = field(default_factory=dict)
    dropped_by_status: dict[int, int] = field(default_factory=dict)
    latency: Spans = field(default_factory=Spans)
    lateness: Spans = field(default_factory=Spans)
    moments: list[int] = field(default_factory=list)

    def count(self, call: Call) -> None:
        """Count a call."""
        _, attempt, intended_us, sent_us, answered_us, status, ending = call
        self.calls += 1
        self.messages += attempt == 1
        self.by_status[status] = self.by_status.get(status, 0) + 1
        self.latency.record(answered_us - intended_us)
        self.lateness.record(sent_us - intended_us)
        self._stretch(intended_us, answered_us)
        if ending == "delivered":
            self.delivered += 1
        elif ending == "dropped":
            self.dropped_by_status[status] = self.dropped_by_status.get(status, 0) + 1
        elif ending == "uncertain":
            self.uncertain += 1

    @property
    def dropped(self) -> int:
        """Messages that ended refused, or without any connection."""
        return sum(self.dropped_by_status.values())

    @property
    def ended(self) -> int:
        """Messages of which no further call is to come."""
        return self.delivered + self.dropped + self.uncertain

    @property
    def errors(self) -> int:
        """Calls that were not answered 2xx; each that was delivered its message."""
        return self.calls - self.delivered

    @property
    def seconds(self) -> float:
        """From when the first call was due until the last was answered or given up."""
        return (self.moments[1] - self.moments[0]) / MICROSECONDS if self.moments else 0.0

    def merge(self, other: "Tally") -> None:
        """Add what another counted."""
        self.calls += other.calls
        self.messages += other.messages
        self.delivered += other.delivered
        self.uncertain += other.uncertain
        self.certainly_lost += other.certainly_lost
        add_counts(self.by_status, other.by_status.items())
        add_counts(self.dropped_by_status, other.dropped_by_status.items())
        self.latency.merge(other.latency)
        self.lateness.merge(other.lateness)
        if other.moments:
            self._stretch(*other.moments)

    def packed(self) -> list[Any]:
        """Return what :meth:`unpacked` takes, of lists and numbers alone."""
        return [
            self.calls,
            self.messages,
            self.delivered,
            self.uncertain,
            self.certainly_lost,
            list(self.by_status.items()),
            list(self.dropped_by_status.items()),
            self.latency.packed(),
            self.lateness.packed(),
            self.moments,
        ]

    @classmethod
    def unpacked(cls, packed: list[Any]) -> "Tally":
        """Return what was packed."""
        *numbers, by_status, dropped_by_status, latency, lateness, moments = packed
        made = cls(*numbers)
        made.by_status.update(by_status)
        made.dropped_by_status.update(dropped_by_status)
        made.latency, made.lateness = Spans.unpacked(latency), Spans.unpacked(lateness)
        made.moments = moments
        return made

    def _stretch(self, first_us: int, last_us: int) -> None:
        moments = self.moments
        if not moments:
            moments.extend((first_us, last_us))
            return
        moments[0] = min(moments[0], first_us)
        moments[1] = max(moments[1], last_us)
