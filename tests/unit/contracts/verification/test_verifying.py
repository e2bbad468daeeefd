"""The verdicts of recorded traffic."""

import pytest

from contracts.verdicts import Outcome
from contracts.verification.retry_rules import LOSSLESS, RETRY_RULES
from contracts.verification.traffic import Traffic
from contracts.verification.verifying import CHECK_NAMES, CHECKS, MOST_REASONS, judge
from support.recorded_calls import call, message


def outcomes(verdicts):
    return {verdict.name: verdict.outcome for verdict in verdicts.verdicts}


def failed(verdicts):
    return {verdict.name for verdict in verdicts.of([Outcome.FAILED])}


@pytest.mark.parametrize(
    ("policy", "left"), [("adobe-best-effort", {"retry-after"}), ("lossless", {"retry-schedule"})]
)
def test_good_traffic_passes_every_check_that_can_be_judged(policy, left):
    verdicts = judge(Traffic("a", (call(),)), [message()], RETRY_RULES[policy])
    assert {verdict.name for verdict in verdicts.of([Outcome.SKIPPED])} == left
    assert verdicts.earned == len(CHECKS) - len(left)
    assert verdicts.exit_code == 0


@pytest.mark.parametrize("policy", ["lossless", "adobe-best-effort"])
def test_where_no_time_passed_no_pause_is_judged(policy):
    again = [call(n, status=429, retry_after_seconds=5.0) for n in range(9)]
    verdicts = judge(Traffic("a", (*again, call(9))), rule=RETRY_RULES[policy])
    timed = {"retry-after", "retry-pace", "retry-schedule"}
    assert {outcomes(verdicts)[name] for name in timed} == {Outcome.SKIPPED}
    moved = judge(Traffic("a", (*again, call(9, 0.1))), rule=RETRY_RULES[policy])
    assert failed(moved) & timed


def test_what_cannot_be_judged_is_skipped_with_the_reason_and_not_passed():
    verdicts = judge(Traffic("a", (call(),)))
    skipped = {verdict.name: verdict.reasons for verdict in verdicts.of([Outcome.SKIPPED])}
    assert skipped.keys() == {"retry-schedule", "given-up", "reconciliation"}
    assert all("--" in reason for (reason,) in skipped.values())


def test_nothing_recorded_fails():
    assert judge(Traffic("a", ())).exit_code == 1
    assert failed(judge(Traffic("a", ()))) == {"recorded"}


def test_where_nothing_was_recorded_no_check_of_messages_passes():
    passed = judge(Traffic("a", ()), [message()], LOSSLESS).of([Outcome.PASSED])
    assert {verdict.name for verdict in passed} == set()
    assert failed(judge(Traffic("a", ()), [message()])) == {"recorded", "reconciliation"}


BROKEN = {
    "methods": [call(), call(method="PUT")],
    "media-types": [call(headers={"content-type": "text/xml"})],
    "sizes": [call(body_bytes=200_000)],
    "messages-valid": [call(sent={"identityMap": {}})],
    "plain-identities": [call(sent=message("a" * 32))],
    "credentials": [call(token_in=frozenset({"query"}))],
    "duplicates": [call(1), call(2)],
    "needless-retries": [call(1, status=400), call(2)],
    "retry-after": [call(1, status=429, retry_after_seconds=5.0), call(2, 1.0)],
    "retry-pace": [*(call(n, n / 100, status=503) for n in range(9)), call(9, 1.0)],
    "given-up": [call(1), call(2, sent=message("eve@example.com"), status=429)],
    "reconciliation": [call(1), call(2, sent=message("eve@example.com"))],
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_connector_is_convicted_by_one_check_and_no_other(name):
    messages = [message()] if name == "reconciliation" else None
    assert failed(judge(Traffic("a", tuple(BROKEN[name])), messages, LOSSLESS)) == {name}


def test_a_check_can_be_left_out_and_is_then_skipped():
    verdicts = judge(Traffic("a", tuple(BROKEN["credentials"])), without=["credentials"])
    assert outcomes(verdicts)["credentials"] is Outcome.SKIPPED
    assert verdicts.exit_code == 0


def test_an_unknown_check_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"no check is called 'sise' .*expected .*sizes"):
        judge(Traffic("a", ()), without=["sise"])


def test_a_flood_of_reasons_is_counted():
    calls = tuple(call(n, method="PUT") for n in range(100))
    reasons = {v.name: v.reasons for v in judge(Traffic("a", calls)).verdicts}["methods"]
    assert len(reasons) == MOST_REASONS
    assert reasons[-1] == "and 81 more"
    calls = tuple(call(n, method="PUT") for n in range(MOST_REASONS))
    reasons = {v.name: v.reasons for v in judge(Traffic("a", calls)).verdicts}["methods"]
    assert reasons[-1] == "entry 19: the method is PUT, expected POST"


def test_reasons_are_shown_as_the_traffic_hides_them():
    traffic = Traffic("a", (call(method="SECRET"),), hide=lambda text: text.replace("SECRET", "*"))
    assert "entry 1: the method is *, expected POST" in str(judge(traffic).verdicts)


def test_names_are_unique_and_each_check_says_what_it_tries():
    assert len(set(CHECK_NAMES)) == len(CHECKS)
    assert all(check.purpose.endswith(".") for check in CHECKS)


def test_a_body_that_is_nested_too_deeply_is_told_and_ends_nothing():
    deep = call(
        body=b'{"identityMap": {"Email": [{"id": "a@b.test"}]}, "a": %s}'
        % (b"[" * 3_000 + b"]" * 3_000)
    )
    verdicts = judge(Traffic("a", (deep,)), [message()])
    assert failed(verdicts) == {"messages-valid", "reconciliation"}


def test_where_no_message_would_be_known_again_no_repeat_is_judged():
    unknown = Traffic("a", (call(1, status=503, body=None), call(2, 9.0, body=None)))
    verdicts = judge(unknown, rule=LOSSLESS)
    of_repeats = {"duplicates", "needless-retries", "retry-after", "retry-pace", "given-up"}
    assert {outcomes(verdicts)[name] for name in of_repeats} == {Outcome.SKIPPED}
    known = judge(Traffic("a", (*unknown.calls, call(3, 20.0))), rule=LOSSLESS)
    assert {outcomes(known)[name] for name in of_repeats} == {Outcome.PASSED}


def test_a_body_that_is_no_json_and_comes_again_is_a_needless_retry():
    again = (call(1, status=400, body=b"{oops"), call(2, status=400, body=b"{oops"))
    assert "needless-retries" in failed(judge(Traffic("a", again)))


@pytest.mark.parametrize(
    ("without", "kind", "said"),
    [
        ("credentials", TypeError, "without: found the text 'credentials', expected a list of"),
        (5, TypeError, "without: found int, expected a list of checks"),
        (None, TypeError, "without: found NoneType, expected a list of checks"),
        (["credential"], ValueError, r"'credential' \(did you mean credentials\?\)"),
        (["duplicates", 5], ValueError, "no check is called 5; expected some of recorded, "),
    ],
)
def test_what_is_no_list_of_checks_is_told(without, kind, said):
    with pytest.raises(kind, match=said):
        judge(Traffic("a", ()), without=without)
