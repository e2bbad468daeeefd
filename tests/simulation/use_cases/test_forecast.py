"""What is forecast is what happens: the real sender against the real mock, on one virtual clock.

Each message has the same attempts, at the same microseconds and with the same statuses, and the
same ending. Waits and intervals are binary fractions of a second: support/one_clock.py says why.
"""

from collections import Counter

import pytest

from loadtests.planning import Plan, forecast_messages
from sender import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS
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
    # Of these all have arrived before their turn comes: the sender has them at once.
    "lossless": Plan(profiles=96, arrival_rate=1_024.0, limit_per_minute=60, policy=LOSSLESS),
    "lossless with a latency": Plan(
        profiles=96,
        arrival_rate=1_024.0,
        limit_per_minute=600,
        policy=LOSSLESS,
        latency_seconds=0.25,
        oversized=frozenset({0, 40, 41}),
    ),
    "lossless over days": Plan(
        profiles=80, arrival_rate=1_024.0, limit_per_minute=60, runs_per_day=30, policy=LOSSLESS
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
    return {each.number: Seen(list(each.attempts), each.ending) for each in forecast_messages(plan)}


def without_instants(messages: dict[int, Seen]) -> dict[int, tuple[list[int], str]]:
    return {
        number: ([status for _, status in each.attempts], each.ending)
        for number, each in messages.items()
    }


def instants_of(messages: dict[int, Seen]) -> list[int]:
    return [at for number in sorted(messages) for at, _ in messages[number].attempts]


@pytest.mark.parametrize("name", SETTINGS)
def test_each_message_is_forecast_as_sender_and_mock_have_it(name) -> None:
    plan = SETTINGS[name]
    seen, forecast = play(plan).messages, forecast_of_each(plan)
    if plan.policy.drops_messages:
        assert seen == forecast
        return
    # A pace has no whole microseconds: a forecast takes the next one, the sender the instant.
    assert without_instants(seen) == without_instants(forecast)
    assert instants_of(seen) == pytest.approx(instants_of(forecast), abs=1)


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
