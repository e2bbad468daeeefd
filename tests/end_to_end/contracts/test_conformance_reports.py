"""What a conformance run that a CI system cancels leaves behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from support import until

TIMEOUT_SECONDS = 300


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_cancelled_leaves_its_reports_and_no_process(signum, tmp_path: Path):
    started, report = tmp_path / "started", tmp_path / "reports" / "junit.xml"
    connector = f"echo $$ > {started}.part && mv {started}.part {started}; exec sleep 1000"
    options = ["--scenario", "happy-path", "--scenario", "non-ascii-text", "--jobs", "1"]
    words = [*options, "--junit", str(report), "--", "sh", "-c", connector]
    run = subprocess.Popen(
        [sys.executable, "-m", "contracts", "conformance", *words],
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(started.exists)
    run.send_signal(signum)
    out, err = run.communicate(timeout=TIMEOUT_SECONDS)
    assert run.returncode == 3, err
    assert out.count("not judged, for the run ended before") == 2
    suite = ET.parse(report).getroot()[0]
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "0", "3"]
    assert "**interrupted before all was judged" in (tmp_path / "summary.md").read_text("utf-8")
    assert not Path(f"/proc/{started.read_text().strip()}").exists()
