"""The bare loop that the planner's engines are measured against comes to the same."""

import pytest

from loadtests.benchmarks.planning import bare_loop, seconds_of
from loadtests.planning import Plan, forecast


@pytest.mark.parametrize("messages", [100, 3_100])
def test_the_bare_loop_delivers_what_the_exact_engine_does(messages):
    plan = Plan(profiles=messages, arrival_rate=1_000.0)
    assert bare_loop(messages) == forecast(plan, engine="exact").delivered


def test_processor_time_is_measured():
    assert seconds_of(list) >= 0
