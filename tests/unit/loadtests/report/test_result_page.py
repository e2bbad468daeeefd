import re

import pytest

from loadtests import charts
from loadtests.report import result_page
from loadtests.verdicts import VerdictKind
from support.load_results import load_result


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.decode()))


def test_the_page_says_the_verdict_first_and_then_everything() -> None:
    page = result_page(load_result())
    text = words(page)
    assert text.index("MISSED") < text.index("lost==0: missed, found 1") < text.index("Thresholds")
    for part in (
        "p95_ms&lt;250 20.02 met",
        "lost==0 1 missed",
        "1 message lost",
        "backfill: a whole audience",
        "locust -f loadtests/locustfile.py --profiles 4",
        "calls of this run 4 sent by the generator 4 in the journal yes",
        "accepted 4 3 -1",
        "a note of &lt;this&gt; run",
        "p50 0.25",
    ):
        assert part in text


def test_the_page_needs_nothing_else_and_is_the_same_each_time() -> None:
    page = result_page(load_result())
    assert page == result_page(load_result())
    assert b"<script" not in page
    assert not re.findall(rb'(?:src|href)="(?!#)', page)
    assert page.count(b"<svg") == 1


def test_without_matplotlib_the_page_says_how_to_have_charts(monkeypatch) -> None:
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    assert "a chart needs matplotlib" in words(result_page(load_result()))


@pytest.mark.parametrize("kind", [VerdictKind.GENERATOR_LIMITED, VerdictKind.BROKEN])
def test_a_run_without_a_valid_verdict_has_met_and_missed_nothing(kind) -> None:
    text = words(result_page(load_result(kind)))
    assert "p95_ms&lt;250 20.02 not judged" in text
    assert "missed </td>" not in text


def test_a_target_that_is_no_mock_has_no_journal_to_hold_against() -> None:
    page = words(result_page(load_result(journal=None, balance=(), comparison=None)))
    assert "Reconciliation" not in page
    assert "1 message lost, or may be" in page
