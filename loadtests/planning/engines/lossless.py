"""The engine of lossless policies: the real pace, day, circuit breaker and decisions, call by call.

Messages wait in an outbox from when they arrive until a call may be made. As many calls are under
way as the latency asks for.
"""

import math
import random
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from loadtests.planning.chance import mixed
from loadtests.planning.engines.calls import (
    DELIVERED,
    DROPPED,
    RETRIED,
    UNCERTAIN,
    Call,
    outcome_of,
)
from loadtests.planning.engines.destination import ACCEPTED, Destination
from loadtests.planning.engines.waiting_messages import Waiting, WaitingMessages
from loadtests.planning.plan import SECOND, Plan
from sender.day_limit import DayLimit
from sender.delivery.call_times import CallTimes
from sender.delivery.decisions import (
    FailedForGood,
    History,
    RetryAt,
    StopExport,
    Uncertain,
    decide,
)
from sender.delivery.rates.pacing import pacing_for

if TYPE_CHECKING:
    from sender.delivery.send_queue import SendQueue


class _UnderWay(NamedTuple):
    """A call whose answer comes at an instant."""

    answered_at: int
    sent_at: int
    message: Waiting
    status: int
    run: int


def calls(plan: Plan) -> Iterator[Call]:
    """Yield every call of the export in its order, once it is answered.

    Args:
        plan: the plan; its policy retries with backoff.
    """
    export = _Export(plan)
    now: int | None = 0
    while now is not None:
        yield from export.turn(now)
        now = export.next_turn(now)


class _Export:
    """What an export knows between two calls.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._judge = Destination(plan).judge
        self._messages = WaitingMessages(plan)
        self._under_way: deque[_UnderWay] = deque()
        self._stopped = self._made_one = False
        day = DayLimit(plan.runs_per_day, [], 0.0)
        queue = cast("SendQueue", self._messages)  # all that is asked of one
        self._times = CallTimes(queue, plan.policy, pacing_for(plan.limit_per_minute), day)

    def turn(self, now: int) -> Iterator[Call]:
        """Take up what is answered, and make a call if one may be made; yield answered ones."""
        yield from self._answers(now)
        self._messages.arrive(now)
        if not self._stopped:
            message = self._times.next_message(now / SECOND)
            self._made_one = message is not None
            if message is not None:
                self._send(cast("Waiting", message), now)
        yield from self._answers(now)  # without latency the call is answered at once

    def _answers(self, now: int) -> Iterator[Call]:
        under_way = self._under_way
        while under_way and under_way[0].answered_at <= now:
            yield self._answered(under_way.popleft(), now / SECOND)

    def next_turn(self, now: int) -> int | None:
        """Return when something happens next; None: the export has ended."""
        self._messages.arrive(now)
        instants = [self._under_way[0].answered_at] if self._under_way else []
        if not self._stopped:
            instants += self._next_calls(now)
        return min(instants, default=None)

    def _next_calls(self, now: int) -> list[int]:
        """Return when the next call may be made, or a message arrives: after a call, also now."""
        instants = []
        call_at = self._times.next_call_at(now / SECOND)
        if call_at is not None:
            earliest = now if self._made_one else now + 1
            instants.append(max(earliest, math.ceil(call_at * SECOND)))
        arrives_at = self._messages.next_arrival()
        if arrives_at is not None and not self._messages.has_fresh:
            instants.append(arrives_at)
        return instants

    def _send(self, message: Waiting, now: int) -> None:
        status, run = self._judge(now, message.number, message.attempts)
        answered_at = now + self._plan.answer_us
        self._under_way.append(_UnderWay(answered_at, now, message, status, run))

    def _answered(self, call: _UnderWay, now: float) -> Call:
        """Record how a call ended."""
        message, outcome = call.message, outcome_of(call.status)
        self._times.ended(outcome, call.sent_at / SECOND, now)
        self._stopped = self._stopped or self._times.stopped is not None
        ending = DELIVERED if call.status == ACCEPTED else self._failed(call, now)
        if ending:
            self._messages.ended(message)
        return call.sent_at, message.number, message.attempts, call.status, call.run, ending

    def _failed(self, call: _UnderWay, now: float) -> str:
        message = call.message
        first_failed_at = now if message.first_failed_at is None else message.first_failed_at
        tried_since = max(first_failed_at, self._times.new_day_at or 0.0)
        history = History(message.attempts, tried_since)
        chance = mixed(self._plan.seed, message.number, -message.attempts)
        rng = random.Random(chance)  # noqa: S311  chance from a seed
        decision = decide(self._plan.policy, history, outcome_of(call.status), now, rng)
        if isinstance(decision, RetryAt | StopExport):
            due = decision.instant if isinstance(decision, RetryAt) else now
            self._messages.retry(message, math.ceil(due * SECOND), first_failed_at)
            self._stopped = self._stopped or isinstance(decision, StopExport)
        return _ENDINGS[type(decision)]


_ENDINGS: dict[type, str] = {
    FailedForGood: DROPPED,
    RetryAt: RETRIED,
    StopExport: RETRIED,
    Uncertain: UNCERTAIN,
}
