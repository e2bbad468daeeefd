"""The suite's mock does not outlive what started it."""

import os
import signal
import subprocess
import sys

import pytest

from support import until
from support.scenarios import runs

SCRIPT = """
import os, signal
from contracts.conformance.process.suite_mock import start_suite_mock

with start_suite_mock() as mock:
    print(mock.process.pid, flush=True)
    signal.pause()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a parent's end is told on Linux")
def test_a_mock_ends_with_a_suite_that_was_killed_and_leaves_no_folder(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, env=environment
    ) as suite:
        mock = int(suite.stdout.readline())
        assert runs(mock)
        assert list(tmp_path.iterdir()) != []
        suite.send_signal(signal.SIGKILL)
    until(lambda: not runs(mock))
    assert list(tmp_path.iterdir()) == []
