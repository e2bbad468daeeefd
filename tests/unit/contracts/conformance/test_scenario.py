"""A scenario's file is read, or refused with what is wrong."""

import re

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.scenario import Bounds, read_scenario
from contracts.errors import ScenarioError

SMALLEST = 'purpose = "Try it."\nfacts = ["Q-LIM-1"]\n'


def test_what_is_left_out_has_its_default():
    scenario = read_scenario("smallest", SMALLEST)
    assert (scenario.url, scenario.token, scenario.dataflow) == ("trigger", "right", "standard")
    assert scenario.expect.delivered == "all"
    assert not scenario.has_wrong_token


def test_expectations_and_events_are_read():
    text = (
        f'{SMALLEST}[[during]]\nafter = {{ accepted = 5 }}\ndo = "new-token"\n'
        '[expect]\ndelivered = ["a@example.com"]\ncalls_each = { most = 3 }\n'
    )
    scenario = read_scenario("read", text)
    assert scenario.expect.delivered == ("a@example.com",)
    assert scenario.expect.calls_each == Bounds(most=3)
    (event,) = scenario.during
    assert (event.count, event.reached, event.action) == ("accepted", 5, "new-token")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("purpose", "the scenario broken: is no TOML"),
        ('purpose = "Try it."', "the scenario broken: $.facts"),
        (f"{SMALLEST}needless = 1", "the scenario broken: $.needless"),
        (
            f'{SMALLEST}[[during]]\nafter = {{ accepteds = 5 }}\ndo = "disable"',
            "the scenario broken: $.during[0].after",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text: str, said: str):
    with pytest.raises(ScenarioError, match=re.escape(said)):
        read_scenario("broken", text)


def test_every_scenario_of_the_suite_can_be_read():
    assert "happy-path" in catalogue()
