import pytest

from contracts import validate
from loadtests.soak.soak_plan import soak_plan


@pytest.mark.parametrize("minutes", [0.1, 2.0, 10.0, 120.0])
def test_what_is_asked_of_the_mock_is_valid(minutes):
    for tenant in soak_plan(minutes).tenants:
        assert not validate({"limits": tenant.limits}, "tenant-settings")
        assert not [found for fault in tenant.faults for found in validate(fault, "fault")]


def test_the_last_tenants_day_is_over_after_a_third_of_its_messages():
    plan = soak_plan(10.0)
    assert plan.messages == 12_000
    assert plan.tenants[-1].limits["runsPerDay"] == 4_000


def test_it_is_looked_at_every_two_seconds_and_a_dozen_times_at_least():
    assert (soak_plan(10.0).looks, soak_plan(10.0).interval_seconds) == (300, 2.0)
    assert soak_plan(0.1).looks == 12


def test_two_minutes_are_long_enough_to_judge_flatness():
    assert soak_plan(2.0).is_long_enough
    assert not soak_plan(1.9).is_long_enough
