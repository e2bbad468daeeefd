"""The commands that ask a running mock: what they do, print and refuse."""

import json
from collections.abc import Iterator

import pytest
import requests
from click.testing import CliRunner, Result

from contracts.control_client import ControlClient
from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.cli import main
from mock_qualtrics.server import RunningServer
from support.rehearsal import trigger_call

PATIENCE_SECONDS = 60  # only a test that fails waits so long
TASK = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
INSTANTS = ("2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z")
DELAY = {"kind": "fixed", "seconds": 0.2}
IDENTITY = {"identityMap": {"Email": [{"id": "dave@example.com"}]}}


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningServer]:
    with serve_in_thread(Settings(clock="virtual")) as server:
        yield server


@pytest.fixture
def mock(shared: RunningServer) -> RunningServer:
    """A server whose default tenant has no calls, no faults and one workflow."""
    tenants = shared.engine.tenants
    tenants.reset(tenants.default.id)
    for other in tenants.all()[1:]:
        tenants.delete(other.id)
    for extra in tenants.default.workflows[1:]:
        tenants.delete_workflow(extra.id)
    tenants.update_workflow(
        tenants.default.workflows[0].id, {"enabled": True, "tasks": [], "delay": DELAY}
    )
    return shared


def ask(mock: RunningServer, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--url", mock.url])


def answer(mock: RunningServer, *words: str) -> str:
    done = ask(mock, *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def refusal(mock: RunningServer, *words: str, code: int = 2) -> str:
    done = ask(mock, *words)
    assert (done.exit_code, done.stdout) == (code, "")
    return done.stderr


def post(mock: RunningServer, query: str = "", **more: object) -> int:
    url = mock.engine.tenants.default.workflows[0].urls(mock.url)["triggerUrl"] + query
    return requests.post(url, json=IDENTITY, timeout=PATIENCE_SECONDS, **more).status_code


def send(mock: RunningServer, body: bytes = b"{}") -> int:
    return mock.engine.receive(trigger_call(mock.engine, body)).status


def test_a_fault_is_added_listed_and_cleared(mock: RunningServer):
    flags = ("--first", "3", "--status", "503", "--retry-after", "2")
    added = json.loads(answer(mock, "fault", "add", "status", *flags, "--json"))
    assert added | {"kind": "status", "when": {"first": 3}, "retryAfterSeconds": 2} == added
    assert send(mock) == 503
    assert answer(mock, "fault", "add", "run-twice").endswith(": run-twice every 1\n")
    answer(mock, "fault", "add", "latency", "--between", *INSTANTS, "--seconds", "0")
    answer(mock, "fault", "add", "run-failed", "--between", "2.5", "60")
    rows = [line.split("\t") for line in answer(mock, "fault", "list").splitlines()]
    assert [row[1:3] for row in rows] == [
        ["status", "first 3"],
        ["run-twice", "every 1"],
        ["latency", f'between ["{INSTANTS[0]}", "{INSTANTS[1]}"]'],
        ["run-failed", "between [2.5, 60.0]"],
    ]
    assert rows[0] == [added["id"], "status", "first 3", "status 503, retryAfterSeconds 2"]
    assert json.loads(answer(mock, "fault", "list", "--json").splitlines()[0]) == added
    assert answer(mock, "fault", "clear", added["id"]) == f"Removed: {added['id']}.\n"
    unknown = refusal(mock, "fault", "clear", added["id"])
    assert (
        f"there is no fault {added['id']}; known: {rows[1][0]}, {rows[2][0]}, {rows[3][0]}"
        in unknown
    )
    assert json.loads(answer(mock, "fault", "clear", "--json"))["removed"] == [
        row[0] for row in rows[1:]
    ]
    assert ask(mock, "fault", "list").stderr == "No faults.\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["sunspots"], "there is no kind of fault sunspots; known: status, "),
        (["status"], "Error: status needs --status, a number 400 to 599\n"),
        (["latency"], "Error: latency needs --seconds, a number 0 to 86400\n"),
        (["redirect"], "Error: redirect needs --location, an absolute URL or a path"),
        (["interim", "--status", "200"], "Error: --status: found 200, expected one of 102, 103"),
        (["lower-limit"], "Error: lower-limit needs --calls-per-minute, a number from 0 on\n"),
        (["status", "--status", "200"], "Error: --status: found 200, expected at least 400\n"),
        (
            ["run-twice", "--status", "503"],
            "Error: --status: a fault of kind run-twice takes no settings but a condition\n",
        ),
        (
            ["status", "--status", "503", "--seconds", "1"],
            "Error: --seconds: a fault of kind status takes only --status and --retry-after\n",
        ),
        (["run-twice", "--first", "1", "--every", "2"], "--first and --every: a fault has one"),
        (
            ["run-twice", "--since-first-call", "0", "1", "--first", "2"],
            "--first and --since-first-call: a fault has one",
        ),
        (
            ["run-twice", "--since-first-call", "9", "3"],
            "Error: --since-first-call TO: found 3.0, expected later than 9.0\n",
        ),
        (["run-twice", "--first", "0"], "not in the range"),
        (["run-twice", "--path", "$["], 'Error: --path: found "$[", expected a JSONPath'),
        (["run-twice", "--between", "now", "9"], 'Error: --between FROM: found "now", expected'),
        (
            ["run-twice", "--between", "9", "3"],
            "Error: --between TO: found 3.0, expected later than 9.0\n",
        ),
    ],
)
def test_a_wrong_fault_is_one_clear_error_and_adds_nothing(mock: RunningServer, words, reason):
    assert reason in refusal(mock, "fault", "add", *words)
    assert ask(mock, "fault", "list").stderr == "No faults.\n"


