"""The bare loop that the planner's engines are measured against comes to the same."""

import pytest

from loadtests.benchmarks.planning import bare_loop, lossless_forecasts, seconds_of
from loadtests.planning import Plan, forecast


@pytest.mark.parametrize("messages", [100, 3_100])
def test_the_bare_loop_delivers_what_the_exact_engine_does(messages):
    plan = Plan(profiles=messages, arrival_rate=1_000.0)
    assert bare_loop(messages) == forecast(plan, engine="exact").delivered


def test_processor_time_is_measured():
    assert seconds_of(list) >= 0


def test_the_engines_of_a_lossless_export_are_measured_on_the_same():
    pytest.importorskip("numpy")
    found = [work() for work in lossless_forecasts(300).values()]
    assert found == [found[0]] * 3
    assert found[0].delivered == 300
