"""A lossless export of which nothing is refused, call by call: its turns are the exact engine's."""

import math
from collections.abc import Iterator

from loadtests.planning.engines.calls import DELIVERED, DROPPED, EXECUTED, NO_RUN, Call
from loadtests.planning.engines.destination import ACCEPTED, TOO_LARGE
from loadtests.planning.engines.undisturbed.arrivals import Arrivals
from loadtests.planning.engines.undisturbed.pace import Pace
from loadtests.planning.plan import SECOND, Plan
from sender.day_limit import DayLimit


class Export:
    """Makes the calls of an export.

    Args:
        plan: a plan that `undisturbed.engine.fits`.

    Attributes:
        arrivals: the messages that are to be sent.
        pace: the pace of the calls.
        day: the calls of the day.
        turn: when something happened last, in microseconds.
        made_one: whether that was a call.
    """

    def __init__(self, plan: Plan) -> None:
        self._oversized = plan.oversized
        self.arrivals = Arrivals(plan)
        self.pace = Pace(plan.limit_per_minute, plan.answer_us)
        self.day = DayLimit(plan.runs_per_day, [], 0.0)
        self.turn = 0
        self.made_one = False

    @property
    def has_waiting(self) -> bool:
        """Whether a message has arrived that is not sent."""
        return self.arrivals.next_at is not None and self.arrivals.next_at <= self.turn

    def calls(self) -> Iterator[Call]:
        """Yield the calls that are left."""
        while self.arrivals.next_at is not None:
            yield self._next_call(self.arrivals.next_at)

    def _next_call(self, arrival: int) -> Call:
        """Go on to the call of the next message, and make it."""
        if self.made_one:
            self.turn = self._next_turn(arrival)
        while not self._may_call(arrival):
            self.made_one = False
            self.turn = self._next_turn(arrival)
        self.made_one = True
        self.pace.sent(self.turn)
        self.day.sent(self.turn / SECOND)
        return self._call()

    def _call(self) -> Call:
        person, number = self.arrivals.person, self.arrivals.segment.first + self.arrivals.index
        self.arrivals.advance()
        if person in self._oversized:
            return self.turn, number, 1, TOO_LARGE, NO_RUN, DROPPED
        return self.turn, number, 1, ACCEPTED, EXECUTED, DELIVERED

    def _may_call(self, arrival: int) -> bool:
        now = self.turn / SECOND
        if arrival > self.turn or self.day.wait_seconds(now):
            return False
        return self.pace.free_at(now) <= now

    def _next_turn(self, arrival: int) -> int:
        """Return when something happens next: an arrival, a call that may be made, or an answer."""
        turn = arrival if arrival > self.turn else self._paced_turn(self.turn / SECOND)
        if not self.pace.answer_us:
            return turn
        answer = self.pace.next_answer(self.turn)
        return turn if answer is None else min(turn, answer)

    def _paced_turn(self, now: float) -> int:
        wait = max(0.0, self.pace.free_at(now) - now)
        call_at = max(now + wait, now + self.day.wait_seconds(now))
        earliest = self.turn if self.made_one else self.turn + 1
        return max(earliest, math.ceil(call_at * SECOND))
