"""``python -m loadtests plan`` as a process: what only a process shows."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from support import until

ROOT = Path(__file__).parents[3]
DEADLINE_SECONDS = 120  # only a test that fails waits so long
COMMAND = [sys.executable, "-m", "loadtests", "plan", "--arrival-rate", "100", "--json"]
DATAFLOW = ROOT / "docs/examples/post-purchase/dataflow.toml"


def test_a_forecast_is_made_and_ctrl_c_while_it_reads_is_3_without_a_traceback(tmp_path):
    told = tmp_path / "stderr"
    profile = (DATAFLOW.parent / "profiles.jsonl").read_text("utf-8").splitlines()[0]
    with (
        told.open("w") as stderr,
        subprocess.Popen(
            [*COMMAND, "--dataflow", DATAFLOW, "-"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as reading,
    ):
        assert reading.stdin is not None
        reading.stdin.write(profile + "\n")
        reading.stdin.flush()
        done = subprocess.run(
            [*COMMAND, "--profiles", "1000"], cwd=ROOT, capture_output=True, check=True
        )
        until(lambda: "reading profiles" in told.read_text(), deadline_seconds=DEADLINE_SECONDS)
        reading.send_signal(signal.SIGINT)
        output, _ = reading.communicate(timeout=DEADLINE_SECONDS)
    assert json.loads(done.stdout)["delivered"] == 1_000
    assert (reading.returncode, output) == (3, "")
    assert told.read_text().endswith("error: interrupted; give the same command again\n")
    assert "Traceback" not in told.read_text()


def test_a_page_is_written_though_nobody_reads_what_is_printed(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    page = tmp_path / "folder" / "page.html"
    command = [*COMMAND, "--profiles", "10", "--html", page]
    done = subprocess.run(
        command, check=False, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Nothing is lost" in page.read_text("utf-8")
