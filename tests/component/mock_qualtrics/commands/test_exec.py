"""``mock-qualtrics exec``: a command beside a mock of its own, in the test's process."""

import json
import sys

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


def test_the_last_line_is_json_when_asked_for():
    done = execute("--json", "true")
    told = json.loads(done.stderr)
    assert (told["exitCode"], told["totals"]["received"], told["unattributed"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["there-is-no-such-command"], 127, "there-is-no-such-command: there is no such command"),
        (
            ["--", "sh", "-c", "kill -9 $$"],
            137,
            "no call came in. The command ended with exit code 137 (SIGKILL)",
        ),
        ([], 2, "Missing argument 'COMMAND...'"),
        (["--store", "nonsense", "true"], 2, "sqlite:///PATH"),
        (["--workflows", "/nonexistent.toml", "true"], 2, "No such file"),
    ],
)
def test_what_goes_wrong_is_told_with_the_exit_code_of_a_shell(words, code, told):
    done = execute(*words)
    assert told in done.stderr
    assert done.exit_code == code


def test_a_store_without_a_workflow_is_one_clear_error(tmp_path):
    store = f"sqlite:///{tmp_path}/mock.db"
    with Engine(Settings(store=store)) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.delete_workflow(workflow.id)
    done = execute("--store", store, "true")
    assert "its store has no workflow: give --workflows FILE.toml" in done.stderr
    assert done.exit_code == 2
