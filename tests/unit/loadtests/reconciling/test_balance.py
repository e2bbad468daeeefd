"""Each line of the balance holds when both sides agree, and fails when one of them is changed."""

from array import array
from dataclasses import replace

import pytest

from loadtests.measuring import NO_ANSWER
from loadtests.reconciling import JournalFacts, SeenCalls, balance
from loadtests.reconciling.journal_facts import Messages
from support.load_results import RUNS, journal

FACTS = journal()
TOTALS = FACTS.totals
SEEN = SeenCalls(calls=4, by_status={202: 3, 429: 1}, delivered=3)


def outcome(facts: JournalFacts = FACTS, seen: SeenCalls = SEEN) -> dict[str, bool | None]:
    return {line.name: line.holds for line in balance(facts, seen)}


def test_all_lines_hold_when_both_sides_agree() -> None:
    assert set(outcome().values()) == {True}


@pytest.mark.parametrize(
    ("facts", "seen", "name"),
    [
        ({"totals": {**TOTALS, "refused": 2}}, {}, "calls of the tenant"),
        ({"totals": {**TOTALS, "succeeded": 2}}, {}, "accepted calls and their runs"),
        ({"totals": {**TOTALS, "received": 5}}, {}, "calls in the journal"),
        ({"calls": 3}, {}, "calls of this run"),
        ({"calls": 5}, {}, "calls of this run"),
        ({"calls_by_status": {202: 3}}, {}, "answers 429"),
        ({}, {"by_status": {202: 4, 429: 1}}, "answers 202"),
        ({"accepted_by_message": array("H", [1, 1, 1, 1])}, {}, "messages"),
        ({}, {"delivered": 4}, "messages"),
        ({"judged": Messages(due=4, runs={**RUNS, "succeeded": 2})}, {}, "runs"),
    ],
)
def test_a_line_fails_when_one_side_is_changed(facts, seen, name) -> None:
    assert outcome(replace(FACTS, **facts), replace(SEEN, **seen))[name] is False


def test_a_call_without_an_answer_may_have_arrived_or_not() -> None:
    unanswered = replace(SEEN, calls=5, by_status={**SEEN.by_status, NO_ANSWER: 1})
    assert outcome(seen=unanswered)["calls of this run"] is True
    arrived = replace(FACTS, calls=5, calls_by_status={**FACTS.calls_by_status, 0: 1})
    assert outcome(arrived, unanswered)["calls of this run"] is True


def test_a_redirect_that_was_followed_is_in_the_journal_alone() -> None:
    redirected = replace(FACTS, calls=5, calls_by_status={**FACTS.calls_by_status, 307: 1})
    lines = {line.name: line for line in balance(redirected, SEEN)}
    assert lines["calls of this run"].holds
    assert ("sent on by a redirect", 1) in lines["calls of this run"].left
    assert ("followed", 1) in lines["answers 307"].left


def test_of_a_journal_that_was_not_read_whole_only_the_totals_are_judged() -> None:
    unknown = outcome(replace(FACTS, is_whole=False))
    assert [name for name, holds in unknown.items() if holds is None] == [
        "calls in the journal",
        "calls of this run",
        "answers 202",
        "answers 429",
        "messages",
        "runs",
    ]
