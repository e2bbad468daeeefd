"""The policies as data."""

import pytest

from sender.errors import ConfigurationError
from sender.policies import POLICIES, BackoffRetries, policy_named


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
