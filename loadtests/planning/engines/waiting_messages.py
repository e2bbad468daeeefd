"""The messages of a lossless export that wait to be sent: what its outbox and its queue hold."""

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from loadtests.planning.engines.tries import Due
from loadtests.planning.plan import SECOND, Plan


class Waiting(NamedTuple):
    """A message, with the calls made for it.

    Attributes:
        number: its number.
        attempts: calls made for it, the one under way too.
        first_failed_at: when one failed first, in seconds; None: none has.
    """

    number: int
    attempts: int = 0
    first_failed_at: float | None = None


class WaitingMessages:
    """Due retries first, then messages in the order of their arrival, as in the real queue.

    A person's message waits until the one before it has ended.

    Args:
        plan: the plan.

    Attributes:
        has_fresh: whether a message that was never sent has arrived.
        has_retries: whether a message is due again.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._keeps_order = bool(plan.restated) and plan.policy.keeps_order
        self._arrivals = _arrivals(plan)
        self._next = next(self._arrivals, None)
        self._released: deque[int] = deque()
        self._retries: list[tuple[int, Waiting]] = []
        self._awaiting: dict[int, deque[int]] = {}  # the later messages of each person at work
        self.has_fresh = self.has_retries = False
        self._now = 0

    def arrive(self, now: int) -> None:
        """Take note of the time: what has arrived, and what is due."""
        self._now = now
        while self._keeps_order and self._next is not None and self._next[0] <= now:
            later = self._awaiting.get(self._plan.person(self._next[1]))
            if later is None:
                break
            later.append(self._next[1])
            self._next = next(self._arrivals, None)
        arrived = self._next is not None and self._next[0] <= now
        self.has_fresh = arrived or bool(self._released)
        self.has_retries = bool(self._retries) and self._retries[0][0] <= now

    def __len__(self) -> int:
        """Return whether a message may be sent, as 1 or 0."""
        return self.has_fresh or self.has_retries

    @property
    def next_due_at(self) -> float | None:
        """When the next message is due again, in seconds; None: no message is."""
        return self._retries[0][0] / SECOND if self._retries else None

    def next_arrival(self) -> int | None:
        """Return when the next message arrives; None: none does."""
        return None if self._next is None else self._next[0]

    def take(self, *, fresh_first: bool = False) -> Waiting:
        """Remove and return the next message, with its attempts increased by one."""
        if self.has_fresh and (fresh_first or not self.has_retries):
            return self._take_fresh()
        _, message = heappop(self._retries)
        return message._replace(attempts=message.attempts + 1)

    def _take_fresh(self) -> Waiting:
        if self._released:
            number = self._released.popleft()
        else:
            assert self._next is not None  # noqa: S101  has_fresh says so
            number = self._next[1]
            self._next = next(self._arrivals, None)
        if self._keeps_order:
            self._awaiting.setdefault(self._plan.person(number), deque())
        return Waiting(number, 1)

    def retry(self, message: Waiting, due_us: int, first_failed_at: float) -> None:
        """Add a message that is due again at an instant."""
        heappush(self._retries, (due_us, message._replace(first_failed_at=first_failed_at)))

    def ended(self, message: Waiting) -> None:
        """Let the person's next message go."""
        if not self._keeps_order:
            return
        person = self._plan.person(message.number)
        later = self._awaiting.pop(person)
        if later:
            self._released.append(later.popleft())
            self._awaiting[person] = later


def _arrivals(plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield instant and number of each message, in order."""
    for span in Due(plan).spans():
        for instant, number, _ in span:
            yield instant, number
