"""The pages of docs/reference/ are those that the command makes, and their curl lines work."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.make_reference.__main__ import FOLDER, outdated, pages
from support import RunningMock, start_mock

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"^```sh\n(curl .*)\n```\n\nAnswers (\d+):", re.MULTILINE)
NO_MEANING = re.compile(r"^\|.*\|  \|$", re.MULTILINE)
STORED = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}


def test_the_pages_are_those_that_the_command_makes() -> None:
    assert outdated() == [], "run python -m docs.make_reference, and commit what it wrote"


def test_no_page_is_left_that_is_made_no_more() -> None:
    assert set(STORED) == set(pages())


@pytest.mark.parametrize("name", sorted(STORED))
def test_every_key_flag_and_parameter_has_a_meaning(name: str) -> None:
    assert NO_MEANING.findall(STORED[name]) == [], "describe it where the page is made from"


class Line(NamedTuple):
    command: str
    status: str


LINES = [Line(*found) for found in CALL.findall(STORED["control-api.md"])]


def test_every_call_of_the_control_api_has_a_line() -> None:
    text = (ROOT / "contracts" / "openapi.yaml").read_text("utf-8")
    assert len(LINES) == text.count("tags: [control]")


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    with start_mock() as started:
        yield started


@pytest.mark.clients
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.command[:80])
def test_a_line_of_the_control_api_is_answered_as_the_page_says(
    mock: RunningMock, line: Line
) -> None:
    if shutil.which("curl") is None and not os.environ.get("REQUIRE_CLIENTS"):
        pytest.skip("curl is not installed")
    command = line.command.replace("http://127.0.0.1:8084", mock.url)
    answer = subprocess.run(
        ["sh", "-c", f"{command} -s -o /dev/null -w '%{{http_code}}'"],
        env={**os.environ, **things_of_one_tenant(mock), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == line.status


def things_of_one_tenant(mock: RunningMock) -> dict[str, str]:
    """Make one of each thing whose id stands in a line, so that no line disturbs another."""
    control = mock.control
    tenant = control.create_tenant({"clock": "virtual"})
    workflow = control.add_workflow(tenant["id"], {"name": "Any", "requireAuthentication": False})
    fault = control.add_fault(tenant["id"], {"kind": "run-failed", "when": {"every": 2}})
    mock.session.post(workflow["triggerUrl"], json={"a": 1}).raise_for_status()
    (call,) = control.all_requests(tenant["id"])
    return {
        "TENANT": tenant["id"],
        "WORKFLOW": workflow["id"],
        "FAULT": fault["id"],
        "RUN": call["runId"],
        "REQUEST": call["requestId"],
    }
