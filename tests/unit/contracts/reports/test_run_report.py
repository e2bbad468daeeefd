"""One run as all reports show it."""

import math
import re
from datetime import UTC, datetime, timedelta

import pytest

from contracts.reports import run_report
from contracts.reports.files import rendered
from contracts.reports.run_report import (
    MOST_CASES,
    MOST_REASONS,
    THE_RUN,
    label,
    lines_of,
    needs_a_look,
    purpose_and_reasons,
    replay_line,
)
from contracts.verdicts import Outcome, Verdict, Verdicts
from support.sample_report import ALL, ERROR, FAILED, KNOWN, PASSED, SKIPPED, sample_report

A_YEAR = 366 * 86_400


def test_the_score_counts_all_cases():
    report = sample_report(*ALL)
    assert report.score == "5 possible, 4 claimed, 1 earned"
    assert report.exit_code == 5
    assert report.trouble is None


@pytest.mark.parametrize(
    ("verdicts", "score"),
    [
        ((PASSED,), "1 of 1 passed"),
        ((PASSED, FAILED, SKIPPED, SKIPPED), "1 of 4 passed, 1 failed, 2 skipped"),
        (ALL, "1 of 5 passed, 2 failed, 1 without a verdict, 1 skipped"),
        ((SKIPPED,), "nothing was judged"),
        ((), "nothing was judged"),
    ],
)
def test_only_scenarios_are_claimed_and_earned(verdicts, score):
    assert sample_report(*verdicts, tool="verify").score == score


def test_json_has_the_names_that_users_rely_on():
    answer = sample_report(PASSED, FAILED).to_mapping("scenarios")
    assert list(answer) == ["possible", "claimed", "earned", "scenarios"]
    assert answer["scenarios"][0] == {
        "name": "happy-path",
        "outcome": "passed",
        "reasons": [],
        "facts": ["Q-LIM-1"],
        "purpose": "All is delivered.",
        "seconds": 1.25,
        "knownFailing": False,
        "folder": None,
        "notes": [],
    }
    assert "d***@e***.com" in answer["scenarios"][1]["reasons"][1]


def test_a_run_that_ended_early_has_no_valid_verdict_and_one_more_case():
    report = sample_report(PASSED, ended_by="interrupted")
    assert report.exit_code == 5
    assert report.to_mapping("checks")["endedBy"] == "interrupted"
    assert report.cases_for_ci[-1] == Verdict(THE_RUN, Outcome.ERROR, ("interrupted",))


def test_a_run_that_judged_nothing_is_not_green_in_any_reader():
    for report in (sample_report(), sample_report(SKIPPED)):
        assert report.exit_code == 1
        assert report.cases_for_ci[-1].outcome is Outcome.FAILED
        assert "nothing was judged" in report.cases_for_ci[-1].reasons[0]


def test_a_failure_that_was_known_is_skipped_for_a_ci_system_and_needs_no_look():
    (case,) = sample_report(KNOWN).cases_for_ci
    assert case.outcome is Outcome.SKIPPED
    assert case.reasons == ("listed as known to fail", "it is lost")
    assert label(KNOWN) == "failed, as known"
    assert [needs_a_look(case) for case in ALL] == [False, True, False, False, True]


def test_reasons_are_counted_when_they_are_too_many():
    for more, said in ((1, "… and 1 reason more"), (2, "… and 2 reasons more")):
        many = tuple(f"reason {number}" for number in range(MOST_REASONS + more))
        (case,) = sample_report(Verdict("x", Outcome.FAILED, many)).cases
        assert case.reasons[-2:] == (f"reason {MOST_REASONS - 1}", said)


def test_of_too_many_cases_those_that_need_a_look_stay():
    many = (Verdict(f"case {number}", Outcome.PASSED) for number in range(MOST_CASES))
    report = sample_report(*many, FAILED, ERROR)
    assert [case.name for case in report.cases[:2]] == ["broken", "retries"]
    assert (report.possible, len(report.cases), report.left_out) == (MOST_CASES + 2, MOST_CASES, 2)


def test_a_case_without_a_name_gets_one_for_readers_demand_it():
    assert sample_report(Verdict(" ", Outcome.PASSED)).cases[0].name == "(no name)"


def test_the_bounds_together_keep_below_what_gitlab_takes():
    longest = run_report.MOST_CASES * (run_report.MOST_REASONS + 2) * 1_100
    assert longest < 30_000_000


def test_the_line_to_replay_a_failure_can_be_typed_as_it_stands():
    assert replay_line("kept/with blank") == "qualtrics-contracts replay 'kept/with blank'"


def test_a_failure_without_a_reason_has_a_text_for_readers_fail_without():
    assert list(lines_of(Verdict("x", Outcome.FAILED))) == ["- no reason is known"]


def test_names_that_become_the_same_are_numbered_for_gitlab_drops_a_second_one():
    names = ["of dave@example.com", "of dora@example.com", "y"]
    cases = sample_report(*(Verdict(name, Outcome.PASSED) for name in names)).cases_for_ci
    assert [case.name for case in cases] == ["of d***@e***.com", "of d***@e***.com (2)", "y"]


def test_a_numbered_name_is_never_one_that_another_case_has():
    names = ["a\u0001", "a\\u0001", "a\\u0001 (2)", "a\\u0001"]
    cases = sample_report(*(Verdict(name, Outcome.PASSED) for name in names)).cases_for_ci
    assert len({case.name for case in cases}) == len(names)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(math.inf, 0), (-math.inf, 0), (math.nan, 0), (-1.0, 0), (1e300, A_YEAR)]
)
def test_a_duration_that_no_format_can_say_is_one_that_all_can(seconds: float, shown: float):
    case = Verdict("a", Outcome.FAILED, ("lost",), seconds=seconds)
    started = datetime(2026, 1, 1, tzinfo=UTC)
    report = run_report.run_report("verify", Verdicts("x", (case,)), started, seconds)
    assert (report.seconds, report.cases[0].seconds) == (shown, shown)
    assert report.ended - started == timedelta(seconds=shown)
    for name in ("junit", "ctrf", "markdown"):
        assert not re.search(rb"\b(inf|nan|infinity)\b", rendered(name, report), re.IGNORECASE)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (FAILED, "After a 429 it is sent again. Found: expected 3 calls, the journal shows 1; "),
        (
            Verdict("a", Outcome.ERROR, ("it ended",), purpose="It is."),
            "It is. No verdict: it ended",
        ),
        (Verdict("a", Outcome.SKIPPED, ("not claimed",), purpose="It is."), "not claimed"),
        (Verdict("a", Outcome.FAILED, ("it lacks",), purpose="it lacks"), "it lacks"),
        (Verdict("a", Outcome.FAILED, ("it lacks",)), "it lacks"),
        (Verdict("a", Outcome.FAILED, (), purpose="It is."), "It is."),
    ],
)
def test_a_message_says_what_is_tried_and_what_was_found(case: Verdict, said: str):
    message = purpose_and_reasons(case)
    assert message.startswith(said) if case is FAILED else message == said


def test_a_purpose_that_is_the_reason_too_is_said_once():
    assert list(lines_of(Verdict("a", Outcome.FAILED, ("it lacks",), purpose="it lacks"))) == [
        "- it lacks"
    ]
