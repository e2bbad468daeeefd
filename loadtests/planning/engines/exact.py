"""The exact engine of Adobe's policies: every call in its order, one after the other.

A message's retries are due at fixed times after its first failure, and its first try is the one
that fails first. So the messages that are to be tried again stand in streams, one for each try of a
batch: as runs of consecutive numbers, in the order in which they are due. Memory grows with the
changes between admitted and refused, not with the messages.
"""

import random
from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush, heapreplace

from loadtests.planning.engines.calls import (
    DELIVERED,
    DROPPED,
    RETRIED,
    UNCERTAIN,
    Call,
    outcome_of,
)
from loadtests.planning.engines.destination import Destination
from loadtests.planning.plan import SECOND, Plan, Segment
from sender.delivery.decisions import Activated, History, RetryAt, Uncertain, decide

Entry = tuple[int, int, "_Tries"]
_NO_CHANCE = random.Random(0)  # noqa: S311  a schedule has no jitter


class Consequences:
    """What follows from a try's answer: the real decision, asked once for each try and status.

    With a schedule it depends on nothing else but the time of the first failure, from which all is
    counted.

    Args:
        plan: the plan; its policy has a schedule.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[tuple[int, int], tuple[str, int]] = {}
        self._sent_after = [0]  # after the arrival, by try

    def of(self, attempt: int, status: int) -> tuple[str, int]:
        """Return the ending, and how long after the arrival the next try is made, if any."""
        found = self._known.get((attempt, status))
        if found is None:
            found = self._known[attempt, status] = self._decided(attempt, status)
        return found

    def _decided(self, attempt: int, status: int) -> tuple[str, int]:
        """Decide, with the first failure at 0."""
        plan = self._plan
        now_us = self._sent_after[attempt - 1]
        history = History(attempt, None if attempt == 1 else 0.0)
        decision = decide(plan.policy, history, outcome_of(status), now_us / SECOND, _NO_CHANCE)
        if isinstance(decision, RetryAt):
            due_us = max(round(decision.instant * SECOND), now_us)
            self._note_sent_after(attempt, due_us + plan.answer_us)
            return RETRIED, due_us + plan.answer_us
        if isinstance(decision, Activated):
            return DELIVERED, 0
        return (UNCERTAIN if isinstance(decision, Uncertain) else DROPPED), 0

    def _note_sent_after(self, attempt: int, microseconds: int) -> None:
        if attempt == len(self._sent_after):
            self._sent_after.append(microseconds)


class _Tries:
    """The tries with one number, of one segment's messages, in order.

    Args:
        segment: the messages.
        attempt: which try it is, from 1.
        after_us: how long after the arrival it is made.
        rate: messages a second.

    Attributes:
        is_idle: whether no try is known that will be made.
        later: the next tries of the same messages; None: none was needed yet.
    """

    __slots__ = (  # one a segment and try
        "_first",
        "_rate",
        "_runs",
        "_start_us",
        "attempt",
        "entries",
        "is_idle",
        "later",
        "segment",
    )

    def __init__(self, segment: Segment, attempt: int, after_us: int, rate: float) -> None:
        self.attempt = attempt
        self.is_idle = True
        self.later: _Tries | None = None
        self.segment = segment
        self._first = segment.first
        self._start_us = segment.start_us + after_us
        self._rate = rate
        self._runs: deque[list[int]] = deque()
        self.entries = self._in_order()

    def _in_order(self) -> Iterator[Entry | None]:
        """Yield the tries; None when none is known, until another is added."""
        runs, first, start_us, rate = self._runs, self._first, self._start_us, self._rate
        while True:
            while runs:
                run = runs[0]
                number = run[0]
                while number <= run[1]:  # it may have become longer since
                    yield start_us + round((number - first) * 1e6 / rate), number, self
                    number += 1
                runs.popleft()
            yield None

    def add(self, first: int, last: int) -> None:
        """Add messages that come after all that were added before."""
        runs = self._runs
        if runs and runs[-1][1] == first - 1:
            runs[-1][1] = last
        else:
            runs.append([first, last])


class _Due:
    """The next try of each stream that has any, as a heap; a segment joins when its time has come.

    Args:
        plan: the plan.

    Attributes:
        heap: the tries.
        newest: the first message of the segment that joined last.
    """

    def __init__(self, plan: Plan) -> None:
        self._rate = plan.arrival_rate
        self._segments = deque(sorted(plan.segments()))
        self.heap: list[Entry] = []
        self.newest = -1
        self.join()

    def join(self) -> None:
        """Let the next segment join, if there is one: the last has begun."""
        if not self._segments:
            self.newest = -1
            return
        segment = self._segments.popleft()
        self.newest = segment.first
        tries = _Tries(segment, 1, 0, self._rate)
        tries.add(segment.first, segment.first + segment.messages - 1)
        self._push(tries)

    def retry(self, number: int, tries: _Tries, after_us: int) -> None:
        """Add the next try of a message."""
        later = tries.later
        if later is None:
            later = tries.later = _Tries(tries.segment, tries.attempt + 1, after_us, self._rate)
        later.add(number, number)
        if later.is_idle:
            self._push(later)

    def _push(self, tries: _Tries) -> None:
        entry = next(tries.entries)
        if entry is not None:
            tries.is_idle = False
            heappush(self.heap, entry)

    def advance(self, tries: _Tries) -> None:
        """Replace the try that is made with the stream's next."""
        following = next(tries.entries)
        if following is None:
            tries.is_idle = True
            heappop(self.heap)
        else:
            heapreplace(self.heap, following)


def calls(plan: Plan) -> Iterator[Call]:
    """Yield every call of the export in its order.

    Args:
        plan: the plan; its policy has a schedule.
    """
    judge, due = Destination(plan).judge, _Due(plan)
    heap, consequence = due.heap, Consequences(plan).of
    while heap:
        instant, number, tries = heap[0]
        attempt = tries.attempt
        status, run = judge(instant, number, attempt)
        ending, after_us = consequence(attempt, status)
        due.advance(tries)
        if number == due.newest and attempt == 1:
            due.join()
        if ending is RETRIED:
            due.retry(number, tries, after_us)
        yield instant, number, attempt, status, run, ending
