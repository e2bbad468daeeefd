"""``validate`` and its reports."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text('{\n "clock": "slow",\n "limits": {\n  "callsPerMinute": -1}}')
    Path("bad.jsonl").write_text('{}\n{"seed": 1.5}\n{\n')
    Path("good.toml").write_text("seed = 1\n")
    return tmp_path


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["validate", "tenant-settings", *arguments], input=stdin)


def test_sarif_marks_each_problem_at_its_line():
    assert run("bad.json", "bad.jsonl", "good.toml", "--sarif", "out.sarif").exit_code == 1
    results = json.loads(Path("out.sarif").read_text())["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert [
        (place["artifactLocation"]["uri"], place["region"]["startLine"], result["ruleId"])
        for place, result in zip(places, results, strict=True)
    ] == [
        ("bad.json", 2, "tenant-settings"),
        ("bad.json", 4, "tenant-settings"),
        ("bad.jsonl", 2, "tenant-settings"),
        ("bad.jsonl", 3, "readable-file"),
    ]


def test_valid_files_write_sarif_without_results():
    assert run("good.toml", "--sarif", "out.sarif").exit_code == 0
    assert json.loads(Path("out.sarif").read_text())["runs"][0]["results"] == []


def test_the_other_reports_have_a_case_for_each_file_with_its_lines():
    result = run("bad.json", "good.toml", "none.json", "--ctrf", "out.json", "--html", "out.html")
    assert result.exit_code == 2
    tests = json.loads(Path("out.json").read_text())["results"]["tests"]
    assert [(test["name"], test["rawStatus"]) for test in tests] == [
        ("bad.json", "failed"),
        ("good.toml", "passed"),
        ("none.json", "error"),
    ]
    assert "line 4: $.limits.callsPerMinute: found -1, expected at least 0" in tests[0]["trace"]
    assert Path("out.html").exists()


def test_what_is_printed_is_the_same_with_and_without_reports():
    plain, reported = run("bad.json"), run("bad.json", "--junit", "out.xml")
    assert (plain.stdout, plain.stderr) == (reported.stdout, reported.stderr)
    assert plain.stdout.count("bad.json: $.") == 2


def test_standard_input_has_a_line_and_a_name():
    run("-", "--sarif", "out.sarif", stdin='{}\n{"seed": 1.5}\n')
    (result,) = json.loads(Path("out.sarif").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("stdin", 2)


def test_a_sarif_file_that_cannot_be_written_ends_it_before_anything_is_judged(folder: Path):
    result = run("bad.json", "--sarif", str(folder))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a folder; expected a file" in result.stderr


def test_a_report_that_cannot_be_written_in_the_end_is_no_success():
    for flag in ("--sarif", "--junit"):
        result = run("good.toml", flag, "/dev/full")
        assert result.exit_code == 5
        assert "error: /dev/full: cannot be written: No space left on device" in result.stderr
        assert run("bad.json", flag, "/dev/full").exit_code == 1
