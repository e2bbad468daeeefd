"""Every format takes every text, and shows it as it is."""

import html
import json
import re
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from contracts.reports.files import FORMATS, rendered
from contracts.reports.markdown import code, with_code
from contracts.reports.run_report import RunReport, run_report
from contracts.reports.texts import shown
from contracts.verdicts import Outcome, Verdict, Verdicts

FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ACTIVE = st.text(alphabet="|*_`~<>[]()!#-+=.1&;:/\\ \n\tw$")
UNSAFE = st.text(
    alphabet="\x00\x08\x1b\r\x7f\x85\u202e\u2028\ufeff\ufffe\uffff\ud800\udfff\U000e0001\U0001f600"
)
PIECES = st.lists(
    st.sampled_from([*"`|\\$@/.*_<'\" x", "@team", "a/b", "$.a", "www.", "http://", "#12", "``"])
).map("".join)
TEXTS = st.text(max_size=60) | ACTIVE | UNSAFE | PIECES
VERDICTS = st.builds(
    Verdict,
    name=TEXTS,
    outcome=st.sampled_from(Outcome),
    reasons=st.lists(TEXTS, max_size=3).map(tuple),
    facts=st.lists(TEXTS, max_size=2).map(tuple),
    purpose=TEXTS,
    seconds=st.floats(),
    is_known=st.booleans(),
    folder=st.none() | TEXTS,
)
REPORTS = st.builds(
    lambda subject, verdicts, ended_by: run_report(
        "conformance",
        Verdicts(subject, tuple(verdicts)),
        datetime(2026, 1, 1, tzinfo=UTC),
        1.0,
        ended_by,
    ),
    TEXTS,
    st.lists(VERDICTS, max_size=3),
    TEXTS,
)


@settings(max_examples=40)
@given(REPORTS)
def test_every_run_can_be_written_in_every_format(report: RunReport):
    made = {name: rendered(name, report).decode() for name in FORMATS}
    assert not FORBIDDEN_IN_XML.search(made["junit"])
    cases = list(fromstring(made["junit"]).iter("testcase"))
    assert [case.get("name") for case in cases] == [case.name for case in report.cases_for_ci]
    tests = json.loads(made["ctrf"])["results"]["tests"]
    assert [test["name"] for test in tests] == [case.name for case in report.cases_for_ci]
    assert made["markdown"].count("\n| ") == len(report.cases) + bool(report.cases)
    assert made["html"].count("<tr><td>") == len(report.cases)


@settings(max_examples=60)
@given(TEXTS)
def test_a_text_in_markdown_is_shown_as_it_is_and_mentions_nobody(text: str):
    plain = " ".join(shown(text).split())
    for item, words in ((f"x {with_code(plain)}", f"x {plain}".strip()), (with_code(plain), plain)):
        made = (
            rendered_markdown(f"- {item}").removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>")
        )
        assert re.sub("</?code>", "", made) == html.escape(words, quote=False)
        assert not re.search(r"(^|\W)@\w", re.sub("<code>.*?</code>", "", made))


@settings(max_examples=60)
@given(TEXTS)
def test_a_cell_and_code_in_it_are_shown_as_they_are(text: str):
    plain = " ".join(shown(text).split()) or "x"
    cells = f"{with_code(plain, in_table=True)} | {code(plain, in_table=True)}"
    made = rendered_markdown(f"| A | B |\n|---|---|\n| {cells} |")
    shown_cells = re.findall("<td>(.*?)</td>", re.sub("</?code>", "", made))
    assert shown_cells == [html.escape(plain, quote=False)] * 2


def rendered_markdown(text: str) -> str:
    made: str = MARKDOWN.render(text)
    return made.replace("&quot;", '"').removesuffix("\n")
