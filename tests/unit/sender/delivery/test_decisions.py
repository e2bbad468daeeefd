"""What follows from each outcome, under each policy."""

import dataclasses
import random

import pytest

from sender.delivery.decisions import (
    Activated,
    FailedForGood,
    History,
    RetryAt,
    StopExport,
    Uncertain,
    decide,
)
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS, POLICIES
from sender.transport.outcomes import (
    Answered,
    Impossible,
    Lost,
    NotConnected,
)

NOW = 1_000_000.0
RNG = random.Random(7)


def decided(policy, outcome, attempts=1, first_failed_at=None, now=NOW):
    return decide(policy, History(attempts, first_failed_at), outcome, now, random.Random(7))


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_activates(policy, status):
    assert decided(policy, Answered(status)) == Activated()


@pytest.mark.parametrize("status", [403, 408, 409, 429, 500, 502, 503, 504])
def test_best_effort_retries_its_statuses_15_and_30_seconds_after_the_first_failure(status):
    outcome = Answered(status)
    assert decided(ADOBE_BEST_EFFORT, outcome) == RetryAt(NOW + 15)
    again = decided(ADOBE_BEST_EFFORT, outcome, attempts=2, first_failed_at=NOW - 15)
    assert again == RetryAt(NOW + 15)


@pytest.mark.parametrize("status", [403, 408, 409, 429, 500, 502, 503])
def test_best_effort_drops_the_activation_after_two_retries(status):
    last = decided(ADOBE_BEST_EFFORT, Answered(status), attempts=3, first_failed_at=NOW - 30)
    assert last == FailedForGood(str(status), f"the destination answered {status}")


@pytest.mark.parametrize("status", [400, 402, 406, 411, 413, 415, 420, 422, 501, 505])
def test_best_effort_retries_nothing_else(status):
    assert isinstance(decided(ADOBE_BEST_EFFORT, Answered(status)), FailedForGood)


@pytest.mark.parametrize("outcome", [Lost("no answer in time"), Answered(504)])
def test_a_message_whose_last_answer_was_lost_is_uncertain(outcome):
    last = decided(ADOBE_BEST_EFFORT, outcome, attempts=3, first_failed_at=NOW - 30)
    assert isinstance(last, Uncertain)


def test_a_lost_answer_that_was_not_the_last_leaves_no_uncertainty_to_a_refusal():
    last = decided(ADOBE_BEST_EFFORT, Answered(500), attempts=3, first_failed_at=NOW - 30)
    assert isinstance(last, FailedForGood)


@pytest.mark.parametrize(
    ("status", "retried"),
    [(420, True), (429, True), (500, False), (501, True), (503, True), (403, False)],
)
def test_configurable_retries_420_429_and_above_500_after_30_minutes(status, retried):
    decision = decided(ADOBE_CONFIGURABLE, Answered(status))
    assert decision == RetryAt(NOW + 1800) if retried else isinstance(decision, FailedForGood)


@pytest.mark.parametrize(
    "outcome",
    [
        Lost("reset"),
        NotConnected("refused"),
        Answered(429),
        Answered(500),
        Answered(503),
        Answered(599),
        Answered(408),
    ],
)
def test_lossless_sends_again_whatever_may_be_sent_again(outcome):
    decision = decided(LOSSLESS, outcome)
    assert isinstance(decision, RetryAt)
    assert NOW <= decision.instant <= NOW + 0.5


def test_lossless_backs_off_up_to_a_minute_with_full_jitter():
    delays = [
        decide(LOSSLESS, History(40, NOW), Answered(500), NOW, RNG).instant - NOW
        for _ in range(500)
    ]
    assert 0 <= min(delays) < 5
    assert 55 < max(delays) <= 60


def test_lossless_parks_a_message_after_a_day():
    day = 24 * 3600
    decision = decided(LOSSLESS, Answered(500), attempts=900, first_failed_at=NOW - day - 1)
    assert isinstance(decision, FailedForGood)
    lost = decided(LOSSLESS, Lost("reset"), attempts=900, first_failed_at=NOW - day - 1)
    assert isinstance(lost, Uncertain)


