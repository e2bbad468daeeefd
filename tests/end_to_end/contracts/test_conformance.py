"""The command ``conformance`` as a process, and what is left of it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from support import until
from support.scenarios import pids_in, runs

DEADLINE_SECONDS = 60
COMMAND = (sys.executable, "-m", "contracts", "conformance")
CONNECTOR = 'echo $PPID $$ >"$FOLDER/$SCENARIO"; env -i sleep 1000 & wait'
SCENARIOS = ("happy-path", "fractions")


def test_an_interrupted_run_writes_its_reports_and_leaves_nothing_running(tmp_path):
    names = [word for name in SCENARIOS for word in ("--scenario", name)]
    with subprocess.Popen(
        [*COMMAND, *names, "--json", "--", "sh", "-c", CONNECTOR],
        env={"FOLDER": str(tmp_path), "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        until(lambda: all(pids_in(tmp_path / name) for name in SCENARIOS))
        started = {pid for name in SCENARIOS for pid in pids_in(tmp_path / name)} - {run.pid}
        run.send_signal(signal.SIGINT)
        output, _ = run.communicate(timeout=DEADLINE_SECONDS)
    assert run.returncode == 3
    assert len(started) == len(SCENARIOS)
    assert not any(map(runs, started))
    report = json.loads(output)
    assert {each["outcome"] for each in report["scenarios"]} == {"error"}
    assert [each.name for each in tmp_path.iterdir() if each.is_dir()] == []
