"""A failure is stored so that its messages, its curl lines and its test each reproduce it."""

import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Never

import pytest
from click.testing import CliRunner

from contracts.cli import main
from contracts.conformance import trial
from contracts.conformance.catalogue import chosen
from contracts.conformance.stage import Stage
from contracts.conformance.suite import Suite
from contracts.control_client import ControlClient
from contracts.counterexamples.found import Counterexamples
from contracts.counterexamples.replaying import Answer, replay
from contracts.counterexamples.same_failure import kinds
from contracts.errors import MockStartError
from contracts.verdicts import Outcome, Verdict
from mock_qualtrics.server import RunningServer

CONNECTOR = """
import base64, json, os, urllib.error, urllib.request

def post(body):
    pair = f"{os.environ['QUALTRICS_USERNAME']}:{os.environ['QUALTRICS_API_TOKEN']}"
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
    }
    url = os.environ["QUALTRICS_URL"]
    urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60).read()

lines = open(os.environ["MESSAGES"], "rb").read().splitlines()
"""
GOOD = CONNECTOR + "for line in lines: post(line)"
LOSES = CONNECTOR + "for line in lines: post(line) if b'person-00007' not in line else None"
CHANGES = CONNECTOR + "for line in lines: post(line.replace(b'Person 4', b'Person IV'))"
TOKEN_IN_BODY = (
    CONNECTOR
    + """
token = os.environ["QUALTRICS_API_TOKEN"]
for line in lines: post(line[:-1] + b', "token": "%s"}' % token.encode())
"""
)
TRIED = (
    CONNECTOR
    + """
lost = False
for line in lines:
    try:
        post(line)
    except (urllib.error.URLError, OSError):
        lost = True
raise SystemExit(lost)
"""
)
BEARER = TRIED.replace("Basic", "Bearer")
NO_PARAMETERS = TRIED.replace('["QUALTRICS_URL"]', '["QUALTRICS_URL"].partition("?")[0]')
ENDS_WELL = TRIED.replace("SystemExit(lost)", "SystemExit")
TWICE = CONNECTOR + "for line in [*lines, *lines[:1]]: post(line)"
Conform = Callable[..., Verdict]


@pytest.fixture
def connector(tmp_path: Path) -> Path:
    return tmp_path / "connector.py"


@pytest.fixture
def control(qualtrics_server: RunningServer) -> Iterator[ControlClient]:
    with ControlClient(qualtrics_server.control_url) as client:
        yield client


@pytest.fixture
def conform(connector: Path, control: ControlClient, tmp_path: Path) -> Conform:
    def run(source: str, seconds: float = 60.0, scenario: str = "happy-path") -> Verdict:
        connector.write_text(source, "utf-8")
        command = (sys.executable, str(connector))
        found = Counterexamples(
            tmp_path / "kept", command, seconds_each=seconds, seconds_in_all=1_000
        )
        suite = Suite(command, control.control_url, on_failure=found.add)
        return suite.judge(chosen([scenario])[0])

    return run


@pytest.mark.parametrize(
    ("source", "scenario"),
    [
        pytest.param(BEARER, "answer-200", id="bearer"),
        pytest.param(NO_PARAMETERS, "answer-200", id="no-parameters"),
        pytest.param(TRIED, "connection-reset", id="reset"),
        pytest.param(ENDS_WELL, "not-retried-400", id="ends-well"),
        pytest.param(ENDS_WELL, "draft-workflow", id="draft"),
    ],
)
def test_one_message_is_left_and_both_replays_fail_as_it_did(conform, control, source, scenario):
    verdict = conform(source, scenario=scenario)
    folder = Path(verdict.folder)
    assert len((folder / "messages.jsonl").read_text("utf-8").splitlines()) == 1
    script = (folder / "curl.sh").read_text("utf-8")
    assert script.count("\ncurl") == script.count(" --data-binary @call-")
    for command in ((), ("sh", str(folder / "curl.sh"))):
        finding = replay(folder, command, control=control)
        assert finding.answer is Answer.STILL_FAILING
        known = chosen([scenario])[0]
        assert kinds(known, finding.reasons[:1]) == kinds(known, verdict.reasons[:1])


@pytest.mark.parametrize(
    ("source", "left"),
    [
        pytest.param(LOSES, 2, id="loses"),  # alone it would make no call, which is another failure
        pytest.param(CHANGES, 1, id="changes"),
        pytest.param(TWICE, 1, id="twice"),
    ],
)
def test_the_messages_alone_and_the_curl_lines_alone_fail_as_it_did(conform, control, source, left):
    verdict = conform(source)
    assert verdict.outcome is Outcome.FAILED
    folder = Path(verdict.folder)
    assert len((folder / "messages.jsonl").read_text("utf-8").splitlines()) == left
    by_messages = replay(folder, control=control)
    by_curl = replay(folder, ["sh", str(folder / "curl.sh")], control)
    assert [by_messages.answer, by_curl.answer] == [Answer.STILL_FAILING] * 2
    assert by_curl.reasons[0].partition(":")[0] != "in another way than before"


