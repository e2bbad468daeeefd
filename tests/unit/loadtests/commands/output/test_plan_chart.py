"""Which file a chart goes to, looked at before anything is computed."""

from pathlib import Path

import click
import pytest

from loadtests import charts
from loadtests.commands.output.plan_chart import calls_of, check_files
from loadtests.planning import Plan, forecast


@pytest.mark.parametrize("name", ["chart.PNG", "chart.svg", "a.b.html", "new/folder/chart.png"])
def test_an_ending_names_the_format(tmp_path: Path, name: str):
    check_files(str(tmp_path / name), None, [])


@pytest.mark.parametrize("name", ["chart.pdf", "chart", "chart.svgz", ""])
def test_another_ending_is_refused(tmp_path: Path, name: str):
    with pytest.raises(
        click.UsageError, match=r"expected a name that ends in \.png, \.svg, \.html"
    ):
        check_files(str(tmp_path / name), None, [])


def test_without_the_extra_a_chart_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    with pytest.raises(click.UsageError, match=r"^--chart: charts need matplotlib: install"):
        check_files(str(tmp_path / "chart.svg"), None, [])
    check_files(None, str(tmp_path / "page.html"), [])


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(click.UsageError, match="is a file; expected a folder"):
        check_files(str(file / "chart.png"), None, [])
    (tmp_path / "page.html").mkdir()
    with pytest.raises(click.UsageError, match="is a folder"):
        check_files(None, str(tmp_path / "page.html"), [])


def test_the_chart_and_the_page_are_two_files_and_none_that_is_read(tmp_path: Path):
    page = tmp_path / "page.html"
    with pytest.raises(click.UsageError, match="both name this file"):
        check_files(str(page), str(page), [])
    page.touch()
    with pytest.raises(click.UsageError, match="would take its place"):
        check_files(None, str(page), [str(page)])


def test_what_is_drawn_is_the_timeline_against_the_limit():
    plan = Plan(profiles=50, arrival_rate=10.0, limit_per_minute=30, window_seconds=30)
    drawn = calls_of(forecast(plan))
    assert drawn.title == "50 messages at 10 a second, adobe-best-effort"
    assert (drawn.limit, drawn.window_seconds) == (30, 30)
    assert sum(drawn.counts["arrivals"]) == 50
    assert sum(drawn.counts["accepted"]) == 50
