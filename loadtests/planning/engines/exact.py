"""The exact engine of Adobe's policies: every call in its order, one after the other."""

import random
from collections.abc import Iterator

from loadtests.planning.engines.calls import (
    DELIVERED,
    DROPPED,
    RETRIED,
    UNCERTAIN,
    Call,
    outcome_of,
)
from loadtests.planning.engines.destination import Destination
from loadtests.planning.engines.tries import Due
from loadtests.planning.plan import SECOND, Plan
from sender.delivery.decisions import Activated, FailedForGood, History, RetryAt, Uncertain, decide

_NO_CHANCE = random.Random(0)  # noqa: S311  a schedule has no jitter


class Endings(dict[int, str]):
    """How a message ends with a try, by status: the real decision, asked once for each.

    With a schedule it depends on nothing but the try, the status and the time since the first
    failure, and that is the same for every message.

    Args:
        plan: the plan; its policy has a schedule.
        attempt: which try it is, from 1.
    """

    def __init__(self, plan: Plan, attempt: int) -> None:
        super().__init__()
        self._plan = plan
        self._attempt = attempt

    def __missing__(self, status: int) -> str:
        """Decide, with the first failure at 0, and keep it."""
        plan, attempt = self._plan, self._attempt
        now = plan.try_offsets_us()[attempt - 1] / SECOND
        history = History(attempt, None if attempt == 1 else 0.0)
        decision = decide(plan.policy, history, outcome_of(status), now, _NO_CHANCE)
        if isinstance(decision, RetryAt):
            self._check(decision.instant, now)
        self[status] = _ENDINGS[type(decision)]
        return self[status]

    def _check(self, instant: float, now: float) -> None:
        """Make sure that the try is repeated when the plan's offsets say."""
        expected = self._plan.try_offsets_us()[self._attempt]
        if round(max(instant, now) * SECOND) + self._plan.answer_us != expected:
            raise AssertionError("a decision that keeps to no schedule")


_ENDINGS = {
    Activated: DELIVERED,
    FailedForGood: DROPPED,
    RetryAt: RETRIED,
    Uncertain: UNCERTAIN,
}


def calls(plan: Plan) -> Iterator[Call]:
    """Yield every call of the export in its order.

    Args:
        plan: the plan; its policy has a schedule.
    """
    judge = Destination(plan).judge
    endings = [Endings(plan, attempt) for attempt in range(plan.tries + 1)]
    for span in Due(plan).spans():
        for instant, number, tries in span:
            attempt = tries.attempt
            status, run = judge(instant, number, attempt)
            ending = endings[attempt][status]
            if not ending:
                tries.failed.append(number)
            yield instant, number, attempt, status, run, ending
