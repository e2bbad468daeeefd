"""``python -m loadtests.soak`` as users start it: everything in it is a process of its own."""

import importlib.util
import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from support.waiting import DEADLINE_SECONDS, until

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("locust") is None, reason="the extra `load` is not installed"
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def soak(tmp_path):
    """A short soak that has begun; it is killed if it still runs at the end."""
    command = [sys.executable, "-m", "loadtests.soak", "--minutes", "0.1", "--folder", tmp_path]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        process.kill()


def children(soak) -> list[psutil.Process]:
    return psutil.Process(soak.pid).children(recursive=True)


def test_a_short_soak_loses_nothing_and_leaves_nothing_behind(soak, tmp_path):
    out, err = soak.communicate(timeout=DEADLINE_SECONDS)
    assert soak.returncode == 0, out + err
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert len(report["samples"]) == 12
    assert all(each["resident_bytes"] > 10_000_000 for each in report["samples"] if each)
    assert [load["verdict"] for load in report["loads"].values()] == ["passed"] * 3
    outcomes = {each["name"]: each["outcome"] for each in report["findings"]}
    assert outcomes["flat: memory"] == "skipped"
    assert list(outcomes.values()).count("passed") == 7
    assert b"<svg" in (tmp_path / "report.html").read_bytes()
    left = {path.name for path in tmp_path.iterdir()} - {"report.json", "report.html"}
    assert left == {f"tenant-{n}.{kind}" for n in (1, 2, 3) for kind in ("json", "log")}


def test_one_that_is_ended_ends_all_that_it_started(soak, tmp_path):
    until(lambda: (tmp_path / "tenant-3.log").exists() and len(children(soak)) == 4)
    started = children(soak)
    soak.send_signal(signal.SIGTERM)
    out, err = soak.communicate(timeout=DEADLINE_SECONDS)
    assert soak.returncode == 3, out + err
    assert not [process for process in started if process.is_running()]
    assert not list(tmp_path.glob("mock-*"))