def test_a_clock_is_advanced(mock: RunningServer):
    assert send(mock) == 202
    before = json.loads(answer(mock, "clock", "advance", "0", "--json"))["now"]
    assert before.startswith("2026-01-01T00:00:00")
    told = answer(mock, "clock", "advance", "3600")
    assert told.startswith("1 run finished: 1 succeeded, 0 failed. It is 2026-01-01T01:00:00")
    assert answer(mock, "clock", "advance", "1").startswith("No runs finished. It is 2026-01-")
    tenant = mock.engine.tenants.default
    assert mock.engine.journal.totals(tenant.number)["succeeded"] == 1
    assert "not in the range" in refusal(mock, "clock", "advance", "--", "-1")
    real = mock.engine.tenants.create({"clock": "real"})
    assert "it answered 409: " in refusal(mock, "clock", "advance", "1", "--tenant", real.id)


def test_an_advance_tells_how_runs_ended_and_what_still_waits(mock: RunningServer):
    mock.engine.tenants.update_workflow(
        mock.engine.tenants.default.workflows[0].id,
        {"tasks": [{**TASK, "failFirst": 1}], "delay": {"kind": "fixed", "seconds": 60}},
    )
    send(mock, json.dumps(IDENTITY).encode())
    assert answer(mock, "clock", "advance", "1").startswith("No runs finished; 1 pending. It is ")
    told = json.loads(answer(mock, "clock", "advance", "60", "--json"))
    assert told.pop("now").startswith("2026-01-01T00:01:01")
    assert told == {"finished": 1, "succeeded": 0, "failed": 1, "pending": 0}


def test_a_clock_is_run_until_nothing_waits(mock: RunningServer):
    send(mock)
    told = answer(mock, "clock", "run-until-idle")
    assert told.startswith("1 run finished: 1 succeeded, 0 failed. It is 2026-01-01T00:00:00.2")
    told = json.loads(answer(mock, "clock", "run-until-idle", "--json"))
    assert told.pop("now").startswith("2026-01-01T00:00:00.2")
    assert told == {"finished": 0, "succeeded": 0, "failed": 0, "pending": 0}


def test_a_workflow_is_disabled_and_enabled_by_its_name_or_alone(mock: RunningServer):
    (workflow,) = mock.engine.tenants.default.workflows
    name, url = workflow.settings.name, workflow.urls(mock.url)["triggerUrl"]
    assert answer(mock, "workflow", "list").split("\t") == [
        name,
        "active",
        workflow.id,
        url + "\n",
    ]
    assert answer(mock, "workflow", "disable") == f"{name} ({workflow.id}): disabled\n"
    assert post(mock) == 404
    told = json.loads(answer(mock, "workflow", "enable", workflow.id, "--json"))
    assert (told["enabled"], told["state"]) == (True, "active")
    mock.engine.tenants.add_workflow(mock.engine.tenants.default, {"name": "New", "draft": True})
    assert "\nNew\tdraft\t" in answer(mock, "workflow", "list")
    assert "there are 2 workflows: name one of" in refusal(mock, "workflow", "disable")
    wrong = refusal(mock, "workflow", "enable", "Newer")
    assert "there is no workflow Newer (did you mean 'New'?); known: " in wrong
    assert f"known: {name} ({workflow.id}), New (WF_" in wrong
    assert answer(mock, "workflow", "enable", "New").endswith(": active\n")
    listed = answer(mock, "workflow", "list", "--json").splitlines()
    assert [json.loads(line)["name"] for line in listed] == [name, "New"]


