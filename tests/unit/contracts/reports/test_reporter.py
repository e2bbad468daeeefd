"""A run is reported however it ends."""

import errno
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from contracts.errors import ContractsError
from contracts.reports.reporter import Reporter
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ERROR, FAILED, KNOWN, PASSED, SKIPPED


class StepClock:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 1
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def reporter(folder: Path, *, as_json: bool = False, **environ: str) -> Reporter:
    paths = {"junit": str(folder / "r.xml"), "markdown": str(folder / "r.md")}
    return Reporter(paths, as_json=as_json, environ=environ, clock=StepClock())


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([PASSED], 0),
        ([PASSED, KNOWN, SKIPPED], 0),
        ([PASSED, FAILED], 1),
        ([], 1),
        ([SKIPPED], 1),
        ([PASSED, FAILED, ERROR], 5),
    ],
)
def test_a_run_that_ends_leaves_the_exit_code_of_its_verdicts(tmp_path: Path, verdicts, code):
    reports = reporter(tmp_path)
    with reports.run("conformance", "./connector") as collected:
        collected.add(*verdicts)
    assert reports.exit_code == code
    assert (tmp_path / "r.xml").exists()


def test_a_table_goes_to_standard_output_and_the_score_to_standard_error(tmp_path, capsys):
    with reporter(tmp_path).run("conformance", "./connector") as collected:
        collected.add(PASSED, FAILED)
    out, err = capsys.readouterr()
    first, second = out.splitlines()
    assert first == "passed\thappy-path\t"
    assert second.startswith("failed\tretries\texpected 3 calls, the journal shows 1; a|b <i>x</i>")
    assert second.endswith("; two lines")
    assert err.splitlines() == [
        "retries:",
        "  to replay it: qualtrics-contracts replay kept/retries",
        "conformance: 2 possible, 2 claimed, 1 earned",
    ]


def test_json_goes_to_standard_output_alone(tmp_path, capsys):
    with reporter(tmp_path, as_json=True).run("conformance", "x", cases_key="scenarios") as all_:
        all_.add(PASSED)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["earned"], answer["scenarios"][0]["name"]) == (1, "happy-path")


def test_cases_come_in_the_order_of_the_plan_whenever_they_were_judged(tmp_path, capsys):
    reports = reporter(tmp_path)
    with reports.run("conformance", "x", planned=("retries", "never", "happy-path")) as collected:
        collected.add(PASSED)
        collected.add(FAILED)
    rows = capsys.readouterr().out.splitlines()
    assert [row.split("\t")[1] for row in rows] == ["retries", "never", "happy-path"]
    assert rows[1] == "error\tnever\tnot judged"
    assert reports.exit_code == 5


def test_of_two_verdicts_with_one_name_a_pass_never_hides_a_failure(tmp_path: Path):
    passed = Verdict(FAILED.name, Outcome.PASSED)
    for verdicts in ([FAILED, passed], [passed, FAILED]):
        reports = reporter(tmp_path)
        with reports.run("verify", "x") as collected:
            collected.add(*verdicts)
        assert reports.exit_code == 1


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 3, "interrupted before all was judged; give the same command again"),
        (ContractsError("the mock ended with 1"), 5, "the mock ended with 1"),
        (ZeroDivisionError("oops"), 5, "an error of the harness: ZeroDivisionError: oops"),
    ],
)
def test_a_run_that_is_cut_off_is_reported_with_what_was_judged(
    tmp_path: Path, capsys, error: BaseException, code: int, said: str
):
    def cut_off() -> None:
        planned = ("happy-path", "next")
        with reporter(tmp_path).run("conformance", "x", planned=planned) as collected:
            collected.add(PASSED)
            raise error

    with pytest.raises(SystemExit) as ended:
        cut_off()
    assert ended.value.code == code
    assert f"error: {said}\n" in capsys.readouterr().err
    assert f"**{said.replace('_', '')}**" in (tmp_path / "r.md").read_text()
    xml = (tmp_path / "r.xml").read_text()
    assert 'tests="3" failures="0" errors="2"' in xml
    assert "not judged, for the run ended before" in xml


