"""A connector's process gets what it needs, and nothing of it is left."""

import shlex
import sys
from pathlib import Path

import pytest

from contracts.clock import RealClock
from contracts.conformance.process import connector, leftovers, watch
from contracts.conformance.process.output_tail import KEPT_BYTES
from contracts.conformance.recording import Stopped
from contracts.conformance.suite import Suite
from contracts.errors import CommandError
from contracts.verdicts import Outcome, Verdict
from support import until
from support.scenarios import pids_in, runs, scenario

DEADLINE_SECONDS = 60
POST = f"""exec {shlex.quote(sys.executable)} -c '
import os, time, urllib.request
header = {{"X-API-TOKEN": os.environ["QUALTRICS_API_TOKEN"], "Content-Type": "application/json"}}
body = open(os.environ["MESSAGES"], "rb").read()
url = os.environ["QUALTRICS_URL"]
def post(): urllib.request.urlopen(urllib.request.Request(url, body, header)).read()
"""


def told(verdict: Verdict) -> str:
    return "; ".join(verdict.reasons)


def test_it_gets_an_empty_work_folder_no_input_and_no_credential_of_outside(
    suite, tmp_path, monkeypatch
):
    monkeypatch.setenv("QUALTRICS_LEFT_OVER", "of outside")
    monkeypatch.setenv("OF_OUTSIDE", "stays")
    suite('ls -A "$WORK_FOLDER"; cat; env', keep=tmp_path).judge(scenario())
    output = (tmp_path / "one-message" / "output.txt").read_text("utf-8")
    variables = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    assert output.splitlines()[0].partition("=")[0] in variables  # nothing comes before them
    assert "QUALTRICS_LEFT_OVER" not in variables
    assert variables["OF_OUTSIDE"] == "stays"
    assert variables["SCENARIO"] == "one-message"
    assert Path(variables["MESSAGES"]).read_text("utf-8").count("\n") == 1
    assert variables["QUALTRICS_API_TOKEN"] == "***"


def stopped_when_ready(script: str, folder: Path) -> str:
    """Run a script until it has written the file `ready`, stop it, and return its output."""
    ready = folder / "ready"
    ending = connector.run_connector(
        ("sh", "-c", script),
        {"WORK_FOLDER": str(folder), "PATH": "/usr/bin:/bin"},
        DEADLINE_SECONDS,
        clock=RealClock(),
        meanwhile=lambda: Stopped.DECIDED if pids_in(ready) else None,
    )
    assert (ending.exit_code, ending.stopped, ending.left_behind) == (None, Stopped.DECIDED, 0)
    return ending.output


def test_one_whose_time_is_up_is_stopped(suite):
    verdict = suite("exec sleep 1000", timeout_seconds=0.1).judge(scenario())
    assert "it had not ended after" in told(verdict)


def test_one_that_ignores_sigterm_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(connector, "PATIENCE_SECONDS", 0.05)
    stopped_when_ready(
        'trap "" TERM; sleep 1000 & echo $! $$ >"$WORK_FOLDER/ready"; wait', tmp_path
    )
    pids = pids_in(tmp_path / "ready")
    assert len(pids) == 2
    assert not any(map(runs, pids))


def test_one_that_is_stopped_is_asked_to_end_first(tmp_path):
    script = (
        'trap "echo in order; exit" TERM; echo 1 >"$WORK_FOLDER/ready"; '
        "while :; do sleep 0.01; done"
    )
    assert "in order" in stopped_when_ready(script, tmp_path)


def test_where_processes_cannot_be_listed_its_group_ends_with_it(suite, tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "_PROC", tmp_path / "none")
    suite('sleep 1000 & echo $! >"$WORK_FOLDER/pids"', keep=tmp_path).judge(scenario())
    (pid,) = pids_in(tmp_path / "one-message" / "work" / "pids")
    until(lambda: not runs(pid))


