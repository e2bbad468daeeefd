"""The files and folders that the documents name are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for folder in (".", "docs", "tests")
    for path in (ROOT / folder).glob("*.md")
)
HOMES = ("", "tests", "sender", "mock_qualtrics", "contracts", "loadtests")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
PATH = re.compile(r"`(\.?\w[\w.-]*/[\w./-]*|[\w-]+\.(?:py|toml|txt|md|yaml))`")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_file_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    linked = [(ROOT / document).parent / path for path in LINK.findall(text)]
    named = PATH.findall(text)
    absent = [str(path) for path in linked if not path.exists()]
    absent += [path for path in named if not any((ROOT / home / path).exists() for home in HOMES)]
    assert not absent
