"""The lines of the page on verification that read a recording run as they stand."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli import main
from contracts.validation import validate
from documentation.test_commands import lines_of
from support.recorded_calls import entry, har, message

PAGE = "docs/verification.md"
FLAGS = {"--har", "--from-har"}
LINES = [line for line in lines_of(PAGE) if FLAGS & set(line.split()[2:])]


def test_the_page_shows_both_commands_that_read_a_recording():
    assert [line.split()[:3] for line in LINES] == [
        ["qualtrics-contracts", "verify", "--har"],
        ["qualtrics-contracts", "probe", "--from-har"],
    ]


def test_the_message_that_is_said_to_pass_is_valid():
    (shown,) = re.findall(r"`(\{\"person\".*identityMap.*\})`", Path("docs/pytest.md").read_text())
    assert not validate(json.loads(shown), "exported-message")


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_reads_a_recording_runs(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    Path("recording.har").write_text(har(entry()))
    Path("messages.jsonl").write_text(f"{json.dumps(message())}\n")
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, done.output
