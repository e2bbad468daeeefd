import dataclasses
from types import SimpleNamespace

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.recording import Ending, Recording
from contracts.conformance.scenario import Bounds, Event, Expectations, Scenario
from contracts.counterexamples.smallest_scenario import all_profiles, smallest, with_profiles

SCENARIO = Scenario("lost", "All arrive.", ("A-MSG-1",), sample_count=10)
LOST = ("1 of 10 messages started no run; …",)


def tried(*reasons: str, seconds: float = 0.0) -> SimpleNamespace:
    return SimpleNamespace(reasons=reasons, recording=Recording((), (), Ending(0, "", seconds)))


def names(scenario: Scenario) -> list[str]:
    return [profile["_id"] for profile in scenario.profiles]


class Connector:
    """Loses the profile of one name, and takes a while."""

    def __init__(self, lost: str = "person-00007", seconds: float = 1.0) -> None:
        self.now = 0.0
        self._lost = lost
        self._seconds = seconds
        self.runs = 0

    def __call__(self, scenario: Scenario) -> SimpleNamespace:
        self.now += self._seconds
        self.runs += 1
        is_lost = self._lost in names(scenario)
        return tried(*(LOST if is_lost else ()), seconds=self._seconds)

    def monotonic(self) -> float:
        return self.now


def shrunk(scenario: Scenario, connector: Connector, seconds: float = 100, *reasons: str):
    first = tried(*(reasons or LOST), seconds=1.0)
    return smallest(scenario, first, connector, connector, seconds)


def test_the_one_profile_that_is_lost_is_left():
    found, run = shrunk(SCENARIO, Connector())
    assert names(found) == ["person-00007"]
    assert run.reasons == LOST


def test_no_run_begins_for_which_there_may_be_no_time():
    connector = Connector()
    shrunk(SCENARIO, connector, 3.0)
    assert connector.runs == 3
    none = Connector()
    found, run = shrunk(SCENARIO, none, 0.5)
    assert (none.runs, len(found.profiles), run.reasons) == (0, 10, LOST)


def test_a_failure_of_another_kind_is_not_taken_for_the_same():
    found, _ = shrunk(SCENARIO, Connector(), 100, "it had not ended after 30.0 s")
    assert len(found.profiles) == 10


def test_a_run_that_makes_no_call_is_not_taken_for_one_that_made_some(call, recording):
    first = SimpleNamespace(reasons=LOST, recording=recording(call()))
    found, run = smallest(SCENARIO, first, Connector(), Connector(), 100)
    assert (len(found.profiles), run) == (10, first)


ENDED_WELL = "it ended with exit code 0, expected another one"
LOST_SOME = f"{ENDED_WELL}: not all was delivered; the first message is …"


@pytest.mark.parametrize(("said", "left"), [(LOST_SOME, 1), (f"{ENDED_WELL}: otherwise", 10)])
def test_an_exit_code_alone_is_shrunk_to_what_is_lost_with_it(said: str, left: int):
    """With fewer messages, of which none is lost, it is right to end well."""

    class EndsWell(Connector):
        def __call__(self, scenario: Scenario) -> SimpleNamespace:
            is_lost = super().__call__(scenario).reasons
            return tried(said if is_lost else ENDED_WELL, seconds=1.0)

    found, _ = shrunk(SCENARIO, EndsWell(), 100, LOST_SOME)
    assert len(found.profiles) == left


@pytest.mark.parametrize(
    "changes",
    [
        {"during": (Event("accepted", 5, "new-token"),)},
        {"expect": Expectations(calls=Bounds(least=6))},
    ],
)
def test_what_takes_a_number_of_messages_keeps_as_many(changes):
    found, _ = shrunk(dataclasses.replace(SCENARIO, **changes), Connector())
    assert len(found.profiles) >= 6
    assert "person-00007" in names(found)


def test_only_messages_that_are_left_can_be_expected():
    expect = Expectations(delivered=("person-00001@example.com", "person-00002@example.com"))
    scenario = dataclasses.replace(SCENARIO, expect=expect)
    two = with_profiles(scenario, all_profiles(scenario)[1:3])
    assert two.expect.delivered == ("person-00002@example.com",)
    assert with_profiles(scenario, all_profiles(scenario)[4:]).expect.delivered == "none"


def test_padded_profiles_stay_as_long_as_they_were():
    for scenario in catalogue().values():
        profiles = all_profiles(scenario)
        assert all_profiles(with_profiles(scenario, profiles)) == profiles
