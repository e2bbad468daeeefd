"""What docs/pages.md says of the pages is so."""

import re
from pathlib import Path

from mock_qualtrics.journal.search.wanted_runs import MOST_RUNS
from mock_qualtrics.web.pages.history import run_downloads
from mock_qualtrics.web.pages.history.search_syntax import parse
from mock_qualtrics.web.pages.history.search_terms import TERMS
from mock_qualtrics.web.pages.layout import PAGES

TEXT = (Path(__file__).parents[2] / "docs" / "pages.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `([a-z]+:[^`]+)` \|", TEXT, re.MULTILINE)


def test_every_term_of_the_search_is_explained_by_its_example():
    assert [term.example for term in TERMS] == EXAMPLES
    for example in EXAMPLES:
        assert str(parse(example)).startswith(example[: example.index(":")])


def test_the_limits_are_the_ones_that_hold():
    assert f"{MOST_RUNS:,} at a time" in TEXT
    limits = f"{run_downloads.MOST_RUNS:,} runs or {run_downloads.MOST_BYTES // 1_000_000} MB"
    assert limits in TEXT


def test_every_page_of_the_navigation_is_there():
    assert len(re.findall(r"^\| `/", TEXT, re.MULTILINE)) >= len(PAGES)
