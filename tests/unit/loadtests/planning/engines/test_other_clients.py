"""The calls of other clients, also where the export makes none for a long time."""

import pytest

from loadtests.planning import Plan
from loadtests.planning.engines.calls import EXECUTED
from loadtests.planning.engines.other_clients import OtherClients
from loadtests.planning.plan import DAY
from mock_qualtrics.gate.rate_window import make_window

SECOND = 1_000_000
INSTANTS = [0, 30 * SECOND, DAY - 1, DAY, DAY + 61 * SECOND, 3 * DAY + 7, 3 * DAY + 60 * SECOND]


class Counted:
    """A window, and the runs of each day."""

    def __init__(self, plan) -> None:
        self.window = make_window(plan.window, plan.limit_per_minute)
        self.asked = 0
        self.runs: dict[int, int] = {}

    def try_take(self, instant):
        self.asked += 1
        return self.window.try_take(instant)

    def run(self, instant, runs):
        self.runs[instant // DAY] = self.runs.get(instant // DAY, 0) + runs
        return EXECUTED


def one_by_one(plan, counted, until, made):
    while (at := round(made * 60 * SECOND / plan.other_traffic)) <= until:
        if counted.try_take(at):
            counted.run(at, 1)
        made += 1
    return made


@pytest.mark.parametrize("window", ["sliding", "fixed"])
@pytest.mark.parametrize(("traffic", "limit"), [(0.37, 9), (0.7, 2), (0.01, 4), (0.7, 30_000)])
def test_a_long_pause_leaves_window_and_day_as_if_each_call_had_been_made(window, traffic, limit):
    plan = Plan(
        profiles=1,
        arrival_rate=1.0,
        window=window,
        other_traffic=traffic,
        limit_per_minute=limit,
    )
    skipping, plain, made = Counted(plan), Counted(plan), 0
    others = OtherClients(plan, skipping.try_take, skipping.run)
    for instant in INSTANTS:
        others.call_until(instant)
        made = one_by_one(plan, plain, instant, made)
        assert skipping.window.try_take(instant) == plain.window.try_take(instant)
        rooms = [each.window.retry_after_seconds(instant, 3) for each in (skipping, plain)]
        assert rooms[0] == rooms[1]
        assert skipping.runs.get(instant // DAY) == plain.runs.get(instant // DAY)
    if traffic + 3 < limit:
        assert skipping.asked < 20


def test_a_pause_is_not_skipped_where_a_window_may_be_full():
    plan = Plan(profiles=1, arrival_rate=1.0, other_traffic=3.7, limit_per_minute=3)
    counted = Counted(plan)
    OtherClients(plan, counted.try_take, counted.run).call_until(3600 * SECOND)
    assert counted.asked == 3 + 223  # three in the minute before
