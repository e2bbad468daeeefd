"""The JSON of a forecast: the names that programs rely on, and sums that balance."""

from loadtests.commands.plan_json import document, mapping_of
from loadtests.commands.plan_results import Reading, Result, result_of, without_restated
from loadtests.planning import Plan, forecast

NAMES = {  # interface.md
    "profiles",
    "delivered",
    "deliveredByTry",
    "dropped",
    "blockedByDailyCap",
    "finishedAtSeconds",
    "seed",
    "excluded",
    "uncertain",
    "duplicates",
}


def result(seeds=1, **settings: object) -> Result:
    settings = {"profiles": 100, "arrival_rate": 10.0, "limit_per_minute": 30, **settings}
    plan = Plan(**settings)
    return result_of(plan, Reading(profiles=plan.profiles), seeds, "exact")


def test_a_forecast_has_the_names_that_programs_rely_on():
    found = document([result(seed=7)], by_rate=False)
    assert found.keys() >= NAMES
    assert (found["profiles"], found["seed"], found["arrivalRate"]) == (100, 7, 10.0)
    assert found["delivered"] == sum(found["deliveredByTry"]) == 30
    assert found["dropped"] == found["droppedByCode"]["429"] == found["lost"] == 70
    assert len(found["deliveredByTry"]) == 3
    assert found["band"] is found["triggerOff"] is None


def test_without_a_rate_there_is_a_list():
    found = document([result(), result(arrival_rate=1.0)], by_rate=True)
    assert [each["arrivalRate"] for each in found["byArrivalRate"]] == [10.0, 1.0]


def test_days_are_counted_from_one():
    found = mapping_of(result(runs_per_day=10))
    assert (found["blockedByDay"], found["blockedByDailyCap"]) == ({"1": 20}, 20)


def test_exclusions_are_counted_in_all_and_by_reason():
    excluded = {"hashed e-mail": 2, "no mapped identity": 3}
    found = mapping_of(result(excluded=excluded, oversized=frozenset({1})))
    assert (found["excluded"], found["excludedByReason"]) == (5, excluded)
    assert found["oversized"] == found["droppedByCode"]["413"] == 1


def test_restated_values_have_beside_them_what_the_trigger_saves():
    found = mapping_of(result(days=3, restated_daily=0.5))
    off = forecast(Plan(profiles=100, arrival_rate=10.0, limit_per_minute=30))
    assert found["messages"] == 200
    assert found["peopleSurveyedAgain"] > 0
    assert found["triggerOff"] == {
        "messages": 100,
        "messagesSaved": 100,
        "peopleSurveyedAgain": 0,
        "lost": off.lost,
        "finishedAtSeconds": off.finished_at_seconds,
    }


def test_a_plan_without_restated_values_is_of_one_day():
    plan = Plan(profiles=10, arrival_rate=1.0, days=2, restated_daily=0.5)
    assert without_restated(plan) == Plan(profiles=10, arrival_rate=1.0)


def test_what_is_assumed_is_said_to_be_assumed():
    by_fact = {each["fact"]: each for each in mapping_of(result())["assumptions"]}
    assert by_fact["Q-LIM-5"]["grade"] == "assumed"
    assert by_fact["A-EXP-8"]["grade"] == "documented"
    assert by_fact["A-RTRY-3"]["text"]


def test_many_seeds_have_a_band_of_each_figure():
    band = mapping_of(result(seeds=5, fault_ratio=0.3))["band"]
    assert band["seeds"] == 5
    assert band["blockedByDailyCap"]["high"] == 0
    lost = band["lossShare"]
    assert lost["minimum"] <= lost["low"] <= lost["median"] <= lost["high"] <= lost["maximum"]
