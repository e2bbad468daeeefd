"""The forecast of a plan message by message, for a check against what really happened."""

from collections.abc import Iterator
from typing import NamedTuple

from loadtests.planning.engines.calls import LOST
from loadtests.planning.engines.chosen import calls_of
from loadtests.planning.plan import Plan

PENDING = "pending"


class Attempt(NamedTuple):
    """One call of a message.

    Attributes:
        instant_us: when it is made, in microseconds from the plan's beginning.
        status: the status that its sender sees, or ``lost``.
    """

    instant_us: int
    status: int | str


class MessageForecast(NamedTuple):
    """What becomes of one message.

    Attributes:
        number: its number, from 0.
        attempts: its calls, in order.
        ending: ``delivered``, ``dropped``, ``uncertain``, or ``pending``: a lossless export stopped
            before.
    """

    number: int
    attempts: tuple[Attempt, ...]
    ending: str


def forecast_messages(plan: Plan) -> Iterator[MessageForecast]:
    """Say what becomes of each message, by the exact engine, in the order in which they end.

    Args:
        plan: the plan; calls of messages that have not ended yet are kept, so a small one.

    Yields:
        each message of the plan, once.

    Example:
        >>> next(forecast_messages(Plan(profiles=1, arrival_rate=1.0)))
        MessageForecast(number=0, attempts=(Attempt(instant_us=0, status=202),), ending='delivered')
    """
    open_attempts: dict[int, list[Attempt]] = {}
    ended = set()
    for instant, number, _, status, _, ending in calls_of(plan):
        attempts = open_attempts.setdefault(number, [])
        attempts.append(Attempt(instant, "lost" if status == LOST else status))
        if ending:
            ended.add(number)
            yield MessageForecast(number, tuple(open_attempts.pop(number)), ending)
    for number in range(plan.messages):
        if number not in ended:
            yield MessageForecast(number, tuple(open_attempts.get(number, ())), PENDING)
