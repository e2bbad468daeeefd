"""``mock-qualtrics demo``, as a newcomer runs it: both sides are processes of their own."""

import os
import re
import signal
import subprocess

import pytest

from support import until


@pytest.fixture(scope="module")
def shown(command) -> str:
    done = subprocess.run(
        [command("mock-qualtrics"), "demo", "--profiles", "50"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_command_is_shown_as_it_would_be_typed(shown) -> None:
    typed = re.findall(r"^\$ (\S+ \S+)", shown, re.MULTILINE)
    assert typed == [
        "mock-qualtrics serve",
        "qualtrics-sender sample-profiles",
        "qualtrics-sender check",
        "qualtrics-sender export",
        "mock-qualtrics runs",
    ]


def test_the_report_counts_every_profile_and_excludes_some(shown) -> None:
    pattern = r"(Profiles received|Identities activated|Identities excluded)\s+(\d+)\s"
    found = {name.split()[1]: int(count) for name, count in re.findall(pattern, shown)}
    assert found["excluded"] > 0
    assert found["received"] == 50 == found["activated"] + found["excluded"]


def test_run_history_has_rows_and_a_failed_run_with_its_reason(shown) -> None:
    assert len(re.findall(r"\d{4}-\d\d-\d\dT\S+\t.*\t(?:Succeeded|Failed)\t", shown)) == 8
    explained = shown[shown.index("A failed run") :]
    assert "the field firstName has no value" in explained


def test_the_counts_balance_and_the_page_has_an_address(shown) -> None:
    line = re.search(r"(\d+) accepted = (\d+) succeeded \+ (\d+) failed", shown)
    assert line is not None, shown
    accepted, succeeded, failed = map(int, line.groups())
    assert accepted == succeeded + failed
    assert failed > 0
    assert re.search(r"Run history was at\s+http://127\.0\.0\.1:\d+/\S+", shown)


def test_a_closed_terminal_ends_the_mock_too_and_leaves_no_folder(command, tmp_path):
    demo = subprocess.Popen(
        [command("mock-qualtrics"), "demo"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: list(tmp_path.glob("*/ready.json")))
    demo.send_signal(signal.SIGHUP)
    assert demo.wait(300) == 128 + signal.SIGHUP
    assert list(tmp_path.iterdir()) == []
