"""Which call is due when: arrivals, and the retries that follow from outcomes. Pure.

An open model: what is due does not wait for answers. Times are whole microseconds from the run's
beginning.
"""

import heapq
import random
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.workloads import Arrival
from sender.delivery.decisions import Activated, FailedForGood, History, RetryAt, Uncertain, decide
from sender.policies import RetryPolicy
from sender.transport.outcomes import Answered, Outcome, describe

_SECOND: Final = 1_000_000
_NO_CHANCE: Final = random.Random(0)  # noqa: S311  a schedule has no jitter
_ENDINGS: Final = {
    Activated: "delivered",
    FailedForGood: "dropped",
    Uncertain: "uncertain",
    RetryAt: "",
}


class DueCall(NamedTuple):
    """A call that is to be made.

    Attributes:
        intended_us: when it is due.
        number: the message's number.
        person: whose message it is.
        attempt: which try it is, from 1.
        first_failed_us: when the message failed first; None: it has not.
    """

    intended_us: int
    number: int
    person: int
    attempt: int = 1
    first_failed_us: int | None = None


class CallImpossibleError(Exception):
    """No call can be made at all, as without a trusted certificate; the text says why."""


class DueCalls:
    """The calls of one share of a workload, in the order in which they are due.

    Args:
        arrivals: the share's messages with their numbers, by ascending time.
        policy: what follows from an outcome; one that drops messages (A-RTRY-1).

    Attributes:
        in_flight: how many calls were taken and have not ended.
    """

    def __init__(self, arrivals: Iterable[tuple[int, Arrival]], policy: RetryPolicy) -> None:
        self._arrivals: Iterator[tuple[int, Arrival]] = iter(arrivals)
        self._policy = policy
        self._retries: list[DueCall] = []
        self.in_flight = 0
        self._next = self._arrived()

    @property
    def next_us(self) -> int | None:
        """When the next call is due; None: none is known, but an answer may still cause one."""
        firsts = (each.intended_us for each in (self._next, *self._retries[:1]) if each)
        return min(firsts, default=None)

    @property
    def is_finished(self) -> bool:
        """Whether every message has ended."""
        return self.next_us is None and self.in_flight == 0

    @property
    def next_message(self) -> DueCall | None:
        """The next message's first call, so that its body can be made in time; None: no more."""
        return self._next

    def take(self) -> DueCall:
        """Take the next call; of two that are due at one instant the lower number goes first."""
        retry = self._retries[0] if self._retries else None
        if retry is not None and (self._next is None or retry < self._next):
            due = heapq.heappop(self._retries)
        elif self._next is not None:
            due, self._next = self._next, self._arrived()
        else:
            raise LookupError("no call is due: look at next_us first")
        self.in_flight += 1
        return due

    def ended(self, due: DueCall, outcome: Outcome, sent_us: int, answered_us: int) -> Call:
        """Note how a call ended, and that it is tried again if the policy says so.

        Raises:
            CallImpossibleError: the set-up of this machine allows no call at all.
        """
        self.in_flight -= 1
        first_failed = due.first_failed_us
        history = History(due.attempt, None if first_failed is None else first_failed / _SECOND)
        decision = decide(self._policy, history, outcome, answered_us / _SECOND, _NO_CHANCE)
        if type(decision) not in _ENDINGS:
            raise CallImpossibleError(describe(outcome))
        if isinstance(decision, RetryAt):
            self._retry(due, round(decision.instant * _SECOND), answered_us)
        status = outcome.status if isinstance(outcome, Answered) else NO_ANSWER
        ending = _ENDINGS[type(decision)]
        return Call(due.number, due.attempt, due.intended_us, sent_us, answered_us, status, ending)

    def unsent(self, now_us: int) -> int:
        """Return how many messages are due by now whose first call was not taken; forget them."""
        count = 0
        while self._next is not None and self._next.intended_us <= now_us:
            count, self._next = count + 1, self._arrived()
        return count

    def _arrived(self) -> DueCall | None:
        number, arrival = next(self._arrivals, (0, None))
        return None if arrival is None else DueCall(arrival.at_us, number, arrival.person)

    def _retry(self, due: DueCall, instant_us: int, answered_us: int) -> None:
        first_failed = answered_us if due.first_failed_us is None else due.first_failed_us
        retry = due._replace(
            intended_us=max(instant_us, answered_us),
            attempt=due.attempt + 1,
            first_failed_us=first_failed,
        )
        heapq.heappush(self._retries, retry)
