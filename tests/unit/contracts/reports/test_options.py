"""The options for reports, on a command as others use them."""

import sys
from pathlib import Path

import click
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
