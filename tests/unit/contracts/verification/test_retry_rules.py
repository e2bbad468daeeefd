"""The retry policies as verification has them."""

import pytest

from contracts.verification.retry_rules import ANY_POLICY, RETRY_RULES, retry_rule
from sender.policies import POLICIES


@pytest.mark.parametrize("name", POLICIES)
def test_they_are_the_senders_policies(name):
    """Neither package imports the other, so only this test keeps them together."""
    policy, rule = POLICIES[name], RETRY_RULES[name]
    assert [s for s in range(300, 600) if policy.retries_status(s)] == [
        s for s in range(300, 600) if rule.retries(s)
    ]
    times = getattr(policy.retries, "after_first_failure_seconds", None)
    assert (rule.schedule, rule.may_drop) == (times, policy.drops_messages)
    assert rule.honours_retry_after == policy.honours_retry_after


def test_every_policy_of_the_sender_is_there():
    assert RETRY_RULES.keys() == POLICIES.keys()


def test_without_a_policy_only_what_none_allows_is_forbidden():
    assert [s for s in (400, 401, 404, 405, 413, 415) if ANY_POLICY.retries(s)] == []
    assert all(ANY_POLICY.retries(s) for s in (None, 403, 408, 429, 500, 504))
    assert retry_rule(None) is ANY_POLICY


def test_a_schedule_takes_the_place_of_the_policys():
    assert retry_rule("adobe-best-effort", [1.0, 2.0]).schedule == (1.0, 2.0)


@pytest.mark.parametrize(
    ("policy", "schedule", "said"),
    [
        ("patient", None, "'patient' is unknown"),
        ("lossless", [1.0], "one of Adobe's"),
        (None, [1.0], "one of Adobe's"),
        ("adobe-best-effort", [], "counted from the first failure"),
        ("adobe-best-effort", [2.0, 1.0], "greater than the one before"),
        ("adobe-best-effort", [0.0], "counted from the first failure"),
        ("adobe-best-effort", [float("nan")], "counted"),
        ("adobe-best-effort", [float("inf")], "counted"),
    ],
)
def test_a_wrong_policy_or_schedule_is_refused(policy, schedule, said):
    with pytest.raises(ValueError, match=said):
        retry_rule(policy, schedule)