def test_a_mended_connector_is_told_as_fixed(conform, control, connector):
    folder = Path(conform(CHANGES).folder)
    connector.write_text(GOOD, "utf-8")
    assert replay(folder, control=control).answer is Answer.FIXED


def test_a_connector_that_is_gone_or_makes_no_call_cannot_be_told(
    conform, control, connector, tmp_path
):
    folder = Path(conform(CHANGES).folder)
    connector.write_text("raise SystemExit(3)", "utf-8")
    assert replay(folder, control=control).answer is Answer.CANNOT_TELL
    gone = replay(folder, [f"{tmp_path}/command", "--api-token=PLACEHOLDER"], control)
    assert gone.ran == f"{tmp_path}/command --api-token=***"
    assert (gone.answer, "cannot be started" in gone.reasons[0]) == (Answer.CANNOT_TELL, True)


def test_a_connector_that_spoils_its_folder_is_judged_all_the_same(
    conform, control, tmp_path, monkeypatch
):
    folder = Path(conform(CHANGES, 0.0).folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spoil = 'cd /; folder=$(dirname "$WORK_FOLDER"); rm -rf "$folder"; : >"$folder"; exit 1'
    assert replay(folder, ["sh", "-c", spoil], control).answer is Answer.CANNOT_TELL


def test_the_stored_test_fails_and_the_command_tells_the_answer(conform):
    """Both start a mock of their own."""
    folder = Path(conform(CHANGES).folder)
    spec = importlib.util.spec_from_file_location("stored", folder / "test_happy_path.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(AssertionError, match="STILL FAILING happy-path"):
        module.test_happy_path()
    done = CliRunner().invoke(main, ["replay", "--json", str(folder.parents[1])])
    assert [row["answer"] for row in json.loads(done.stdout)] == ["STILL FAILING"]
    assert done.exit_code == 1


def test_the_verdict_says_where_and_shows_a_curl_line_without_the_token(conform, control):
    verdict = conform(CHANGES)
    said = "\n".join(verdict.notes)
    assert f"it fails with 1 of its 10 profiles: {verdict.folder}/profiles.jsonl" in said
    assert "$QUALTRICS_API_TOKEN" in said
    tokens = {tenant["apiToken"] for tenant in control.tenants()}
    stored = "".join(file.read_text("utf-8") for file in Path(verdict.folder).iterdir())
    assert not [token for token in tokens if token in stored + said]


def test_a_token_in_a_body_is_not_stored(conform, monkeypatch):
    tokens = []
    set_stage = trial.set_stage

    def noted(*arguments: object) -> Stage:
        stage = set_stage(*arguments)
        tokens.append(stage.token)
        return stage

    monkeypatch.setattr(trial, "set_stage", noted)
    folder = Path(conform(TOKEN_IN_BODY, 0.0).folder)
    stored = "".join(file.read_text("utf-8") for file in folder.iterdir())
    assert '"token":"***"' in stored.replace(" ", "")
    assert [token in stored for token in tokens] == [False]


def test_the_calls_of_the_judged_run_are_stored_by_their_request_ids(conform):
    verdict = conform(CHANGES)
    lines = (Path(verdict.folder) / "calls.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["requestId"] for line in lines}) == 10
    named = re.findall(r"request ([0-9a-f-]{36})", " ".join(verdict.reasons))
    assert named
    assert not [each for each in named if not any(each in line for line in lines)]


def test_without_time_all_messages_are_stored(conform):
    verdict = conform(CHANGES, 0.0)
    assert "it fails with 10 of its 10 profiles" in "\n".join(verdict.notes)


def test_a_folder_that_cannot_be_written_leaves_the_verdict(conform, tmp_path):
    (tmp_path / "kept").write_text("a file", "utf-8")
    verdict = conform(CHANGES)
    assert verdict.outcome is Outcome.FAILED
    assert "it is not stored: " in verdict.notes[-1]
    assert verdict.folder is None


def test_a_connector_that_passes_stores_nothing(conform, tmp_path):
    assert conform(GOOD).folder is None
    assert not (tmp_path / "kept").exists()


def test_a_folder_without_a_stored_failure_is_wrong_usage(tmp_path):
    done = CliRunner().invoke(main, ["replay", str(tmp_path)])
    assert (done.exit_code, "expected a folder with a counterexample.json" in done.stderr) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (MockStartError(1, "no space"), 5, "CANNOT TELL happy-path\n  the mock ended with 1"),
        (KeyboardInterrupt(), 3, "error: interrupted; give the same command again"),
    ],
)
def test_without_a_mock_or_interrupted_nothing_is_told(conform, monkeypatch, raised, code, said):
    def start_mock(*_: object, **__: object) -> Never:
        raise raised

    folder = conform(CHANGES, 0.0).folder
    monkeypatch.setattr("contracts.conformance.process.suite_mock.start_mock", start_mock)
    done = CliRunner().invoke(main, ["replay", folder])
    assert (done.exit_code, said in done.output) == (code, True)
