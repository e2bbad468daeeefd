"""What docs/strategies.md shows runs as written, and names what there is."""

import doctest
from pathlib import Path

import pytest
from hypothesis import settings

from contracts import strategies

PAGE = Path(__file__).parents[2] / "docs/strategies.md"


@pytest.fixture
def few_examples():
    """The page shows how to write a test; the strategies have tests of their own."""
    before = settings.default
    settings.register_profile("few", before, max_examples=5)
    settings.load_profile("few")
    yield
    settings.register_profile("before", before)
    settings.load_profile("before")


def test_the_page_s_examples_give_what_they_show(few_examples):
    done = doctest.testfile(str(PAGE), module_relative=False)
    assert (done.failed, done.attempted > 0) == (0, True)


def test_the_page_names_every_public_strategy():
    names = [name for name in strategies.__all__ if name.islower()]
    text = PAGE.read_text("utf-8")
    assert [name for name in names if f"`{name}" not in text] == []
