"""The policies as data."""

import dataclasses
import datetime as dt

import pytest

from sender.errors import ConfigurationError
from sender.policies import (
    ADOBE_BEST_EFFORT,
    ADOBE_CONFIGURABLE,
    LOSSLESS,
    POLICIES,
    BackoffRetries,
    ScheduledRetries,
    policy_named,
)


def test_an_unknown_policy_is_named_with_those_there_are():
    with pytest.raises(
        ConfigurationError, match="'fast' is unknown; expected one of lossless, ado"
    ):
        policy_named("fast")


def test_policies_wait_two_seconds_for_a_connection_and_for_an_answer():
    for policy in POLICIES.values():
        assert (policy.connect_timeout_seconds, policy.read_timeout_seconds) == (2, 2)


def test_the_longest_wait_is_what_the_policy_could_ask_for():
    waits = [policy.retries.longest_wait_seconds for policy in POLICIES.values()]
    assert waits == [3600.0, 30.0, 1800.0]
    assert BackoffRetries(10.0, 20.0, 30.0, 40.0).longest_wait_seconds == 40.0


def test_a_policy_says_which_page_it_follows_and_of_which_date():
    page = "rate-limiting-retry-policy.md"
    dated = dataclasses.replace(ADOBE_BEST_EFFORT, page_date=dt.date(2026, 3, 1))
    assert dated.follows == f"{page}, of 2026-03-01"
    assert [p.follows for p in (ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS)] == [
        f"{page}, date unknown",
        f"{page}, date unknown",
        "",
    ]


@pytest.mark.parametrize("seconds", [(), (15.0,), (15.0, 30.0), (1.0, 2.0, 4.0, 8.0, 16.0)])
def test_a_schedule_has_any_number_of_retries(seconds):
    for policy in (ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE):
        assert policy.retrying_after(seconds).retries == ScheduledRetries(seconds)


@pytest.mark.parametrize(
    "seconds",
    [(0.0,), (-1.0,), (30.0, 15.0), (15.0, 15.0), (float("nan"),), (15.0, float("inf"))],
)
def test_a_schedule_that_is_not_positive_finite_and_ascending_is_refused(seconds):
    with pytest.raises(ConfigurationError, match="positive, finite, each greater"):
        ADOBE_BEST_EFFORT.retrying_after(seconds)


def test_a_lossless_policy_takes_no_schedule_and_says_why():
    with pytest.raises(ConfigurationError, match="until a message is delivered or given up"):
        LOSSLESS.retrying_after([15.0])
