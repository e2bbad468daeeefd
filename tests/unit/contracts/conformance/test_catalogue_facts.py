"""Each scenario says what it tries, rests on facts of the ledger, and can convict somebody."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.scenario import Expectations, Scenario
from contracts.fidelity import behaviours

SCENARIOS = [pytest.param(scenario, id=name) for name, scenario in catalogue().items()]
FACTS = {behaviour.id for behaviour in behaviours()}
LONGEST_PURPOSE = 120
CLAIMS = {
    "adobe-retries",
    "continues",
    "interim-answers",
    "lossless",
    "mapping",
    "retries",
    "retry-after",
    "timeouts",
}
RETRIED = (403, 408, 409, 429, 500, 502, 503, 504)
NEVER_RETRIED = (400, 401, 404, 413, 415)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_rests_on_facts_of_the_ledger(scenario: Scenario):
    assert set(scenario.facts) <= FACTS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_says_what_it_tries_in_one_sentence(scenario: Scenario):
    assert scenario.purpose.endswith(".")
    assert scenario.purpose.count(". ") == 0
    assert len(scenario.purpose) <= LONGEST_PURPOSE


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_has_something_to_deliver_or_expects_no_call(scenario: Scenario):
    assert scenario.sample_count or scenario.profiles or scenario.expect.calls.most == 0


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_duplicate_is_allowed_only_where_an_answer_is_lost_or_late(scenario: Scenario):
    kinds = {fault["kind"] for fault in scenario.faults}
    lost = {"reset-after-journal", "truncate", "wrong-length", "latency"}
    assert scenario.expect.duplicates == "none" or kinds & lost


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_that_takes_any_outcome_still_judges_calls_or_credentials(scenario: Scenario):
    if scenario.expect.delivered == "any":
        assert scenario.expect != Expectations(delivered="any", exit="any")


def test_each_claim_is_one_that_the_documents_explain():
    assert {claim for each in catalogue().values() for claim in each.needs} == CLAIMS


@pytest.mark.parametrize("status", RETRIED)
def test_each_status_that_adobe_retries_is_tried(status: int):
    scenario = catalogue()[f"retried-{status}"]
    assert scenario.faults[0]["status"] == status
    assert scenario.expect.delivered == "all"
    assert "retries" in scenario.needs


@pytest.mark.parametrize("status", NEVER_RETRIED)
def test_each_status_that_must_not_be_retried_is_tried(status: int):
    scenario = catalogue()[f"not-retried-{status}"]
    assert scenario.faults[0]["status"] == status
    assert scenario.expect.calls_each.most == 1
    assert scenario.expect.exit == "failure"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_that_excuses_something_says_so(scenario: Scenario):
    expect = scenario.expect
    if expect.duplicates == "allowed" or expect.exit in ("any", "as-delivered"):
        assert scenario.allows.endswith(".")