def test_edits_that_were_kept_are_published(mock: RunningServer):
    (workflow,) = mock.engine.tenants.default.workflows
    mock.engine.tenants.update_workflow(workflow.id, {"retryTasks": True, "publish": False})
    assert "active, with unpublished edits" in answer(mock, "workflow", "list")
    assert answer(mock, "workflow", "publish").endswith(": active\n")
    mock.engine.tenants.update_workflow(workflow.id, {"retryTasks": False})


def test_a_tenant_is_reset(mock: RunningServer):
    send(mock)
    own = mock.engine.tenants.default
    assert answer(mock, "reset") == f"Reset {own.id}: no calls, no runs, no faults.\n"
    assert mock.engine.journal.totals(own.number)["received"] == 0
    unknown = refusal(mock, "reset", "--tenant", "tenant-x")
    assert f"there is no tenant tenant-x; known: {own.id}" in unknown


def test_one_run_is_shown_with_its_tasks(mock: RunningServer):
    (workflow,) = mock.engine.tenants.default.workflows
    mock.engine.tenants.update_workflow(workflow.id, {"tasks": [TASK]})
    send(mock, b'{"a": 1}')
    answer(mock, "clock", "advance", "60")
    (found,) = mock.engine.journal.runs_page(workflow.id).items
    shown = answer(mock, "run", found["id"])
    for line in (f"id:          {found['id']}", "status:      Failed", 'event: {"a": 1}'):
        assert line in shown.splitlines()
    assert "task Invite (email): Failed" in shown
    assert json.loads(answer(mock, "run", found["id"], "--json"))["event"] == {"a": 1}
    other = mock.engine.tenants.create({})
    assert f"of tenant {other.id}" in refusal(mock, "run", found["id"], "--tenant", other.id)
    own = mock.engine.tenants.default.id
    assert answer(mock, "run", found["id"], "--tenant", own) == shown
    assert "it answered 404: " in refusal(mock, "run", "RUN_x", code=1)
    wrong = refusal(mock, "run", found["requestId"])
    assert "expected a run's id, which begins with RUN_" in wrong


def test_calls_are_listed_and_asked_for(mock: RunningServer):
    assert ask(mock, "calls").stderr == "No calls yet.\n"
    assert send(mock) == 202
    assert post(mock, headers={"X-Trace-Id": "trace-1"}) == 400
    assert post(mock, "x") == 404
    rows = [line.split("\t") for line in answer(mock, "calls").splitlines()]
    assert [row[1:4] for row in rows if row[2] != "unknown-trigger"] == [
        ["400", "no-credential", "POST"],
        ["202", "", "POST"],
    ]
    assert any(row[2] == "unknown-trigger" for row in rows)
    assert all(len(row) == 11 for row in rows)
    (asked,) = answer(mock, "calls", "--trace-id", "trace-1", "--json").splitlines()
    assert json.loads(asked)["reason"] == "no-credential"
    by_reason = answer(mock, "calls", "--reason", "no-credential", "--status", "400")
    assert by_reason.split("\t")[6] == "trace-1"
    own = mock.engine.tenants.default.id
    assert answer(mock, "calls", "--tenant", own).count("\n") == 2
    assert answer(mock, "calls", "--limit", "1").count("\n") == 1
    nothing = ask(mock, "calls", "--reason", "rate-limit", "--tenant", own)
    assert nothing.stderr == "No such calls; 2 came in, by reason: no-credential 1.\n"
    assert (nothing.stdout, nothing.exit_code) == ("", 0)


@pytest.mark.parametrize(("draft", "state"), [(True, "a draft"), (False, "disabled")])
def test_a_call_to_a_workflow_that_is_not_enabled_names_it_and_the_way_round(mock, draft, state):
    tenants = mock.engine.tenants
    new = {"name": "My survey", "enabled": False, "draft": draft}
    workflow = tenants.add_workflow(tenants.default, new)
    requests.post(workflow.urls(mock.url)["triggerUrl"], timeout=PATIENCE_SECONDS)
    own = ("--tenant", tenants.default.id)
    listed = ask(mock, "calls", *own)
    assert listed.stdout.rstrip("\n").split("\t")[8] == "My survey"
    way = f"mock-qualtrics workflow enable 'My survey' {' '.join(own)}"
    assert (
        listed.stderr == f"1 of these: the workflow 'My survey' was {state}; to enable it: {way}\n"
    )
    assert ask(mock, "workflow", "enable", "My survey").exit_code == 0


