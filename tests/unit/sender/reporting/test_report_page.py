"""A run's report as a table and as a page."""

import dataclasses
import html

import pytest

from sender.reporting.report import Exclusions, Failures, Report
from sender.reporting.report_page import print_report, report_html, report_rows
from support.report import REPORT, START


def text_of(report):
    return "\n".join(" ".join(row) for row in report_rows(report, "[red]Survey"))


def test_the_table_has_adobes_terms_and_everything_that_needs_attention():
    text = text_of(REPORT)
    for words in (
        "[red]Survey",
        "Profiles received",
        "60.00 %",
        "Uncertain",
        "Pending",
        "uncertain attempts",
        "broken rows",
        "of earlier runs, among those received",
        "<b>: <script>",
    ):
        assert words in text


def test_what_failed_before_is_in_the_table_and_on_the_page():
    assert "9 of earlier runs; replay sends them again" in " ".join(text_of(REPORT).split())
    assert "9 of earlier runs; replay sends them again" in report_html(REPORT, "x")
    delivered = dataclasses.replace(REPORT, failed_before=0)
    assert "replay sends them" not in text_of(delivered) + report_html(delivered, "x")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "Interrupted"}, "Interrupted 1 pending"),
        (
            {"status": "Interrupted", "pending": 0, "rows_read": 256, "source_finished": False},
            "profiles read up to row 256, not to the end: how many are left is not known",
        ),
        (
            {
                "status": "Interrupted",
                "rows_read": 1256,
                "rows_expected": 4_256,
                "source_finished": False,
            },
            "Interrupted 1 pending; profiles read up to row 1,256, not to the end: about 3,000 are",
        ),
        ({"status": "Failed", "stopped_because": "it is <down>"}, "Failed it is <down>"),
        ({"status": "Processing"}, "Processing"),
    ],
)
def test_the_status_says_what_is_left_or_why_it_stopped(changes, says):
    report = dataclasses.replace(REPORT, **changes)
    assert says in " ".join(text_of(report).split())
    assert ("resume to send them" in text_of(report)) == (
        not says.startswith("Processing") and report.pending > 0
    )
    page = html.unescape(report_html(report, "x"))
    assert says in page.replace(f"{report.status}: ", f"{report.status} ")


@pytest.mark.parametrize(
    ("activated", "excluded", "noted"), [(0, 3, True), (1, 3, False), (0, 0, False)]
)
def test_a_rate_without_a_single_activation_is_explained(activated, excluded, noted):
    exclusions = (Exclusions("no mapped identity", excluded),)
    report = Report(START, 1.0, "Completed", 4, activated=activated, exclusions=exclusions)
    for shown in (text_of(report), report_html(report, "x")):
        assert ("excluded count as activated, as Adobe counts" in shown) == noted


def test_off_a_terminal_a_row_is_a_line_of_cells_between_tabs(capsys):
    print_report(REPORT, "a name\twith a tab")
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["Dataflow run", "a name\\twith a tab", ""]
    assert ["excluded", "2", "hashed e-mail"] in lines
    assert {len(cells) for cells in lines} == {3}


def test_a_narrow_terminal_cuts_no_term_count_or_name(capsys, monkeypatch):
    for module in ("contracts.tables", "sender.reporting.report_page"):
        monkeypatch.setattr(f"{module}.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    name = "A survey of everybody who bought anything this year"
    print_report(REPORT, name)
    shown = capsys.readouterr().out
    assert shown.startswith(f"Dataflow run: {name}\n")
    for term, value, _ in report_rows(REPORT, name)[1:]:
        assert any(line.startswith(term) and value in line for line in shown.splitlines()), term
    assert "…" not in shown


def test_an_empty_report_has_no_rate():
    empty = Report(START, 0.0, "Completed", 0)
    assert "no profiles" in text_of(empty)
    assert "no profiles" in report_html(empty, "x")
    assert not empty.is_rate_below(1.0)
    assert empty.all_well


def test_the_page_escapes_what_it_shows_and_needs_nothing_from_outside():
    page = report_html(REPORT, "<img src=x>")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "src=" not in page.replace("&lt;img src=x&gt;", "")


def test_the_page_holds_no_control_characters():
    failures = (Failures("X\x1b", 2, "a\x9b2J\u202eb"),)
    page = report_html(dataclasses.replace(REPORT, failures=failures), "n\x07")
    assert r"a\u009b2J\u202eb" in page
    assert not {c for c in page if not c.isprintable()} - {"\n"}
