"""``mock-qualtrics exec``: a command beside a mock of its own, in the test's process."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_qualtrics import Settings
from mock_qualtrics.cli import main
from mock_qualtrics.engine import Engine

CALLS = """
import os, requests
auth = (os.environ["QUALTRICS_USERNAME"], os.environ["QUALTRICS_API_TOKEN"])
url = os.environ["QUALTRICS_URL"]
assert url.startswith(os.environ["MOCK_QUALTRICS_URL"] + "/inbound-event/")
for where, credential in ((url, auth), (url, None), (url + "x", None)):
    print(requests.post(where, json={}, auth=credential, timeout=60).status_code)
raise SystemExit(7)
"""


def execute(*words: str) -> Result:
    return CliRunner().invoke(main, ["exec", *words])


def test_a_command_reaches_its_mock_and_its_exit_code_and_what_came_in_are_told(capfd):
    done = execute("--", sys.executable, "-c", CALLS)
    assert capfd.readouterr().out.split() == ["202", "400", "404"]
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "mock-qualtrics: 2 calls came in: 1 accepted, 1 refused (no-credential 1), 1 call named no "
        "tenant; runs: 1 "
    )
    assert line.endswith(". The command ended with exit code 7.")
    assert done.exit_code == 7


def test_runs_that_are_not_due_when_the_command_ends_are_said_never_to_run():
    done = execute("--clock", "virtual", "--", sys.executable, "-c", CALLS)
    assert "; runs: 1 pending (never run: the mock ended before they were due). " in done.stderr


def test_a_server_that_has_ended_leaves_no_object_out_of_collections():
    assert execute("true").exit_code == 0
    assert gc.get_freeze_count() == 0


def test_the_last_line_is_json_when_asked_for():
    done = execute("--json", "true")
    told = json.loads(done.stderr)
    assert (told["exitCode"], told["totals"]["received"], told["unattributed"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ["there-is-no-such-command"],
            127,
            "started: there-is-no-such-command: there is no such command. The exit code is 127.\n",
        ),
        (
            ["--", "/"],
            126,
            "The command was not started: /: Permission denied. The exit code is 126.\n",
        ),
        (["--", ""], 2, "Invalid value for COMMAND: it is empty, expected a program's name\n"),
        (
            ["--", "sh", "-c", "kill -9 $$"],
            137,
            "no call came in. The command ended with exit code 137 (SIGKILL)",
        ),
        ([], 2, "Missing argument 'COMMAND...'"),
        (["--store", "nonsense", "true"], 2, "sqlite:///PATH"),
        (["--workflows", "missing/workflows.toml", "true"], 2, "No such file"),
    ],
)
def test_what_goes_wrong_is_told_with_the_exit_code_of_a_shell(
    tmp_path, monkeypatch, words, code, told
):
    monkeypatch.chdir(tmp_path)
    done = execute(*words)
    assert told in done.stderr
    assert done.exit_code == code


def test_in_json_too_it_is_told_why_a_command_was_not_started():
    told = json.loads(execute("--json", "--", "there-is-no-such-command").stderr)
    assert told["notStarted"] == "there-is-no-such-command: there is no such command"
    assert told["exitCode"] == 127


def test_a_store_without_a_workflow_is_one_clear_error(tmp_path):
    store = f"sqlite:///{tmp_path}/mock.db"
    with Engine(Settings(store=store)) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.delete_workflow(workflow.id)
    done = execute("--store", store, "true")
    assert "its store has no workflow: give --workflows FILE.toml" in done.stderr
    assert done.exit_code == 2


OTHERS = """
import os, requests
mock, token = os.environ["MOCK_QUALTRICS_URL"], os.environ["QUALTRICS_API_TOKEN"]
for path in ("/API/v3/whoami", "/typo"):
    requests.get(mock + path, headers={"X-API-TOKEN": token}, timeout=60)
"""


def test_calls_to_other_paths_came_in_too():
    done = execute("--", sys.executable, "-c", OTHERS)
    assert ", 2 calls to other paths (unknown-path 1, whoami 1). The command" in done.stderr
    assert "no call came in" not in done.stderr


def test_the_command_gets_the_control_token_that_its_mock_asks_for(tmp_path, capfd):
    file = tmp_path / "token"
    file.write_text("PLACEHOLDER-CONTROL-TOKEN\n", "utf-8")
    file.chmod(0o600)
    print_it = "import os; print(os.environ['MOCK_QUALTRICS_CONTROL_TOKEN'])"
    done = execute("--control-token-file", str(file), "--", sys.executable, "-c", print_it)
    assert done.exit_code == 0
    assert capfd.readouterr().out == "PLACEHOLDER-CONTROL-TOKEN\n"


def test_an_error_stream_that_nobody_reads_leaves_the_exit_code_as_it_is():
    words = ["--", "sh", "-c", "exit 5"]
    script = "import sys; from mock_qualtrics.cli import main; main(['exec', *sys.argv[1:]])"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", script, *words], stderr=full, check=False)
    assert done.returncode == 5


def test_seconds_that_are_no_number_are_refused():
    done = execute("--stop-seconds", "nan", "true")
    assert "'nan' is not a finite number" in done.stderr
    assert done.exit_code == 2
