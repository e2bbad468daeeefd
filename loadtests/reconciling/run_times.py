"""When the runs of a load test began and ended: counts over time, and how long each took. Pure."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, cycle
from typing import Any, Final

from loadtests.measuring.spans import Spans

PENDING, SUCCEEDED, FAILED, BLOCKED = "pending", "succeeded", "failed", "blocked"
OUTCOMES: Final = (SUCCEEDED, FAILED, BLOCKED, PENDING)
EXECUTED: Final = (SUCCEEDED, FAILED)

_MICROSECOND: Final = timedelta(microseconds=1)
_NEVER: Final = -1
_MOST_BINS: Final = 100_000  # a clock that is years off must not make as many bins


@dataclass(frozen=True, slots=True)
class RunsOverTime:
    """Runs in bins of one length, from the load test's beginning.

    Attributes:
        bin_us: the length of a bin, in microseconds.
        begun: how many runs a call started in each bin.
        ended: how many ended in each bin, by outcome.
    """

    bin_us: int
    begun: Sequence[int] = ()
    ended: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def pending(self) -> list[int]:
        """How many runs were pending at the end of each bin."""
        ended = [sum(counts) for counts in zip(*self.ended.values(), strict=True)]
        changes = (more - less for more, less in zip(self.begun, ended, strict=True))
        return list(accumulate(changes))


def outcome_of(run: Mapping[str, Any]) -> str:
    """Return a run's outcome; one that the daily cap has blocked has never started (Q-LIM-4)."""
    status = str(run["status"]).lower()
    return BLOCKED if status == FAILED and run["startedOn"] is None else status


class RunTimes:
    """Takes the instants of runs, newest first or in any order.

    Args:
        arrivals_us: when each message was due, in microseconds from ``begun_at``.
        begun_at: the load test's beginning, by the generator's clock.
        bin_us: the length of a bin, in microseconds.
        behind_us: how long after ``begun_at`` each process began, of as many as there are; message
            i is one of process i modulo their number.
    """

    def __init__(
        self,
        arrivals_us: Sequence[int],
        begun_at: datetime,
        bin_us: int,
        behind_us: Sequence[int] = (0,),
    ) -> None:
        self._arrivals_us = arrivals_us
        self._behind_us = behind_us
        self._begun_at = begun_at
        self._bin_us = bin_us
        self._begun: Counter[int] = Counter()
        self._ended: dict[str, Counter[int]] = {name: Counter() for name in (*EXECUTED, BLOCKED)}
        self._finished_us = array("q", [_NEVER]) * len(arrivals_us)

    def add(self, number: int, run: Mapping[str, Any], outcome: str) -> None:
        """Take one run of a message."""
        self._begun[self._bin(self._us(run["receivedOn"]))] += 1
        if outcome == PENDING:
            return
        finished_us = self._us(run["finishedOn"] or run["receivedOn"])
        self._ended[outcome][self._bin(finished_us)] += 1
        if outcome in EXECUTED:
            before = self._finished_us[number]
            first = finished_us if before == _NEVER else min(before, finished_us)
            self._finished_us[number] = max(0, first)

    def over_time(self) -> RunsOverTime:
        """Return the counts, each with as many bins."""
        counted = (self._begun, *self._ended.values())
        bins = 1 + max((max(counts) for counts in counted if counts), default=-1)

        def listed(counts: Counter[int]) -> list[int]:
            return [counts[number] for number in range(bins)]

        ended = {name: listed(counts) for name, counts in self._ended.items()}
        return RunsOverTime(self._bin_us, listed(self._begun), ended)

    def end_to_end(self, warm_up_us: int) -> Spans:
        """Return the microseconds from when a message was due to its first executed run's end.

        A message that was due in the warm-up is not in it.
        """
        spans = Spans()
        for due_us, finished_us in self._finished(warm_up_us):
            spans.record(finished_us - due_us)
        return spans

    def before_they_were_due(self) -> int:
        """Return how many runs ended before their message was due: clocks that differ do that."""
        return sum(finished_us < due_us for due_us, finished_us in self._finished(0))

    def _finished(self, from_us: int) -> Iterator[tuple[int, int]]:
        both = zip(self._arrivals_us, self._finished_us, cycle(self._behind_us), strict=False)
        for due_us, finished_us, behind_us in both:
            if finished_us != _NEVER and due_us >= from_us:
                yield due_us + behind_us, finished_us

    def _us(self, instant: str) -> int:
        return (datetime.fromisoformat(instant) - self._begun_at) // _MICROSECOND

    def _bin(self, at_us: int) -> int:
        return min(_MOST_BINS, max(0, at_us) // self._bin_us)
