"""Markdown that shows every text as it is, and is never too large."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from contracts.reports.markdown import MOST_BYTES, escaped, markdown
from contracts.reports.texts import on_one_line, shown
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ALL, FAILED, HOSTILE, PASSED, sample_report


def rendered(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)


@pytest.mark.parametrize(
    "text",
    [
        shown(HOSTILE),
        "- x",
        "# x",
        "1. x",
        "12) x",
        "+ x",
        "---",
        "===",
        "> x",
        "<!-- x",
        "![x](y)",
        "~~x~~",
        "\\",
        "`",
        "&lt;",
        "a|b",
        "<script>",
        "*a* _b_",
    ],
)
def test_a_text_is_shown_as_it_is_in_a_list_and_in_a_table(text: str):
    expected = html.escape(on_one_line(text), quote=False)
    assert rendered(f"- {escaped(text)}").replace("&quot;", '"') == (
        f"<ul>\n<li>{expected}</li>\n</ul>\n"
    )
    table = rendered(f"| A | B |\n|---|---|\n| {escaped(text)} | b |\n").replace("&quot;", '"')
    assert re.findall("<td>(.*?)</td>", table) == [expected, "b"]


def test_no_address_of_a_page_becomes_a_link():
    assert escaped("see http://x.example and www.x.example") == (
        "see http\\://x.example and www\\.x.example"
    )


def test_the_score_comes_first_then_what_needs_a_look_then_every_case():
    text = markdown(sample_report(*ALL, subject="./connector"))
    assert text.startswith(
        "## qualtrics-contracts conformance: 5 possible, 4 claimed, 1 earned\n\n"
        "Judged: ./connector\n\n### retries: failed\n\nAfter a 429 it is sent again.\n\n- expected"
    )
    assert "- To replay it: qualtrics-contracts replay kept/retries\n\n### broken: error" in text
    assert text.endswith(
        "| known | failed, as known: it is lost | 0.00 |  |\n"
        "| mapping | skipped: not claimed: mapping | 0.00 |  |\n"
        "| broken | error | 0.00 |  |\n"
    )


def test_a_run_that_ended_early_says_so_above_all():
    lines = markdown(sample_report(PASSED, ended_by="the mock ended")).splitlines()
    assert lines[4] == "**the mock ended**"


def test_a_report_that_is_too_large_is_cut_between_its_parts():
    many = [Verdict(f"{number} é", Outcome.FAILED, ("é" * 90,) * 5) for number in range(20)]
    text = markdown(sample_report(*many), 10_000)
    assert 8_000 < len(text.encode()) <= 10_000
    assert text.count("### ") == 10
    assert MOST_BYTES < 1_048_576
    assert text.endswith("The rest is left out: this report would be too large.\n")
    assert len(markdown(sample_report(FAILED), 600).encode()) <= 600


def test_cases_that_are_not_listed_are_counted():
    many = [Verdict(f"case {number}", Outcome.PASSED) for number in range(2_001)]
    assert "\n1 more cases are not listed.\n" in markdown(sample_report(*many))
