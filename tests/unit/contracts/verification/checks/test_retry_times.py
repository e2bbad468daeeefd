"""Checks of when messages were sent again, and which were given up."""

import pytest

from contracts.verification.checks.retry_times import (
    given_up,
    no_instants,
    no_policy,
    no_retry_after,
    no_schedule,
    pace,
    retry_after,
    schedule,
)
from contracts.verification.retry_rules import (
    ADOBE_BEST_EFFORT,
    ADOBE_CONFIGURABLE,
    ANY_POLICY,
    LOSSLESS,
)
from support.recorded_calls import call, evidence, message


def failing(
    *times: float, rule=ADOBE_BEST_EFFORT, status: int | None = 503, last: int | None = 202
):
    calls = [call(n, at, status=status) for n, at in enumerate(times, 1)]
    calls[-1] = call(len(times), times[-1], status=last)
    return evidence(*calls, rule=rule)


def test_a_retry_waits_as_long_as_the_answer_asks():
    asked = call(1, status=429, retry_after_seconds=2.0, answer_seconds=0.5)
    assert list(retry_after(evidence(asked, call(2, at=2.5)))) == []
    assert list(retry_after(evidence(asked, call(2, at=2.3)))) == []
    (said,) = retry_after(evidence(asked, call(2, at=2.0)))
    assert said.startswith("entry 2: the message of d***@e***.com was sent again after 1.5 s")
    assert said.endswith("though Retry-After at entry 1 asked for 2 s")


def test_adobe_has_its_schedule_and_no_ear_for_retry_after():
    asked = call(1, status=429, retry_after_seconds=60.0)
    assert "schedule" in no_retry_after(evidence(asked, call(2, at=15), rule=ADOBE_BEST_EFFORT))
    assert no_retry_after(evidence(asked, call(2, at=15), rule=LOSSLESS)) == ""
    assert list(retry_after(evidence(asked, call(2, at=15), rule=LOSSLESS)))


def test_calls_of_one_instant_show_no_pause_unless_none_was_sent_again():
    again, other = call(2, status=429), call(3, sent=message("eve@example.com"))
    assert "the same instant" in no_instants(evidence(call(1, status=429), again))
    assert no_instants(evidence(call(1), other)) == ""
    assert no_instants(evidence(call(1, status=429), again, call(3, at=0.001))) == ""


@pytest.mark.parametrize("times", [(0, 15), (0, 15, 30), (0, 14.9, 30.2), (0, 19, 34), (0,)])
def test_retries_on_schedule_are_well(times):
    assert list(schedule(failing(*times))) == []


@pytest.mark.parametrize("times", [(0, 0.5), (0, 14.5), (0, 21), (0, 15, 45), (0, 15, 16)])
def test_retries_off_schedule_are_told(times):
    (said,) = schedule(failing(*times))
    assert "after it failed at entry 1, expected " in said


def test_a_third_retry_is_too_many():
    (said,) = schedule(failing(0, 15, 30, 60))
    assert said.endswith("was sent again 3 times, expected at most 2: 1 too many")


def test_the_schedule_counts_from_when_the_failure_was_known():
    calls = (call(1, status=504, answer_seconds=10.0), call(2, at=25))
    assert list(schedule(evidence(*calls, rule=ADOBE_BEST_EFFORT))) == []


def test_when_an_unanswered_call_failed_is_not_known_so_that_none_is_late():
    assert list(schedule(failing(0, 25, status=None))) == []
    assert list(schedule(failing(0, 5, status=None)))


def test_a_duplicate_is_no_retry():
    assert list(schedule(evidence(call(1), call(2, at=1), rule=ADOBE_BEST_EFFORT))) == []


def test_half_an_hour_may_be_three_minutes_late():
    assert list(schedule(failing(0, 1979, rule=ADOBE_CONFIGURABLE))) == []
    assert list(schedule(failing(0, 1981, rule=ADOBE_CONFIGURABLE)))


def test_only_a_policy_with_a_schedule_is_compared():
    assert no_schedule(evidence(rule=ADOBE_BEST_EFFORT)) == ""
    assert "--policy" in no_schedule(evidence(rule=LOSSLESS))
    assert "--policy" in no_schedule(evidence(rule=ANY_POLICY))


def test_a_lossless_policy_gives_nothing_up_that_may_pass():
    (said,) = given_up(failing(0, 1, 2, rule=LOSSLESS, last=503))
    assert said == "entry 3: the message of d***@e***.com was given up after status 503"
    (said,) = given_up(failing(0, rule=LOSSLESS, last=None))
    assert said.endswith("given up after no answer")


@pytest.mark.parametrize(
    ("times", "is_early"), [((0,), True), ((0, 15), True), ((0, 15, 30), False)]
)
def test_adobe_gives_up_after_two_retries_and_no_sooner(times, is_early):
    assert bool(list(given_up(failing(*times, last=503)))) is is_early


def test_what_was_taken_once_was_not_given_up_whatever_came_later():
    assert list(given_up(evidence(call(1), call(2, 1, status=503), rule=LOSSLESS))) == []


@pytest.mark.parametrize("last", [202, 400, 413])
def test_what_was_taken_or_refused_for_good_was_not_given_up(last):
    assert list(given_up(failing(0, 1, rule=LOSSLESS, last=last))) == []


def test_when_a_message_may_be_given_up_depends_on_the_policy():
    assert no_policy(evidence(rule=LOSSLESS)) == ""
    assert "--policy" in no_policy(evidence())


def test_a_message_may_be_sent_six_times_within_a_second_and_no_more():
    tries = [call(n, at=n / 10, status=503) for n in range(1, 8)]
    assert list(pace(evidence(*tries[:6]))) == []
    (said,) = pace(evidence(*tries, call(8, at=0.81, status=503)))
    assert said == (
        "entry 7: the message of d***@e***.com was sent 7 times within a second, expected at most 6"
    )
    assert list(pace(evidence(*tries[:6], call(7, at=1.2, status=503)))) == []


@pytest.mark.parametrize("status", [400, 401, 404, 413])
def test_after_an_answer_that_forbids_a_retry_no_time_is_asked_for(status):
    refused = failing(0, 0.9, 1, 2, status=status)
    assert list(schedule(refused)) == []
    asked = call(1, status=status, retry_after_seconds=9)
    assert list(retry_after(evidence(asked, call(2, at=1)))) == []


def test_a_schedule_counts_up_to_the_answer_that_forbids_more():
    calls = [call(1, status=503), call(2, at=1, status=400), call(3, at=2, status=400)]
    (said,) = schedule(evidence(*calls, rule=ADOBE_BEST_EFFORT))
    assert "entry 2" in said
