"""The page of a run."""

import html
import re
from html.parser import HTMLParser

import pytest

from contracts.reports.html_page import html_page
from contracts.reports.run_report import RunReport
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ALL, HOSTILE, KNOWN, PASSED, sample_report

VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads a page, and demands that each element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(report: RunReport) -> Reader:
    reader = Reader()
    reader.feed(html_page(report).decode())
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize(
    "report",
    [
        sample_report(),
        sample_report(*ALL, ended_by=HOSTILE, subject=HOSTILE),
        sample_report(Verdict(HOSTILE, Outcome.FAILED, (HOSTILE,), (HOSTILE,), HOSTILE)),
    ],
)
def test_a_page_needs_nothing_else_and_runs_nothing(report: RunReport):
    reader = read(report)
    assert not {"script", "link", "img", "iframe", "a"} & reader.tags
    assert not {name for name in reader.attributes if name.startswith("on")} | (
        {"src", "href", "style"} & reader.attributes
    )
    source = html_page(report).decode()
    assert "default-src 'none'" in source
    assert not re.search(r"url\(|@import", source)


def test_texts_of_others_are_shown_as_they_are():
    text = read(sample_report(*ALL)).text
    assert "{{ 7 * 7 }} {% endfor %} </section><script>alert(1)</script>" in text
    assert "two\nlines" in text
    assert "\x1b" not in text


def test_a_page_has_the_score_the_reasons_and_how_to_replay():
    text = re.sub(r"\s+", " ", read(sample_report(*ALL, ended_by="the mock ended")).text)
    for part in (
        "5 possible, 4 claimed, 1 earned",
        "Judged./connector",
        "the mock ended",
        "expected 3 calls, the journal shows 1",
        "To replay it: qualtrics-contracts replay kept/retries",
        "skipped: not claimed: mapping",
        "2026-01-01 00:00:12 UTC, after 12.5 s",
    ):
        assert part in text, part


def test_a_page_without_failures_has_no_part_for_them():
    text = read(sample_report(PASSED, KNOWN)).text
    assert "What needs a look" not in text
    assert "failed, as known: it is lost" in text


def test_a_page_follows_the_readers_colours_and_prints_in_dark_on_light():
    source = html_page(sample_report(PASSED)).decode()
    assert "@media screen and (prefers-color-scheme: dark)" in source
    assert "@media print" in source


def test_seconds_have_a_column_only_where_a_case_was_timed():
    assert b"Seconds" not in html_page(sample_report(Verdict("sizes", Outcome.PASSED)))
    timed = html_page(sample_report(Verdict("sizes", Outcome.PASSED, seconds=0.5)))
    assert b">Seconds<" in timed
    assert b">0.50<" in timed


def test_a_curl_line_is_code_that_can_be_copied_whole():
    line = "cd kept && curl -sS 'http://a/?b=<c>&d'"
    case = Verdict("x", Outcome.FAILED, (f"its last call, as a curl line: {line}",))
    page = html_page(sample_report(case)).decode()
    shown = re.search(r"curl line:\s*<pre><code>(.*?)</code></pre></li>", page)
    assert shown is not None
    assert html.unescape(shown[1]) == line
