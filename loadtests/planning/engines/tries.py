"""When the tries of messages are due: as runs of consecutive numbers, span by span.

A message's retries are due at fixed times after its first failure, and its first try is the one
that fails first. So a try's instant follows from the message's number, and the messages that are to
be tried again are kept as runs of numbers: memory grows with the changes between admitted and
refused, not with the messages.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise, repeat

from loadtests.planning.plan import SECOND, Plan, Segment, arrival_us

Try = tuple[int, int, "Tries"]
"""Instant, message number, and the tries that it is one of."""

CALLS_AT_ONCE = 2_048  # more are slower: the garbage collector looks at them again and again


class Tries:
    """The k-th tries of one segment's messages, in order.

    Args:
        segment: the messages.
        attempt: which try it is, from 1.
        after_us: how long after the arrival it is made.
        rate: messages a second.

    Attributes:
        is_active: whether a try may be known that is still to be made.
        failed: messages whose try failed and is to be repeated: they are taken up after the span.
        later: the next tries of the same messages; None: none was needed yet.
    """

    __slots__ = (
        "_arrivals_us",
        "_first",
        "_rate",
        "_runs",
        "_start_us",
        "_step",
        "attempt",
        "failed",
        "is_active",
        "later",
        "segment",
    )

    def __init__(self, segment: Segment, attempt: int, after_us: int, rate: float) -> None:
        self.attempt = attempt
        self.segment = segment
        self.is_active = False
        self.failed: list[int] = []
        self.later: Tries | None = None
        self._arrivals_us = segment.arrivals_us
        self._first = segment.first
        self._start_us = segment.start_us + after_us
        self._rate = rate
        # Arrivals a whole number of microseconds apart need no division of each.
        self._step = int(SECOND / rate) if (SECOND / rate).is_integer() else None
        self._runs: deque[list[int]] = deque()

    def add(self, numbers: list[int]) -> None:
        """Add messages, by ascending number, that come after all that were added before."""
        runs, first, last = self._runs, numbers[0], numbers[-1]
        if runs and runs[-1][1] == first:
            first = runs.pop()[0]
        if last - numbers[0] + 1 == len(numbers):
            runs.append([first, last + 1])
            return
        end = numbers[0]
        for number in numbers:
            if number != end:
                runs.append([first, end])
                first = number
            end = number + 1
        runs.append([first, end])

    def add_all(self) -> None:
        """Add all messages of the segment."""
        self._runs.append([self._first, self._first + self.segment.messages])

    def next_at(self) -> int | None:
        """Return when the next try is made; None if none is known."""
        return self._instants(self._runs[0][0], self._runs[0][0] + 1)[0] if self._runs else None

    def before(self, until_us: int) -> Iterator[Iterable[Try]]:
        """Yield the tries that are made before an instant, in pieces, and forget them."""
        runs, end = self._runs, self._number_at(until_us)
        while runs and runs[0][0] < end:
            first, last = runs[0][0], min(end, runs[0][1])
            yield zip(self._instants(first, last), range(first, last), repeat(self))
            if last == runs[0][1]:
                runs.popleft()
            else:
                runs[0][0] = last

    def _instants(self, first: int, last: int) -> "list[int] | range":
        """Return when the tries of the messages from one number up to another are made."""
        start, index, end = self._start_us, first - self._first, last - self._first
        step, rate = self._step, self._rate
        if self._arrivals_us:
            return [start + at for at in self._arrivals_us[index:end]]
        if step is not None:
            return range(start + index * step, start + end * step, step)
        return [start + round(number * 1e6 / rate) for number in range(index, end)]

    def _number_at(self, instant: int) -> int:
        """Return the first number whose try is not made before an instant."""
        after_us = instant - self._start_us
        if self._arrivals_us:
            return self._first + bisect_left(self._arrivals_us, after_us)
        index = max(0, int(after_us * self._rate / SECOND) - 2)
        while arrival_us(index, self._rate) < after_us:
            index += 1
        return self._first + index


class Due:
    """The tries of all segments, in the order in which they are made.

    Args:
        plan: the plan; its policy has a schedule.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._waiting = deque(sorted(plan.segments()))
        self._active: list[Tries] = []
        self._offsets = offsets = plan.try_offsets_us()
        # No call of a span may cause another one in it.
        gaps = [later - earlier for earlier, later in pairwise(offsets)]
        few_us = int(CALLS_AT_ONCE / len(offsets) / plan.arrival_rate * SECOND)
        self._span_us = max(1, min(few_us, *gaps) if gaps else few_us)

    def spans(self) -> Iterator[list[Try]]:
        """Yield the tries of one span after the other; then those that failed are taken up."""
        while (begins_at := self._next_at()) is not None:
            until_us = begins_at + self._span_us
            while self._waiting and self._waiting[0].start_us < until_us:
                self._join(self._waiting.popleft())
            pieces = [piece for tries in self._active for piece in tries.before(until_us)]
            due = list(chain.from_iterable(pieces))
            if len(pieces) > 1:
                due.sort()
            yield due
            for tries in self._active.copy():
                if tries.failed:
                    self._retry(tries)

    def _join(self, segment: Segment) -> None:
        tries = Tries(segment, 1, 0, self._plan.arrival_rate)
        tries.add_all()
        self._activate(tries)

    def _activate(self, tries: Tries) -> None:
        tries.is_active = True
        self._active.append(tries)

    def _next_at(self) -> int | None:
        """Return when the next try of all is made, and leave out those that have none."""
        starts = [self._waiting[0].start_us] if self._waiting else []
        active, self._active = self._active, []
        for tries in active:
            instant = tries.next_at()
            if instant is None:
                tries.is_active = False
            else:
                self._active.append(tries)
                starts.append(instant)
        return min(starts, default=None)

    def _retry(self, tries: Tries) -> None:
        """Take up the messages whose try failed."""
        later = tries.later
        if later is None:
            after_us, rate = self._offsets[tries.attempt], self._plan.arrival_rate
            later = tries.later = Tries(tries.segment, tries.attempt + 1, after_us, rate)
        if not later.is_active:
            self._activate(later)
        later.add(tries.failed)
        tries.failed = []
