"""The options for reports, on a command as others use them."""

import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from support.sample_report import FAILED, PASSED


@click.command("judge")
@click.argument("names", nargs=-1)
@report_options
def judge(names: tuple[str, ...], *, reporter: Reporter) -> None:
    """Judge."""
    with reporter.run("judge", " ".join(names)) as collected:
        collected.add(*(verdict for verdict in (PASSED, FAILED) if verdict.name in names))
    sys.exit(reporter.exit_code)


def test_every_report_that_is_asked_for_is_written(tmp_path: Path):
    files = {name: str(tmp_path / name) for name in ("junit", "ctrf", "markdown", "html")}
    flags = [word for name, path in files.items() for word in (f"--{name}", path)]
    result = CliRunner().invoke(judge, [*flags, "happy-path", "retries"])
    assert result.exit_code == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(files)


def test_a_command_without_them_writes_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(judge, ["happy-path"])
    assert (result.exit_code, result.stdout) == (0, "passed\thappy-path\t\n")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_wrong_usage_before_anything_runs(tmp_path: Path):
    good = tmp_path / "good.xml"
    result = CliRunner().invoke(
        judge, ["--junit", str(good), "--html", str(tmp_path), "happy-path"]
    )
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"Error: {tmp_path}: is a folder; expected a file\n" in result.stderr
    assert not good.exists()


def test_the_help_names_each():
    text = CliRunner().invoke(judge, ["--help"]).stdout
    for flag in ("--junit FILE", "--ctrf FILE", "--markdown FILE", "--html FILE", "--json"):
        assert flag in text


@click.command("read")
@click.argument("names", nargs=-1)
@click.option("--har")
@click.option("--sarif")
@report_options
def read(names: tuple[str, ...], *, har: str | None, sarif: str | None, reporter: Reporter) -> None:
    """Read."""


@pytest.mark.parametrize("flag", ["--junit", "--ctrf", "--markdown", "--html", "--sarif"])
@pytest.mark.parametrize("given", [["in"], ["--har", "in"], ["missing", "null\0", "../{}/in"]])
def test_a_report_takes_the_place_of_no_file_that_is_given_to_be_read(
    tmp_path: Path, monkeypatch, flag: str, given: list[str]
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").write_text("x")
    (tmp_path / "link").symlink_to("in")
    for report in ("in", "./in", "link"):
        words = [word.format(tmp_path.name) for word in given]
        result = CliRunner().invoke(read, [*words, flag, report])
        assert result.exit_code == 2
        assert f"{report}: {flag} would take its place, and it is given to be read" in result.stderr
    assert CliRunner().invoke(read, [*given, flag, "out"]).exit_code == 0


def test_the_file_of_sarif_is_a_report_like_others(tmp_path: Path):
    path = str(tmp_path / "out")
    result = CliRunner().invoke(read, ["--sarif", path, "--junit", path])
    assert result.exit_code == 2
    assert "--sarif and --junit both name this file" in result.stderr
