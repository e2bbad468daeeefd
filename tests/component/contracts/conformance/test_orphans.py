"""A process that hides from its connector's end is found at the end of the suite."""

import subprocess
import sys

import pytest

from contracts.clock import RealClock
from contracts.conformance.process.leftovers import adopting_orphans
from support.scenarios import runs


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="orphans are adopted on Linux")
def test_a_daemon_without_its_environment_ends_with_the_suite():
    with adopting_orphans(RealClock()):
        script = "env -i setsid sleep 1000 >/dev/null 2>&1 & echo $!"
        started = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
        pid = int(started.stdout)
        assert runs(pid)
    assert not runs(pid)


def test_elsewhere_nothing_is_adopted(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with adopting_orphans(RealClock()):
        child = subprocess.Popen(["sleep", "1000"])
    try:
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
