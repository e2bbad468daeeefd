"""Markdown that shows every text as it is, and is never too large."""

from contracts.reports import markdown as report_in_markdown
from contracts.reports.markdown import MOST_BYTES, markdown
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ALL, FAILED, PASSED, sample_report


def test_the_score_comes_first_then_what_needs_a_look_then_every_case():
    text = markdown(sample_report(*ALL, subject="sh -e connector"))
    assert text.startswith(
        "## qualtrics-contracts conformance: 5 possible, 4 claimed, 1 earned\n\n"
        "Judged: `sh -e connector`\n\n### retries: failed\n\nAfter a 429 it is sent again.\n\n"
        "- expected"
    )
    assert (
        "- To replay it:\n  ```sh\n  qualtrics-contracts replay kept/retries\n  ```\n\n"
        "### broken: error" in text
    )
    assert text.endswith(
        "| known | failed, as known: it is lost | 0.00 |  |\n"
        "| mapping | skipped: not claimed: mapping | 0.00 |  |\n"
        "| broken | error | 0.00 |  |\n"
    )


def test_a_run_that_ended_early_says_so_above_all():
    lines = markdown(sample_report(PASSED, ended_by="the mock ended")).splitlines()
    assert lines[4] == "**the mock ended**"


def test_a_report_that_is_too_large_is_cut_between_its_parts():
    many = [Verdict(f"{number} é", Outcome.FAILED, ("é" * 90,) * 5) for number in range(20)]
    text = markdown(sample_report(*many), 10_000)
    assert 8_000 < len(text.encode()) <= 10_000
    assert text.count("### ") == 10
    assert MOST_BYTES < 1_048_576
    assert text.endswith("The rest is left out: this report would be too large.\n")
    assert len(markdown(sample_report(FAILED), 600).encode()) <= 600


def test_cases_that_are_not_listed_are_counted():
    many = [Verdict(f"case {number}", Outcome.PASSED) for number in range(2_002)]
    assert "\n2 more cases are not listed.\n" in markdown(sample_report(*many))
    assert sample_report(*many[1:]).unlisted == "1 more case is not listed."
    assert sample_report(*many[2:]).unlisted == ""


def test_what_does_not_fit_is_not_made(monkeypatch):
    made = []
    monkeypatch.setattr(report_in_markdown, "_details", lambda case: made.append(case) or "x" * 500)
    markdown(sample_report(*[Verdict(str(n), Outcome.FAILED) for n in range(9)]), 1_500)
    assert len(made) == 3


def test_what_is_to_be_copied_is_code_each_command_in_a_block_of_its_own():
    curl = "cd '/my kept' && curl -sS \"$QUALTRICS_URL\" --data-binary @call-1.body"
    reasons = (f"its last call, as a curl line: {curl}", "$.person.name: expected a text")
    text = markdown(sample_report(Verdict("a/b.toml", Outcome.FAILED, reasons)))
    assert (
        "### `a/b.toml`: failed\n\n"
        f"- its last call, as a curl line:\n  ```sh\n  {curl}\n  ```\n"
        "- `$.person.name`: expected a text\n"
    ) in text
    assert "| `a/b.toml` | failed |" in text


def test_a_purpose_that_is_the_reason_too_is_said_once():
    text = markdown(sample_report(Verdict("a", Outcome.FAILED, ("it lacks",), purpose="it lacks")))
    assert text.count("it lacks") == 1


def test_seconds_have_a_column_only_where_a_case_was_timed():
    assert "| Case | Outcome | Facts |\n|---|---|---|\n" in markdown(
        sample_report(Verdict("sizes", Outcome.PASSED))
    )
    timed = markdown(sample_report(Verdict("sizes", Outcome.PASSED, seconds=0.5)))
    assert "| Case | Outcome | Seconds | Facts |\n|---|---|--:|---|\n| sizes |" in timed
    assert "| 0.50 |" in timed