def test_the_way_round_is_a_command_that_finds_the_workflow_and_is_still_needed(mock):
    tenants = mock.engine.tenants
    for name in ("Twice", "Twice", "-v", "Enabled by now"):
        workflow = tenants.add_workflow(tenants.default, {"name": name, "enabled": False})
        requests.post(workflow.urls(mock.url)["triggerUrl"], timeout=PATIENCE_SECONDS)
    assert ask(mock, "workflow", "enable", "Enabled by now").exit_code == 0
    told = ask(mock, "calls").stderr.splitlines()
    now = "1 of these: the workflow 'Enabled by now' was disabled; it is enabled now"
    ways = [line.partition("mock-qualtrics ")[2].split() for line in told if line != now]
    assert (len(told), len(ways)) == (4, 3)
    assert [ask(mock, *way).exit_code for way in ways] == [0, 0, 0]
    assert all(workflow.enabled for workflow in tenants.default.workflows)


def test_the_calls_of_an_identity_are_asked_for(mock: RunningServer):
    send(mock, json.dumps(IDENTITY).encode())
    send(mock)
    own = ("--tenant", mock.engine.tenants.default.id)
    assert answer(mock, "calls", "--identity", "dave@example.com", *own).count("\n") == 1
    assert ask(mock, "calls", "--identity", "eve@example.com", *own).stdout == ""


def test_calls_tell_where_the_token_stood_and_which_faults_they_met(mock: RunningServer):
    token = mock.engine.tenants.default.api_token.reveal()
    header = {"X-API-TOKEN": token}
    answer(mock, "fault", "add", "empty", "--first", "1")
    answer(mock, "fault", "add", "run-twice", "--first", "1")
    for query in ("", f"&token={token}", f"&key={token}"):
        post(mock, query, headers=header)
    post(mock, headers={"X-API-TOKEN": "PLACEHOLDER"})
    listed = ask(mock, "calls", "--tenant", mock.engine.tenants.default.id)
    assert [line.split("\t")[9:] for line in reversed(listed.stdout.splitlines())] == [
        ["header", "empty, run-twice"],
        ["header, query", ""],
        ["header, query", ""],
        ["", ""],
    ]
    (said,) = listed.stderr.splitlines()
    assert said.startswith("2 of these: the API token stood in the URL, which ends in the logs ")
    assert token not in listed.output


def test_a_filter_that_finds_none_denies_no_call(mock: RunningServer):
    requests.get(f"{mock.url}/typo", timeout=PATIENCE_SECONDS)
    token = mock.engine.tenants.default.api_token.reveal()
    requests.get(f"{mock.url}/typo", headers={"X-API-TOKEN": token}, timeout=PATIENCE_SECONDS)
    own = mock.engine.tenants.default.id
    nothing = ask(mock, "calls", "--status", "599")
    (line,) = nothing.stderr.splitlines()
    assert not line.startswith("No such calls; 0 ")
    assert "unknown-path" in line
    nothing = ask(mock, "calls", "--status", "599", "--tenant", own)
    assert nothing.stderr == "No such calls; 1 came in, by reason: unknown-path 1.\n"


@pytest.mark.parametrize(
    "words",
    [
        ["fault", "add", "latency", "--seconds", "nan"],
        ["fault", "add", "run-twice", "--probability", "nan"],
        ["clock", "advance", "inf"],
    ],
)
def test_a_number_that_is_none_is_refused_before_the_mock_is_asked(mock: RunningServer, words):
    assert f"'{words[-1]}' is not a finite number" in refusal(mock, *words)


@pytest.mark.parametrize(
    "words",
    [
        ["run", "RUN_x"],
        ["calls"],
        ["reset"],
        ["fault", "list"],
        ["fault", "add", "run-twice"],
        ["clock", "advance", "1"],
        ["workflow", "list"],
    ],
)
def test_without_a_mock_each_command_says_one_sentence(words):
    done = CliRunner().invoke(main, [*words, "--url", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert done.stderr == "Error: The mock at http://127.0.0.1:9: nothing answers there\n"


@pytest.mark.parametrize("words", [["runs"], ["calls"], ["workflow", "list"]])
def test_an_error_does_not_tell_the_password_in_the_address(words):
    done = CliRunner().invoke(main, [*words, "--url", "http://me:PLACEHOLDER@127.0.0.1:9"])
    assert done.stderr == "Error: The mock at http://127.0.0.1:9: nothing answers there\n"


def test_ctrl_c_ends_a_command_with_3(mock: RunningServer, monkeypatch: pytest.MonkeyPatch):
    def interrupted(_self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ControlClient, "tenants", interrupted)
    assert ask(mock, "reset").exit_code == 3
