"""The command `plan` with what goes beyond a table, in this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loadtests.cli import main

LOSES = ("--profiles", "60", "--arrival-rate", "10", "--limit-per-minute", "20")


def plan(*words: str) -> Result:
    return CliRunner().invoke(main, ["plan", *words])


@pytest.mark.parametrize("kind", ["limit", "batch", "schedule"])
def test_what_is_found_is_the_proposal(kind: str):
    result = plan(*LOSES, "--find", kind, "--loss-at-most", "0.1", "--json")
    proposal = json.loads(result.stdout)["proposal"]
    assert result.exit_code == 0
    assert (proposal["find"], proposal["found"], proposal["lossAtMost"]) == (kind, True, 0.1)
    assert proposal["lossShare"] <= 0.1


def test_a_limit_that_was_found_is_one_with_which_nothing_is_lost():
    found = json.loads(plan(*LOSES, "--find", "limit", "--json").stdout)["proposal"]
    limit = found["limitPerMinute"]
    for less, code in ((0, 0), (1, 4)):
        with_it = (*LOSES[:-1], str(limit - less), "--loss-at-most", "0")
        assert plan(*with_it, "--json").exit_code == code


def test_nothing_found_is_4_and_said():
    result = plan("--profiles", "2000", "--arrival-rate", "1000", "--find", "schedule",
                  "--limit-per-minute", "20")  # fmt: skip
    assert result.exit_code == 4
    assert "at most 120 messages are delivered" in result.stdout
    found = plan(*LOSES, "--find", "limit", "--fault-ratio", "1", "--json")
    assert found.exit_code == 4
    assert json.loads(found.stdout)["proposal"]["found"] is False


def test_without_find_all_proposals_are_there():
    proposals = json.loads(plan(*LOSES, "--json").stdout)["proposal"]
    assert list(proposals) == ["batch", "limit", "schedule", "lossless"]
    nothing_lost = plan("--profiles", "20", "--arrival-rate", "10", "--json")
    assert json.loads(nothing_lost.stdout)["proposal"] == {}


def test_nothing_can_be_looked_for_with_a_policy_that_loses_nothing():
    result = plan(*LOSES, "--policy", "lossless", "--find", "limit")
    assert result.exit_code == 2
    assert "--find: found limit with policy 'lossless'" in result.stderr


def test_a_url_beside_a_number_is_an_error_but_not_the_environment_s(monkeypatch):
    url = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x"
    for typed in (url, ""):
        refused = plan(*LOSES, "--url", typed)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "--profiles with --url: a number of profiles has no files" in refused.stderr
    monkeypatch.setenv("QUALTRICS_URL", url)
    assert plan(*LOSES).exit_code == 0


def test_an_option_without_effect_is_said_on_standard_error_and_changes_nothing():
    without, beside = plan(*LOSES, "--json"), plan(*LOSES, "--json", "--days", "3")
    assert beside.stdout == without.stdout
    assert beside.stderr.startswith("note: --days 3 without --restated-daily")


def test_a_forecast_beside_what_a_run_did(tmp_path: Path):
    report = tmp_path / "run.toml"
    report.write_text("identitiesActivated = 18\nidentitiesFailed = 42\n", "utf-8")
    told = plan(*LOSES, "--against", str(report))
    assert told.exit_code == 0
    assert "identitiesActivated\t20\t18\t-2\t10.0 % less" in told.stdout
    compared = json.loads(plan(*LOSES, "--against", str(report), "--json").stdout)["against"]
    assert compared["equal"] is False
    assert compared["figures"][0]["differenceShare"] == -0.1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("run.json", "{", "is not JSON"),
        ("run.json", "", "is empty"),
        ("run.json", '{"identitiesFailed": -1}', "identitiesFailed: found -1"),
        ("run.jsonl", '{"received": 1}\n{"received": 2}\n', "found 2 documents, expected 1"),
        ("run.toml", "x", "is no TOML"),
        (".", None, "cannot be read: Is a directory"),
    ],
)
def test_what_is_no_report_is_refused_before_anything_is_printed(
    tmp_path: Path, name: str, content: str | None, message: str
):
    path = tmp_path / name
    if content is not None:
        path.write_text(content, "utf-8")
    result = plan(*LOSES, "--against", str(path))
    assert result.exit_code == 2
    assert f"--against {path}" in result.stderr
    assert message in result.stderr
    assert not result.stdout


def test_standard_input_is_read_once(tmp_path: Path):
    dataflow = ("--dataflow", "dataflow.toml", "-", "--format", "jsonl")
    result = plan(*dataflow, "--against", "-")
    assert result.exit_code == 2
    assert "--against - with PROFILES -: standard input can be read once" in result.stderr


def test_a_report_comes_through_a_pipe():
    report = json.dumps({"identitiesActivated": 20})
    result = CliRunner().invoke(main, ["plan", *LOSES, "--against", "-"], input=report)
    assert "The forecast was right to the message." in result.stdout


@pytest.mark.parametrize("option", ["--chart", "--html"])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_computed(
    tmp_path: Path, option: str
):
    (tmp_path / "file").touch()
    result = plan(*LOSES, option, str(tmp_path / "file" / "x.html"))
    assert result.exit_code == 2
    assert "is a file; expected a folder" in result.stderr
    assert not result.stdout


def test_what_cannot_be_written_after_all_is_told_and_takes_nothing_from_what_is_printed():
    result = plan(*LOSES, "--html", "/dev/full")
    assert result.exit_code == 1
    assert "error: /dev/full: cannot be written: No space left" in result.stderr
    assert "Lost in all" in result.stdout


def test_chart_and_page_are_written_and_the_page_has_the_chart(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="the extra load")
    chart, page = tmp_path / "chart.svg", tmp_path / "page.html"
    result = plan(*LOSES, "--chart", str(chart), "--html", str(page))
    assert result.exit_code == 0
    assert "60 messages at 10 a second" in chart.read_text("utf-8")
    assert "currentColor" not in chart.read_text("utf-8")
    source = page.read_text("utf-8")
    assert source.count("<svg ") == 1
    assert "Retry schedule" in source


def test_the_same_plan_gives_the_same_bytes_whatever_its_page_is_called(tmp_path: Path):
    first, again = tmp_path / "first.html", tmp_path / "again.html"
    plan(*LOSES, "--html", str(first))
    plan(*LOSES[2:], "--seed", "0", *LOSES[:2], "--html", str(again), "--json")
    assert first.read_bytes() == again.read_bytes()
    assert "plan --profiles 60 --arrival-rate 10 --limit-per-minute 20 --html" in first.read_text()


def test_a_chart_in_a_page_of_its_own(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="the extra load")
    chart = tmp_path / "chart.html"
    assert plan(*LOSES, "--find", "batch", "--chart", str(chart)).exit_code == 0
    assert chart.read_text("utf-8").startswith("<!doctype html>")
