"""Which of a start's flags a kept store follows, and what may be assumed otherwise."""

import sqlite3
import subprocess
import sys

import pytest


def test_a_restart_with_another_limit_follows_the_new_flag(serve, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*store, "--calls-per-minute", "1")
    assert [first.post_event().status_code for _ in range(2)] == [200, 429]
    first.stop()
    again = serve(*store, "--calls-per-minute", "3000")
    assert again.tenant["apiToken"] == first.tenant["apiToken"]
    assert again.post_event().status_code == 200


def test_what_is_assumed_can_be_assumed_otherwise_on_start(serve):
    served = serve("--assume", "acceptedStatus=202", "--assume", "assumptions.retryAfter=true")
    assert served.post_event().status_code == 202
    assert served.tenant["assumptions"]["retryAfter"] is True


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("acceptedStatus=often", "assumptions.acceptedStatus"),
        ("noSuch=1", "assumptions"),
        ("retryTasks=true", "assumptions"),
        ("acceptedStatus", "--assume acceptedStatus: expected NAME=VALUE"),
    ],
)
def test_a_wrong_assumption_is_one_clear_error(wrong, reason):
    words = [sys.executable, "-m", "mock_qualtrics", "serve", "--port", "0", "--assume", wrong]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert "Usage" not in done.stderr


def test_an_older_starts_ready_file_is_gone_before_anything_else(tmp_path):
    ready_file = tmp_path / "ready.json"
    ready_file.write_text("{}", "utf-8")
    words = [sys.executable, "-m", "mock_qualtrics", "serve", "--ready-file", str(ready_file)]
    words += ["--port", "0", "--workflows", str(tmp_path / "absent.toml")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert not ready_file.exists()


def test_a_database_of_another_program_is_one_clear_error(tmp_path):
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE requests (id INTEGER, url TEXT)")
    theirs.close()
    words = [sys.executable, "-m", "mock_qualtrics", "serve", "--port", "0"]
    words += ["--store", f"sqlite:///{path}"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "another program's table 'requests'" in done.stderr
    assert "Traceback" not in done.stderr
