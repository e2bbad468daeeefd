"""How a command should have ended, and did not."""

import pytest

from contracts.conformance.checks.ending import check_ending
from contracts.conformance.recording import Ending, Recording, Stopped
from contracts.conformance.scenario import Expectations, Scenario


def said(wanted: str, ending: Ending) -> str:
    scenario = Scenario("s", "p", (), expect=Expectations(exit=wanted))
    return "; ".join(check_ending(scenario, Recording((), (), ending)))


@pytest.mark.parametrize(
    ("wanted", "exit_code"), [("success", 0), ("failure", 1), ("failure", -9), ("any", 0)]
)
def test_an_end_as_it_should_be(wanted: str, exit_code: int):
    assert not said(wanted, Ending(exit_code))


@pytest.mark.parametrize(
    ("wanted", "ending", "expected"),
    [
        ("success", Ending(3), "it ended with exit code 3, expected exit code 0"),
        ("success", Ending(-9), "it ended with signal 9, expected exit code 0"),
        ("failure", Ending(0), "it ended with exit code 0, expected another one"),
        ("any", Ending(None, seconds=30, stopped=Stopped.TIME_IS_UP), "not ended after 30.0 s"),
        ("any", Ending(0, left_behind=2), "it left 2 of its processes behind"),
    ],
)
def test_an_end_as_it_should_not_be(wanted: str, ending: Ending, expected: str):
    assert expected in said(wanted, ending)


def test_one_that_goes_on_after_the_scenario_was_decided_is_not_judged_by_its_end():
    assert not said("success", Ending(None, stopped=Stopped.DECIDED))