@pytest.mark.parametrize(
    ("header", "delay"),
    [("90", 90), ("Mon, 12 Jan 1970 13:48:10 GMT", 90), ("Mon, 12 Jan 1970 13:48:10 -0000", 90)],
)
def test_lossless_honours_retry_after_in_seconds_or_as_a_date(header, delay):
    assert decided(LOSSLESS, Answered(429, header)) == RetryAt(NOW + delay)


@pytest.mark.parametrize("header", ["86400", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_of_more_than_an_hour_waits_an_hour(status, header):
    assert decided(LOSSLESS, Answered(status, header)) == RetryAt(NOW + 3600)


def test_adobe_does_not_honour_retry_after():
    assert decided(ADOBE_BEST_EFFORT, Answered(429, "90")) == RetryAt(NOW + 15)


HOPELESS = [
    (Answered(401), "QUALTRICS_API_TOKEN", False),
    (Answered(404), "the URL is wrong, or its workflow is a draft", True),
    (Answered(404), "or it is disabled", True),
    (Answered(405), "POST", True),
    (Answered(410), "gone", True),
    (Answered(400, error_code="ATP_2"), "ATP_2", False),
    (Answered(302, location="https://elsewhere.example/x"), "elsewhere.example", True),
    (Answered(308), "redirects (status 308)", True),
]


@pytest.mark.parametrize(("outcome", "says", "url_in_doubt"), HOPELESS)
def test_a_hopeless_answer_stops_a_lossless_export(outcome, says, url_in_doubt):
    decision = decided(LOSSLESS, outcome)
    assert isinstance(decision, StopExport)
    assert says in decision.reason
    assert decision.url_in_doubt is url_in_doubt


@pytest.mark.parametrize("policy", [ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE], ids=lambda p: p.name)
@pytest.mark.parametrize("outcome", [outcome for outcome, _, _ in HOPELESS])
def test_adobe_drops_a_message_with_a_hopeless_answer_and_goes_on(policy, outcome):
    assert isinstance(decided(policy, outcome), FailedForGood)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Answered(407), "proxy"),
        (Impossible("TLS failed: unknown authority"), "unknown authority"),
    ],
)
def test_what_is_wrong_on_this_machine_stops_every_export(policy, outcome, says):
    decision = decided(policy, outcome)
    assert isinstance(decision, StopExport)
    assert says in decision.reason
    assert not decision.url_in_doubt


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_refusal_of_one_message_fails_that_message_only(status):
    outcome = Answered(status, error_code="E_1", description="too large")
    assert decided(LOSSLESS, outcome) == FailedForGood("E_1", "too large")


class Longest(random.Random):
    """Chance that always gives the longest wait."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_the_longest_wait_of_a_backoff_doubles_with_each_attempt_up_to_its_bound():
    waits = [
        decide(LOSSLESS, History(attempts), Answered(503), NOW, Longest()).instant - NOW
        for attempts in (1, 2, 3, 4, 200)
    ]
    assert waits == [0.5, 1, 2, 4, 60]


SOON = dataclasses.replace(LOSSLESS.retries, gives_up_throttled_after_seconds=100.0)
GIVES_UP = dataclasses.replace(LOSSLESS, retries=SOON)


@pytest.mark.parametrize(("status", "seconds"), [(503, 86_400.0), (429, 100.0)])
def test_the_last_attempt_is_made_exactly_when_the_policy_gives_up(status, seconds):
    def after(passed: float) -> object:
        return decided(GIVES_UP, Answered(status), attempts=3, first_failed_at=NOW - passed)

    assert after(seconds - 0.001).instant == pytest.approx(NOW + 0.001, abs=1e-6)
    assert not isinstance(after(seconds), RetryAt)


def test_a_destination_that_was_down_for_the_whole_time_stops_the_export_and_says_why():
    outcome = NotConnected("refused")
    found = decided(LOSSLESS, outcome, attempts=3, first_failed_at=NOW - 86_400)
    assert isinstance(found, StopExport)
    assert found.reason.endswith(": refused")
