"""What docs/conformance.md says of connectors is true: its commands pass, its claims are all."""

import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from contracts.conformance.catalogue import catalogue, chosen
from contracts.conformance.suite import Suite
from contracts.verdicts import Outcome, Verdict
from support import RunningMock, start_mock

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/conformance.md").read_text("utf-8")
CLAIM_ROW = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
TRIED = ("happy-path", "not-retried-400", "retry-after-on-429", "big-numbers", "wrong-token")


class Shown(NamedTuple):
    """A connector that the page shows: its source, and the program that runs it."""

    language: str
    comment: str
    program: str


SHOWN = [
    Shown("sh", "#", "sh"),
    Shown("python", "#", sys.executable),
    Shown("js", "//", "node"),
]


@pytest.fixture(scope="module")
def mock():
    with start_mock("--wire-faults", "--store", "memory") as started:
        yield started


def source_of(shown: Shown, folder: Path) -> Path:
    block = re.escape(f"```{shown.language}\n{shown.comment} ") + r"(connector\.\w+):.*?(?=^```)"
    found = re.search(block, PAGE, re.MULTILINE | re.DOTALL)
    assert found, "the page shows a connector in this language"
    path = folder / found[1]
    path.write_text(found[0].partition("\n")[2], "utf-8")
    return path


@pytest.mark.clients
@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.language)
def test_a_connector_of_the_page_passes(shown: Shown, mock: RunningMock, tmp_path: Path):
    if shutil.which(shown.program) is None:
        pytest.skip(f"{shown.program} is not installed")
    command = (shown.program, str(source_of(shown, tmp_path)))
    verdicts: list[Verdict] = []
    Suite(command, mock.control.control_url, jobs=len(TRIED)).run(chosen(TRIED), verdicts.append)
    assert len(verdicts) == len(TRIED)
    assert [each for each in verdicts if each.outcome is not Outcome.PASSED] == []


def test_the_page_explains_each_claim_and_no_other():
    section = PAGE.partition("## Claims")[2].partition("\n## ")[0]
    needed = {claim for scenario in catalogue().values() for claim in scenario.needs}
    assert set(CLAIM_ROW.findall(section)) == needed


def test_the_page_names_every_variable_that_a_connector_gets():
    given = ("URL", "USERNAME", "API_TOKEN")
    names = [f"QUALTRICS_{name}" for name in given]
    names += ["MESSAGES", "PROFILES", "DATAFLOW", "SCENARIO", "WORK_FOLDER"]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
