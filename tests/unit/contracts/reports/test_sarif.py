"""SARIF 2.1.0, as the standard and code scanning demand it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from contracts.reports import sarif
from contracts.reports.sarif import Finding, sarif_json

RULES = {"dataflow": "A file has the form of the schema dataflow.", "readable-file": "Readable."}
TOP = {"$schema", "version", "runs"}
RUN = {"tool", "invocations", "columnKind", "results"}
DRIVER = {"name", "version", "semanticVersion", "rules"}
RULE = {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
RESULT = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"}


def run_of(folder: Path, *findings: Finding) -> dict[str, Any]:
    document = json.loads(sarif_json("validate", RULES, findings, folder))
    assert set(document) == TOP
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def result_of(folder: Path, file: str, line: int | None, text: str = "wrong") -> dict[str, Any]:
    (result,) = run_of(folder, Finding("dataflow", file, line, text))["results"]
    assert isinstance(result, dict)
    return result


def place_of(folder: Path, file: str) -> str:
    (location,) = result_of(folder, file, 1)["locations"]
    address = location["physicalLocation"]["artifactLocation"]["uri"]
    assert isinstance(address, str)
    return address


def test_a_report_has_all_that_a_code_host_demands_and_nothing_that_the_standard_lacks(tmp_path):
    run = run_of(tmp_path, Finding("readable-file", "a.json", None, "is empty"))
    assert set(run) == RUN
    driver = run["tool"]["driver"]
    assert set(driver) == DRIVER
    assert all(set(rule) == RULE for rule in driver["rules"])
    (result,) = run["results"]
    assert set(result) == RESULT
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "readable-file"
    assert result["message"] == {"text": "is empty"}
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert run["invocations"][0]["executionSuccessful"] is True


def test_files_without_problems_are_a_run_without_results(tmp_path: Path):
    assert run_of(tmp_path)["results"] == []


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a.json", "a.json"),
        ("./deep/../a.json", "a.json"),
        ("with blank/é#?.json", "with%20blank/%C3%A9%23%3F.json"),
        ("a\x1bb", "a%5Cu001bb"),
        ("-", "stdin"),
        ("/elsewhere/a b.json", "file:///elsewhere/a%20b.json"),
    ],
)
def test_a_file_has_the_same_address_in_every_run(tmp_path: Path, file: str, address: str):
    (tmp_path / "deep").mkdir()
    assert place_of(tmp_path, file) == address
    assert urlsplit(address).query == ""


def test_an_absolute_path_below_the_folder_is_made_relative(tmp_path: Path):
    assert place_of(tmp_path, str(tmp_path / "x" / "a.json")) == "x/a.json"


def test_a_problem_has_the_same_fingerprint_on_another_line_and_another_in_another_file(tmp_path):
    prints = [
        result_of(tmp_path, file, line)["partialFingerprints"]["violation/v1"]
        for file, line in (("a.json", 1), ("a.json", 7), ("b.json", 1))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_a_text_shows_no_secret_and_makes_no_link(tmp_path: Path):
    text = result_of(tmp_path, "a.json", 1, "dave@example.com token=PLACEHOLDER [x](1)\x1b")
    assert text["message"]["text"] == "d***@e***.com token=*** [x\\](1)\\u001b"


def test_what_a_code_host_would_not_show_is_counted(tmp_path: Path, monkeypatch):
    assert sarif.MOST_RESULTS == 5_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = run_of(tmp_path, *[Finding("dataflow", "a.json", 1, "wrong")] * 5)
    assert len(run["results"]) == 2
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "3 results more are left out."
