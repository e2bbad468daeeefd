import re

import pytest

from loadtests import charts
from loadtests.soak.findings import findings
from loadtests.soak.soak_page import panels_of, soak_page
from support.soaks import soak


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.decode()))


def page_of(observed) -> bytes:
    return soak_page(observed, findings(observed))


@pytest.fixture(scope="module")
def page() -> bytes:
    return page_of(soak(2.0))


def test_the_page_says_first_whether_all_is_well(page):
    assert words(page).count("Flat, and nothing lost") == 2


def test_the_page_says_first_if_not_all_is_well(monkeypatch):
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    assert words(page_of(soak(left=("python",)))).count("Not all is well") == 2


def test_the_page_says_what_was_judged_and_what_was_loaded(page):
    text = words(page)
    for part in (
        "for 2 minutes from 2026-01-02 03:04:05 UTC on, with 20 messages a second",
        "flat: memory passed 80 MB in the middle third",
        "no process is left passed nothing",
        "reset-after-journal, truncate",
    ):
        assert part in text


def test_the_page_needs_nothing_else(page):
    assert b"<script" not in page
    assert not re.findall(rb'(?:src|href)="(?!#)', page)
    assert page.count(b"<svg") == 1


def test_there_is_a_chart_for_the_process_the_files_and_each_latency():
    titles = [panel.title for panel in panels_of(soak(0.1))]
    assert titles == [
        "memory, in MB",
        "threads and descriptors",
        "files, in MB",
        "processor for each call, in ms",
        "answer to a health check, in ms",
        "p50 of calls, in ms",
        "p95 of calls, in ms",
    ]


def test_a_soak_without_a_look_or_a_result_has_no_charts():
    unseen = soak(0.1, samples=(None, None, None), results={"slow": None})
    assert list(panels_of(unseen)) == []
    assert b"<svg" not in page_of(unseen)


def test_without_matplotlib_the_page_says_how_to_have_charts(monkeypatch):
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    assert "a chart needs matplotlib" in words(page_of(soak(0.1)))
