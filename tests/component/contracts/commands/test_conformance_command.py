"""``conformance``: what it takes, lists and refuses, and what a run leaves."""

import json
from pathlib import Path
from typing import Never

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.commands import conformance_command
from contracts.conformance.catalogue import catalogue
from contracts.errors import MockStartError, ScenarioError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("unknown.txt").write_text("happy-pat\n")
    Path("full").mkdir()
    Path("full", "file").touch()
    Path("data.bin").write_bytes(b"\0")
    return tmp_path


@pytest.fixture
def no_mock(monkeypatch) -> None:
    """Let the test fail if anything is run."""

    def start_mock(*_: object, **__: object) -> Never:
        raise MockStartError(1, "not in this test")

    monkeypatch.setattr("contracts.conformance.process.suite_mock.start_mock", start_mock)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no COMMAND: give it behind --, or as command in conformance.toml"),
        (("--", "no-such-program"), "the command 'no-such-program' cannot be started: expected"),
        (("--", "./data.bin"), "the command './data.bin' cannot be started: is not executable"),
        (("--", "data.bin"), "expected a program in PATH, or the path of one, such as ./data.bin"),
        (("--", "./full"), "the command './full' cannot be started: expected a program"),
        (("--scenario", "happy-pat", "--", "true"), "'happy-pat': did you mean happy-path?"),
        (("--scenario", "?", "--", "true"), "there is no scenario '?': --list shows all"),
        (
            ("--without", "retrys", "--", "true"),
            "no scenario needs a claim 'retrys' (did you mean retries?)",
        ),
        (("--known-failing", "unknown.txt", "--", "true"), "unknown.txt:1: there is no scenario"),
        (("--known-failing", "missing.txt", "--", "true"), "missing.txt: cannot be read: No such"),
        (("--known-failing", "", "--", "true"), "is no name of a file"),
        (("--keep", "full", "--", "true"), "full: holds something already; expected a new or"),
        (("--keep", "data.bin", "--", "true"), "data.bin: File exists; expected a new or an empty"),
        (("--keep", "a\0b", "--", "true"), "expected a new or an empty folder"),
        (("--timeout-seconds", "nan", "--", "true"), "'--timeout-seconds'"),
        (("--jobs", "0", "--", "true"), "'--jobs'"),
    ],
)
def test_wrong_usage_is_one_error_before_anything_is_run(no_mock, arguments, said: str):
    result = run(*arguments)
    assert said in result.stderr
    assert result.stderr.count("Error:") == 1
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("without = 3", "conformance.toml: without: expected a list of texts"),
        (
            r'command = ["sh", "a\u0000b"]',
            "conformance.toml: command: expected texts without a null",
        ),
    ],
)
def test_a_broken_declaration_is_refused_with_its_place(no_mock, text, said):
    Path("conformance.toml").write_text(text)
    result = run("--", "true")
    assert said in result.stderr
    assert result.exit_code == 2


def test_a_declaration_that_leads_nowhere_is_not_taken_for_none(no_mock):
    Path("conformance.toml").symlink_to("nowhere")
    result = run("--", "true")
    assert "conformance.toml: cannot be read: No such file" in result.stderr
    assert result.exit_code == 2


def test_a_broken_scenario_of_the_suite_is_an_error_of_the_harness(no_mock, monkeypatch):
    def broken(_: object) -> Never:
        raise ScenarioError("happy-path", "is no TOML")

    monkeypatch.setattr(conformance_command, "chosen", broken)
    result = run("--", "true")
    assert (result.exit_code, result.stderr) == (
        5,
        "error: the scenario happy-path: is no TOML\n",
    )


def test_a_mock_that_does_not_start_is_an_error_of_the_harness(no_mock):
    result = run("--json", "--scenario", "happy-path", "--", "true")
    assert result.exit_code == 5
    (only,) = json.loads(result.stdout)["scenarios"]
    assert (only["name"], only["outcome"]) == ("happy-path", "error")


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        (("no-such", "--scenario", "x", "--fast", "--json"), "--scenario, --json behind COMMAND"),
        (("no-such", "--scenario=x", "--", "y"), "--scenario behind COMMAND"),
        (("no-such", "--fast"), None),
        (("--", "no-such", "--scenario", "x"), None),
        (("--scenario", "happy-path", "--", "no-such", "--json"), None),
    ],
)
def test_an_option_behind_the_command_is_told_to_be_the_connectors(no_mock, words, warned):
    done = run(*words)
    assert (done.exit_code, "warning: " in done.stderr) == (2, warned is not None)
    assert (warned or "") in done.stderr


def test_the_list_names_each_scenario_with_its_claims_and_purpose():
    listed = json.loads(run("--list", "--json").stdout)
    assert [each["name"] for each in listed] == list(catalogue())
    retried = next(each for each in listed if each["name"] == "rate-limited")
    assert retried["claims"] == ["retries"]
    assert retried["purpose"] == catalogue()["rate-limited"].purpose
    lines = run("--list", "--scenario", "rate-limited").stdout.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["rate-limited", "retries"]]


def test_a_run_by_its_files_alone_with_a_known_failure():
    Path("conformance.toml").write_text('command = ["sh", "-c", "exit 3"]\nwithout = ["retries"]\n')
    Path("known.txt").write_text("happy-path # it does not work yet\n")
    names = ("--scenario", "happy-path", "--scenario", "rate-limited")
    result = run(*names, "--known-failing", "known.txt", "--keep", "kept", "--json")
    report = json.loads(result.stdout)
    assert (report["possible"], report["claimed"], report["earned"]) == (2, 1, 0)
    assert [each["outcome"] for each in report["scenarios"]] == ["failed", "skipped"]
    assert result.exit_code == 0
    kept = {str(file) for file in Path("kept").rglob("*") if file.is_file()}
    files = ("calls.jsonl", "dataflow.toml", "messages.jsonl", "output.txt", "profiles.jsonl")
    assert kept == {f"kept/happy-path/{name}" for name in files}
