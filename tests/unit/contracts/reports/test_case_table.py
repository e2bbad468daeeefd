"""The cases of a run on standard output."""

from dataclasses import replace

import pytest

from contracts.reports.case_table import print_cases
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ERROR, FAILED, KNOWN, PASSED, SKIPPED, sample_report


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for module in ("contracts.tables", "contracts.reports.case_table"):
        monkeypatch.setattr(f"{module}.on_terminal", lambda: True)


def test_off_a_terminal_each_case_is_one_line_of_cells_between_tabs(capsys):
    print_cases(sample_report(PASSED, SKIPPED, KNOWN, ERROR))
    assert capsys.readouterr().out.splitlines() == [
        "passed\thappy-path\t",
        "skipped\tmapping\tnot claimed: mapping",
        "failed, as known\tknown\tit is lost",
        "error\tbroken\tthe mock ended",
    ]


def test_off_a_terminal_what_reproduces_a_failure_stands_on_lines_of_its_own(capsys):
    stored = replace(FAILED, reasons=("it is lost",), notes=("it fails with 1 profile", "a\ntest"))
    print_cases(sample_report(PASSED, stored, replace(KNOWN, notes=("not told",))))
    out, err = capsys.readouterr()
    assert out.splitlines()[1] == "failed\tretries\tit is lost"
    assert err.splitlines() == [
        "retries:",
        "  it fails with 1 profile",
        "  a test",
        "  to replay it: qualtrics-contracts replay kept/retries",
    ]


def test_on_a_terminal_what_needs_a_look_follows_the_table_whole(terminal, capsys):
    long = "curl " + "--data 'x' " * 20
    print_cases(
        sample_report(PASSED, SKIPPED, KNOWN, Verdict("x", Outcome.FAILED, (long,)), FAILED)
    )
    table, first, second = capsys.readouterr().out.split("\n\n")
    assert "see below" in table
    assert "curl" not in table
    assert first == f"x: failed\n- {long}"
    lines = second.splitlines()
    assert lines[:3] == [
        "retries: failed",
        "After a 429 it is sent again.",
        "- expected 3 calls, the journal shows 1",
    ]
    assert lines[-1] == "To replay it: qualtrics-contracts replay kept/retries"


def test_on_a_terminal_a_run_without_failures_is_the_table_alone(terminal, capsys):
    print_cases(sample_report(PASSED, KNOWN))
    out = capsys.readouterr().out
    assert "\n\n" not in out
    assert "it is lost" in out
