"""The page of a plan, which needs nothing else."""

import re
from html.parser import HTMLParser

import pytest

from loadtests import charts
from loadtests.commands.output.plan_page import plan_page
from loadtests.commands.plan_results import Reading, Result
from loadtests.planning import Forecast, Plan, Timeline
from loadtests.planning.comparison import Comparison, Figure
from loadtests.planning.proposals import NotFound

COMMAND = "qualtrics-load plan --profiles 103 --html plan.html"
HOSTILE = "<script>alert(1)</script>&\x1b[2J"


class Page(HTMLParser):
    """Collects the tags of a page, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.words += data + "\n"


def result(rate: float = 10.0) -> Result:
    plan = Plan(profiles=100, arrival_rate=rate, excluded={HOSTILE: 3})
    forecast = Forecast(
        plan=plan,
        messages=100,
        delivered_by_try=(30, 0, 0),
        dropped_by_code={"429": 70},
        timeline=Timeline(bin_seconds=1.0, arrivals=[100]),
    )
    comparison = Comparison((Figure("identitiesFailed", 70, 60),), (f"a note {HOSTILE}",))
    missing = NotFound(kind="limit", loss_at_most=0.0, reason=f"none {HOSTILE}")
    reading = Reading(profiles=103)
    return Result(forecast=forecast, reading=reading, asked=missing, comparison=comparison)


@pytest.fixture(autouse=True)
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "is_installed", lambda: False)


def test_the_page_has_the_forecast_the_advice_and_the_comparison():
    words = Page(plan_page([result()], COMMAND, by_rate=False)).words
    for text in ("103 profiles", "30 (30.0 %)", "10 a second", "Limit needed", "70 answered 429"):
        assert text in words
    assert "the run had 14.3 % less" in words
    assert "What this rests on" in words
    assert "Q-LIM-5\nassumed\n" in words


def test_the_page_says_what_was_planned_and_how_it_is_made_again():
    words = Page(plan_page([result()], COMMAND, by_rate=False)).words
    assert "Limit\n" in words
    assert "3,000 calls a minute, sliding window" in words
    assert COMMAND in words


def test_tables_have_heads_and_grades_are_explained():
    words = Page(plan_page([result()], COMMAND, by_rate=False)).words
    assert "Nothing found: no limit with which nothing is lost" in words
    assert "Proposal\nWhat\nWhy\n" in words
    for grade in ("documented by", "observed in", "assumed, because", "house, a means"):
        assert grade in words


def test_the_page_asks_for_nothing_and_runs_nothing():
    page = Page(plan_page([result()], COMMAND, by_rate=False))
    assert page.links == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    source = plan_page([result()], COMMAND, by_rate=False).decode()
    assert "default-src 'none'" in source
    assert not re.search(r"https?://|url\(|@import", source)


def test_texts_of_others_are_escaped():
    source = plan_page([result()], COMMAND, by_rate=False).decode()
    assert source.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;\\u001b[2J") == 3
    assert "\x1b" not in source


def test_each_rate_has_a_column_and_its_own_advice():
    words = Page(plan_page([result(10.0), result(1_000.0)], COMMAND, by_rate=True)).words
    assert words.count("At 10 a second\n") == 2
    assert words.count("At 1,000 a second\n") == 2
    assert words.count("Q-LIM-5\n") == 1
    assert words.count("evenly spaced, 10 a second") == 1
    assert words.count("evenly spaced, 1,000 a second") == 1


def test_without_matplotlib_the_page_says_how_to_get_a_chart():
    words = Page(plan_page([result()], COMMAND, by_rate=False)).words
    assert "pip install 'mock-qualtrics[load]'" in words


def test_the_page_fits_on_a_phone_on_paper_and_in_the_dark():
    source = plan_page([result()], COMMAND, by_rate=False).decode()
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in source
    assert "prefers-color-scheme: dark" in source
    assert "@media print" in source
    assert source.count('<div class="wide">') == source.count("<table")
