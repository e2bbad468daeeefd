"""A slow producer piped into the real command: what is there is sent, and it can be stopped."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_qualtrics.testing import Qualtrics

DATAFLOW = """
name = "Survey"
url = "{url}"
username = "{username}"
attributes = [{{ source = "firstName", target = "firstName" }}]
identities = [{{ source = "Email", target = "email" }}]
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path, qualtrics: Qualtrics, command: Callable[[str], str]) -> Iterator[Start]:
    """Start the sender's commands on standard input; they end with the test."""
    dataflow = tmp_path / "dataflow.toml"
    text = DATAFLOW.format(url=qualtrics.trigger_url, username=qualtrics.username)
    dataflow.write_text(text, "utf-8")
    names = ("QUALTRICS_URL", "QUALTRICS_USERNAME")
    environment = {key: value for key, value in os.environ.items() if key not in names}
    environment["QUALTRICS_API_TOKEN"] = qualtrics.api_token
    started: list[subprocess.Popen[str]] = []

    def start(name: str, *more: str) -> subprocess.Popen[str]:
        arguments = [command("qualtrics-sender"), name, "--dataflow", str(dataflow), "-", *more]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def give(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def profile(number: int) -> str:
    ids = {"Email": [{"id": f"p{number}@example.com"}]}
    return json.dumps({"_id": f"p{number}", "firstName": "Dave", "identityMap": ids}) + "\n"


def test_a_row_is_delivered_before_the_next_one_is_written(
    start: Start, qualtrics: Qualtrics
) -> None:
    process = start("export", "--json")
    give(process, profile(1))
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    give(process, profile(2))
    qualtrics.wait_for_runs(succeeded=2, timeout_seconds=60)
    shown, _ = process.communicate()
    assert process.returncode == 0
    assert json.loads(shown)["profilesReceived"] == 2


def test_piped_csv_is_exported_row_by_row(start: Start, qualtrics: Qualtrics) -> None:
    process = start("export", "--json", "--format", "csv")
    give(process, "_id,firstName,identityMap.Email\np1,Dave,p1@example.com\n")
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    give(process, 'p2,"Ad\na",p2@example.com\n')
    shown, _ = process.communicate()
    assert (process.returncode, json.loads(shown)["identitiesActivated"]) == (0, 2)


def test_an_export_that_waits_for_input_ends_when_it_is_asked_to(
    start: Start, qualtrics: Qualtrics
) -> None:
    process = start("export")
    give(process, profile(1))
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 3


def test_an_export_stopped_before_its_header_came_says_that_nothing_was_sent(start: Start) -> None:
    process = start("export", "--format", "csv")
    give(process, "x" * 1_000_000)  # more than a pipe holds: the writer is being read
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "nothing was sent" in told


def test_a_preview_shows_a_message_before_the_next_row_is_written(start: Start) -> None:
    process = start("preview", "--limit", "2")
    assert process.stdout is not None
    for number in (1, 2):
        give(process, profile(number))
        shown = json.loads(process.stdout.readline())
        assert shown["identityMap"] == {"Email": [{"id": f"p{number}@example.com"}]}
    assert process.wait(60) == 0
