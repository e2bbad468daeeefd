"""What is forecast is what happens: the real sender against the real mock, on one virtual clock.

Each message has the same attempts, at the same microseconds and with the same statuses, and the
same ending. Waits and intervals are binary fractions of a second: support/one_clock.py says why.
"""

from collections import Counter, defaultdict

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines import exact
from sender import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE
from support.one_clock import Seen, play

ARRIVALS = {"profiles": 96, "arrival_rate": 8.0}
TIGHT = {**ARRIVALS, "limit_per_minute": 24, "window_seconds": 16}
SETTINGS = {
    "sliding": Plan(**TIGHT),
    "fixed": Plan(**TIGHT, window="fixed"),
    "the minute": Plan(profiles=72, arrival_rate=1.0, limit_per_minute=24),
    "latency": Plan(**TIGHT, latency_seconds=0.25),
    # Of what is overdue at one instant the sender sends first what was due first, a forecast the
    # lower number. With 1.4375 seconds no instant of this setting has both orders.
    "latency longer than a wait": Plan(
        **TIGHT, latency_seconds=1.4375, policy=ADOBE_BEST_EFFORT.retrying_after((0.5, 1.0, 8.0))
    ),
    "a schedule of one's own": Plan(
        **TIGHT, policy=ADOBE_BEST_EFFORT.retrying_after((1.0, 2.0, 4.0, 8.0, 16.0))
    ),
    "configurable": Plan(**TIGHT, policy=ADOBE_CONFIGURABLE),
    "daily cap": Plan(**TIGHT, runs_per_day=40),
    "another client": Plan(**TIGHT, other_traffic=60.0),
    "oversized": Plan(**TIGHT, oversized=frozenset(range(0, 96, 3))),
    "a window of one second": Plan(
        profiles=96, arrival_rate=64.0, limit_per_minute=40, window="fixed", window_seconds=1
    ),
    "everything": Plan(
        **TIGHT,
        window="fixed",
        latency_seconds=0.5,
        other_traffic=30.0,
        oversized=frozenset({3, 5, 8, 13, 21}),
        runs_per_day=30,
    ),
}


def forecast_of_each(plan: Plan) -> dict[int, Seen]:
    messages: dict[int, Seen] = defaultdict(Seen)
    for instant, number, _attempt, status, _run, ending in exact.calls(plan):
        messages[number].attempts.append((instant, status))
        messages[number].ending = ending
    return dict(messages)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_message_is_forecast_as_sender_and_mock_have_it(name) -> None:
    plan = SETTINGS[name]
    assert play(plan).messages == forecast_of_each(plan)


def test_the_settings_deliver_at_each_try_and_drop_for_each_reason() -> None:
    delivered: Counter[int] = Counter()
    dropped: Counter[int] = Counter()
    for plan in SETTINGS.values():
        for message in forecast_of_each(plan).values():
            tries, (_, status) = len(message.attempts), message.attempts[-1]
            delivered[tries] += message.ending == "delivered"
            dropped[status] += message.ending == "dropped"
    assert min(delivered[tries] for tries in (1, 2, 3)) > 50
    assert min(dropped[status] for status in (413, 429)) > 30
