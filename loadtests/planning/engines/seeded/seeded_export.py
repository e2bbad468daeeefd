"""One part of an export for many seeds: which messages wait for which try, a column a seed."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced
from loadtests.planning.plan import Segment

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Waiting:
    """Consecutive messages that wait for a try.

    Attributes:
        first: the first of them, counted from 0 in its segment.
        end: the message after the last.
        wait: which of them wait, by seed; None: all.
        ran: which of them had a run that was executed, by seed; None: none.
    """

    first: int
    end: int
    wait: Mask | None = None
    ran: Mask | None = None

    def before(self, end: int) -> "Waiting":
        """Return those before a message."""
        rows = slice(0, end - self.first)
        return Waiting(self.first, end, _rows(self.wait, rows), _rows(self.ran, rows))

    def since(self, first: int) -> "Waiting":
        """Return those from a message on."""
        rows = slice(first - self.first, None)
        return Waiting(first, self.end, _rows(self.wait, rows), _rows(self.ran, rows))


def _rows(mask: Mask | None, rows: slice) -> Mask | None:
    return None if mask is None else mask[rows]


class SeededExport:
    """The messages of a segment.

    Args:
        segment: the segment.
        rate: messages a second.
        offsets_us: how long after its arrival each try of a message is made.
    """

    def __init__(self, segment: Segment, rate: float, offsets_us: Sequence[int]) -> None:
        self.segment = segment
        self._offsets = offsets_us
        self._evenly = EvenlySpaced(segment.start_us, rate)
        self._waiting: list[deque[Waiting]] = [deque() for _ in offsets_us]
        self._waiting[0].append(Waiting(0, segment.messages))

    @property
    def is_over(self) -> bool:
        """Whether no message waits."""
        return not any(self._waiting)

    @property
    def waiting_tries(self) -> int:
        """How many tries have messages that wait for them."""
        return sum(map(bool, self._waiting))

    @property
    def last_arrival(self) -> int:
        """When the last message arrives."""
        return self._evenly.instant(self.segment.messages - 1)

    def next_call(self) -> int:
        """Return when the next call is made at the earliest."""
        return min(
            self._evenly.instant(waiting[0].first) + offset
            for waiting, offset in zip(self._waiting, self._offsets, strict=True)
            if waiting
        )

    def take(self, at: int, end: int) -> list[Waiting]:
        """Remove and return the messages whose call of a try is made before an instant."""
        waiting, taken = self._waiting[at], []
        if not waiting:
            return []
        until = self._evenly.before(end - self._offsets[at])
        while waiting and waiting[0].end <= until:
            taken.append(waiting.popleft())
        if waiting and waiting[0].first < until:
            taken.append(waiting[0].before(until))
            waiting[0] = waiting[0].since(until)
        return taken

    def retry(self, at: int, waiting: Waiting) -> None:
        """Let messages wait for the try after that one."""
        if waiting.wait is None or waiting.wait.any():
            self._waiting[at + 1].append(waiting)

    def instants(self, at: int, messages: Whole) -> Whole:
        """Return when a try of messages is made."""
        return self._evenly.instants(messages) + self._offsets[at]