def test_an_error_of_the_harness_shows_where_it_was(tmp_path: Path, capsys):
    with pytest.raises(SystemExit), reporter(tmp_path).run("conformance", "x"):
        raise ZeroDivisionError
    assert "Traceback" in capsys.readouterr().err


def test_sigterm_which_ci_sends_to_what_it_cancels_is_reported_too(tmp_path: Path):
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with pytest.raises(SystemExit) as ended, reporter(tmp_path).run("conformance", "x"):
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 3
    assert "interrupted" in (tmp_path / "r.xml").read_text()
    assert signal.signal(signal.SIGTERM, before) is signal.SIG_DFL


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC])
def test_an_output_without_reader_or_space_is_left_to_the_command_after_the_reports(
    tmp_path: Path, capsys, number: int
):
    with (
        pytest.raises(OSError, match=os.strerror(number)),
        reporter(tmp_path).run("validate", "x", cases_key=None),
    ):
        raise OSError(number, os.strerror(number))
    assert "the output could not be written" in (tmp_path / "r.md").read_text()
    assert "Traceback" not in capsys.readouterr().err


def test_a_full_disk_within_a_run_is_an_error_of_the_harness(tmp_path: Path):
    with pytest.raises(SystemExit) as ended, reporter(tmp_path).run("conformance", "x"):
        raise OSError(errno.ENOSPC, "full")
    assert ended.value.code == 5


def test_wrong_usage_found_inside_is_no_run(tmp_path: Path):
    with pytest.raises(click.UsageError), reporter(tmp_path).run("conformance", "x"):
        raise click.UsageError("no such scenario")
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_keeps_no_other_from_being(tmp_path: Path, capsys):
    reports = reporter(tmp_path)
    (tmp_path / "r.xml").mkdir()
    with reports.run("conformance", "x") as collected:
        collected.add(PASSED)
    assert reports.exit_code == 5
    assert f"error: {tmp_path}/r.xml: cannot be written: Is a directory" in capsys.readouterr().err
    assert (tmp_path / "r.md").exists()


def test_the_summary_of_the_ci_job_is_added_to_and_said_once(tmp_path: Path, capsys):
    summary = tmp_path / "summary"
    with reporter(tmp_path, GITHUB_STEP_SUMMARY=str(summary)).run("verify", "x") as collected:
        collected.add(PASSED)
    assert capsys.readouterr().err.count(f"added to the job's summary: {summary}\n") == 1
    assert summary.read_text().startswith("## qualtrics-contracts verify: 1 of 1 passed")


def test_a_report_that_is_written_as_the_summary_stands_there_once(tmp_path: Path):
    summary = tmp_path / "r.md"
    with reporter(tmp_path, GITHUB_STEP_SUMMARY=str(summary)).run("verify", "x") as collected:
        collected.add(PASSED)
    assert summary.read_text().count("## qualtrics-contracts verify") == 1


def test_a_summary_that_cannot_be_written_fails_nothing(tmp_path: Path, capsys):
    reports = reporter(tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path))
    with reports.run("verify", "x") as collected:
        collected.add(PASSED)
    assert reports.exit_code == 0
    assert "cannot be written: Is a directory" in capsys.readouterr().err


def test_no_text_of_a_connector_steers_the_terminal_or_shows_a_secret(tmp_path: Path, capsys):
    with reporter(tmp_path).run("conformance", "x") as collected:
        collected.add(Verdict("x\x1b[2J", Outcome.FAILED, ("token=PLACEHOLDER \x1b]0;",)))
    out = capsys.readouterr().out
    assert out == "failed\tx\\u001b[2J\ttoken=*** \\u001b]0;\n"
