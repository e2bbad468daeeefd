"""One part of an export whose messages arrive evenly: which of them wait for which try."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.admitted_log import AdmittedLog
from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced
from loadtests.planning.engines.vectorised.pending import Pending, Runs
from loadtests.planning.plan import Segment

Whole = NDArray[np.int64]


class Exported:
    """The messages of a segment, counted from 0 in it.

    Args:
        segment: the segment.
        rate: messages a second.
        offsets_us: how long after its arrival each try of a message is made.

    Attributes:
        segment: the same.
        admitted: by try, the messages that were admitted at it.
        too_large: by try, those that were refused for their size.
    """

    def __init__(self, segment: Segment, rate: float, offsets_us: Sequence[int]) -> None:
        self.segment = segment
        self._offsets = offsets_us
        self._evenly = EvenlySpaced(segment.start_us, rate)
        self._pending = [Pending() for _ in offsets_us]
        self._pending[0].add((np.zeros(1, np.int64), np.full(1, segment.messages - 1, np.int64)))
        self.admitted = [AdmittedLog() for _ in offsets_us]
        self.too_large = [AdmittedLog() for _ in offsets_us]

    @property
    def is_over(self) -> bool:
        """Whether no message waits."""
        return not any(self._pending)

    @property
    def waiting_tries(self) -> int:
        """How many tries have messages that wait for them."""
        return sum(map(bool, self._pending))

    def next_call(self) -> int:
        """Return when the next call is made."""
        return min(
            self._evenly.instant(pending.next) + offset
            for pending, offset in zip(self._pending, self._offsets, strict=True)
            if pending
        )

    def take(self, end: int) -> Iterator[tuple[int, Runs]]:
        """Yield for each try, the last first, the messages whose call is made before an instant."""
        for at in reversed(range(len(self._offsets))):
            if self._pending[at]:
                runs = self._pending[at].take(self._evenly.before(end - self._offsets[at]))
                if len(runs[0]):
                    yield at, runs

    def retry(self, at: int, runs: Runs) -> bool:
        """Let messages wait for the try after that one; return whether there is one."""
        if at + 1 == len(self._offsets):
            return False
        self._pending[at + 1].add(runs)
        return True

    def instants(self, at: int, messages: Whole) -> Whole:
        """Return when a try of messages is made."""
        return self._evenly.instants(messages) + self._offsets[at]

    def instant(self, at: int, message: int) -> int:
        """Return when a try of a message is made."""
        return self._evenly.instant(message) + self._offsets[at]

    def made_before(self, at: int, instants: Whole) -> Whole:
        """Return how many messages' try would be made before each instant, were all refused."""
        found = self._evenly.before_each(instants - self._offsets[at])
        return np.minimum(found, self.segment.messages)

    def arrived(self, now: int) -> int:
        """Return how many messages would have arrived before an instant if they never ended."""
        return self._evenly.before(now)

    def arriving_after(self, now: int) -> int:
        """Return how many messages are yet to arrive."""
        return max(0, self.segment.messages - self.arrived(now))

    def relative_to(self, now: int, period_us: int) -> tuple[bytes, ...]:
        """Return who waits and when the next arrive, in a form that can be compared.

        Args:
            now: from when on.
            period_us: after this time arrivals repeat.
        """
        phase = (now - self.segment.start_us) % period_us  # arrivals follow from it
        arrived = self.arrived(now)
        arriving = b"arriving" if arrived < self.segment.messages else b"arrived"
        return (
            arriving,
            str(phase).encode(),
            *(each.relative_to(arrived) for each in self._pending[1:]),
        )

    def shift(self, by: int, now: int) -> None:
        """Let the same wait so many messages later; before ``now`` all have arrived."""
        self._pending[0].take(self.arrived(now))
        for pending in self._pending[1:]:
            pending.shift(by)
