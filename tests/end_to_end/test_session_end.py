"""What a session of these tests leaves behind when one of its processes ends by itself: nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.scenarios import runs

TESTS = Path(__file__).parents[1]
WATCHED = """
from support.process_watch import ProcessWatch

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ProcessWatch())
"""
# As a test that hangs is ended: faulthandler_exit_on_timeout ends its process so.
ENDS_ITS_PROCESS = """
import os, pathlib, subprocess

def test_that_hangs():
    started = subprocess.Popen(["sleep", "1000"])
    pathlib.Path("pid").write_text(str(started.pid))
    os._exit(1)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found on Linux")
def test_what_a_worker_had_started_ends_with_the_session_and_is_named(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(WATCHED)
    (tmp_path / "test_it.py").write_text(ENDS_ITS_PROCESS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-pxdist", "-n1", "--max-worker-restart=0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    assert "a test left this process running, ended now: sleep 1000" in done.stdout
    assert not runs(int((tmp_path / "pid").read_text()))