def test_children_that_go_on_without_it_are_killed_and_told_of(suite, tmp_path, monkeypatch):
    monkeypatch.setattr(connector, "GRACE_SECONDS", 0.05)
    script = (
        'sleep 1000 & echo $! >"$WORK_FOLDER/pids"; '
        'setsid sleep 1000 & echo $! >>"$WORK_FOLDER/pids"'
    )
    verdict = suite(script, keep=tmp_path).judge(scenario())
    assert "it left 2 of its processes behind, which were killed" in told(verdict)
    assert not any(map(runs, pids_in(tmp_path / "one-message" / "work" / "pids")))


def test_children_that_end_soon_after_it_are_none_left_behind(suite, monkeypatch):
    monkeypatch.setattr(connector, "GRACE_SECONDS", 60.0)
    assert "left" not in told(suite("sleep 0.05 & exit 0").judge(scenario()))


def test_of_much_output_the_end_is_kept_without_the_token(suite, tmp_path):
    script = (
        "head -c 300000 /dev/zero | tr '\\0' x; echo; echo \"with $QUALTRICS_API_TOKEN\"; exit 3"
    )
    verdict = suite(script, keep=tmp_path).judge(scenario())
    output = (tmp_path / "one-message" / "output.txt").read_text("utf-8")
    assert output.startswith("… ")
    assert output.endswith("x\nwith ***\n")
    assert len(output) < KEPT_BYTES + 100
    assert told(verdict).endswith("with ***")


def test_one_that_closes_its_output_is_waited_for(suite):
    verdict = suite("exec >&- 2>&-; sleep 0.05; exit 4").judge(scenario())
    assert "exit code 4" in told(verdict)


def test_one_that_makes_far_too_many_calls_is_stopped(suite, monkeypatch):
    monkeypatch.setattr(watch, "MOST_CALLS", 3)
    monkeypatch.setattr(watch, "MOST_CALLS_EACH", 0)
    monkeypatch.setattr(watch, "TOTALS_SECONDS", 0.01)
    verdict = suite(f"{POST}while True: post()'").judge(scenario())
    assert verdict.outcome is Outcome.FAILED
    assert "more than 3 calls came for 1 messages, and it was stopped" in told(verdict)


def test_one_that_goes_on_is_stopped_once_its_scenario_is_decided(suite, monkeypatch):
    monkeypatch.setattr(watch, "SETTLED_SECONDS", 0.05)
    monkeypatch.setattr(watch, "TOTALS_SECONDS", 0.01)
    verdict = suite(f"{POST}post()\ntime.sleep(1_000)'").judge(scenario())
    assert (verdict.outcome, verdict.reasons) == (Outcome.PASSED, ())


NO_FORMAT = r"cannot be started: Exec format error; expected a first line such as #!/bin/sh"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no program", NO_FORMAT),
        ("\x7fELF of nothing", NO_FORMAT),
        ("#!{folder}/shell\n", "No such file or directory: the program that its first line names"),
    ],
)
def test_a_program_that_is_none_is_wrong_usage(conformance_mock, tmp_path, text: str, said: str):
    program = tmp_path / "program"
    program.write_text(text.format(folder=tmp_path))
    program.chmod(0o755)
    connector.check_command([str(program)])
    with pytest.raises(CommandError, match=said):
        Suite((str(program),), conformance_mock.control_url).judge(scenario())


def test_a_program_that_may_not_be_run_is_told_as_such_wherever_it_is_started(
    conformance_mock, tmp_path
):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    with pytest.raises(CommandError, match=r"is not executable \(chmod \+x\)"):
        Suite((str(program),), conformance_mock.control_url).judge(scenario())


def test_a_key_that_stands_twice_in_an_accepted_body_is_seen(suite):
    twice = r'body = body.replace(b"{", b"{\"extra\": 1, \"extra\": 2, ", 1)'
    verdict = suite(f"{POST}{twice}\npost()'").judge(scenario())
    assert "its body has the key 'extra' twice" in told(verdict)
