"""The pages that commands leave, read in a browser from a file."""

import pytest

from contracts.reports.html_page import html_page
from loadtests.commands.output.plan_page import plan_page
from loadtests.report import result_page
from loadtests.soak.findings import findings
from loadtests.soak.soak_page import soak_page
from sender.reporting.report_page import report_html
from support.accessibility import (
    NARROW,
    SCHEMES,
    WIDE,
    is_wider_than_the_screen,
    show_as,
    violations,
)
from support.load_results import load_result
from support.planned import planned_result
from support.report import REPORT
from support.sample_report import ALL, sample_report
from support.soaks import soak

pytestmark = pytest.mark.browser

PAGES = {
    "a load test": lambda: result_page(load_result()),
    "a plan": lambda: plan_page([planned_result()], "qualtrics-load plan", by_rate=False),
    "a soak": lambda: soak_page(soak(), findings(soak())),
    "an export": lambda: report_html(REPORT, "dave").encode(),
    "verdicts": lambda: html_page(sample_report(*ALL)),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_report_breaks_no_rule_of_accessibility(open_browser, tmp_path, name) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(PAGES[name]())
    found = []
    for scheme in SCHEMES:
        show_as(open_browser, scheme, WIDE)
        open_browser.get(page.as_uri())
        found += violations(open_browser, scheme)
    assert found == []
    show_as(open_browser, SCHEMES[0], NARROW)
    assert not is_wider_than_the_screen(open_browser)
