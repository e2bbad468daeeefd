"""How long a connector waits before it sends a refused message again."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.spacing import check_gaps
from contracts.conformance.scenario import Scenario
from support.recordings import call, message, recorded

MEDIAN = catalogue()["waits-before-a-retry"]
EACH = catalogue()["retry-after-on-429"]


def said(scenario: Scenario, *waits: float, status: int = 503):
    messages = [message(f"person-{number}") for number in range(len(waits))]
    calls = [call(each, status) for each in messages]
    calls += [
        call(each, at=wait, request_id=f"after-{wait}")
        for each, wait in zip(messages, waits, strict=True)
    ]
    return list(check_gaps(scenario, recorded(calls, messages)))


def test_one_short_wait_among_longer_ones_is_taken_for_chance():
    assert said(MEDIAN, 0.001, 0.5, 0.9) == []


def test_a_median_that_is_too_short_is_told():
    assert said(MEDIAN, 0.001, 0.02, 0.9) == [
        (
            "request after-0.02 came 0.020 s after the refused call of the same message, "
            "the median, expected at least 0.1 s; that call was answered 503"
        )
    ]


def test_each_wait_must_be_as_long_as_retry_after_says():
    assert said(EACH, 2.1, 1.2, status=429) == [
        (
            "request after-1.2 came 1.200 s after the refused call of the same message, "
            "expected at least 1.95 s; that call was answered 429"
        )
    ]


def test_a_wait_that_was_asked_for_is_told():
    ada = message("ada")
    calls = [call(ada, 429, retry_after="2", run_ids=()), call(ada, at=1.0, request_id="it")]
    (sentence,) = check_gaps(EACH, recorded(calls, [ada]))
    assert sentence.endswith("; that call was answered 429 with Retry-After: 2")


@pytest.mark.parametrize("scenario", [MEDIAN, EACH])
def test_a_second_call_after_an_accepted_one_is_no_retry(scenario):
    assert said(scenario, 0.0, status=202) == []
