"""``mock-qualtrics runs``: what it prints of Run history, and what it says when it cannot."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from click.testing import CliRunner, Result

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.cli import main
from mock_qualtrics.server import RunningServer
from mock_qualtrics.server.tls import certify
from mock_qualtrics.settings import Limits
from support.rehearsal import trigger_call

TOKEN = "placeholder-control-token"
PATIENCE_SECONDS = 60  # only a test that fails waits so long
Serve = Callable[..., RunningServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as servers:
        yield lambda settings=None, **more: servers.enter_context(
            serve_in_thread(settings or Settings(), **more)
        )


def runs(url: str, *flags: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(main, ["runs", "--url", url, *flags])


def send(server: RunningServer, *bodies: bytes) -> None:
    for body in bodies:
        assert server.engine.receive(trigger_call(server.engine, body)).status == 202


def wait(server: RunningServer, **counts: int) -> None:
    tenant = server.engine.tenants.default
    assert server.engine.wait(tenant.id, counts, PATIENCE_SECONDS)


def test_run_history_is_listed_on_the_terminal(serve: Serve, terminal):
    terminal(200)
    server = serve()
    assert runs(server.url).stdout == "No runs yet.\n"
    send(server, b'{"a": 1}', b'{"a": 2}')
    wait(server, succeeded=2)
    table = runs(server.url).stdout
    assert "Started on" in table
    assert "Workflow name" in table
    assert table.count("Succeeded") == 2
    lines = runs(server.url, "--json", "--limit", "1").stdout.splitlines()
    assert [json.loads(line)["event"] for line in lines] == [{"a": 2}]
    failed = runs(server.url, "--status", "failed", "--json")
    assert (failed.stdout, failed.exit_code) == ("", 0)
    failed = runs(server.url, "--status", "Failed")
    assert (failed.stdout, failed.stderr, failed.exit_code) == ("No failed runs.\n", "", 0)


def test_calls_that_started_nothing_are_told(serve: Serve):
    server = serve(Settings(limits=Limits(calls_per_minute=1)))
    tenant = server.engine.tenants.default.to_mapping(server.url)
    url = tenant["workflows"][0]["triggerUrl"]
    for asked in (url, url, url, url + "x"):
        requests.post(asked, json={}, timeout=PATIENCE_SECONDS)
    token = {"X-API-TOKEN": tenant["apiToken"]}
    mistyped = url.replace("/triggers", "/trigger")
    requests.post(mistyped, json={}, headers=token, timeout=PATIENCE_SECONDS)
    requests.get(f"{server.url}/API/v3/whoami", headers=token, timeout=PATIENCE_SECONDS)
    for _ in range(2):
        server.engine.receive(trigger_call(server.engine))
    done = runs(server.url + "/")
    reasons = "no-credential 3, unknown-trigger 1, rate-limit 1, unknown-path 1"
    told = f"Calls that started nothing: {reasons}; {server.url}/runs lists the latest.\n"
    assert (done.stderr, done.exit_code) == (told, 0)
    assert runs(server.url, "--json").stderr == ""


UNMET = {
    "name": "A workflow whose name is far longer than any column",
    "delay": {"kind": "fixed", "seconds": 0},
    "conditions": {"all": [{"path": "$.vip", "exists": True}]},
    "fields": [{"name": "email", "path": "$.email"}],
    "tasks": [{"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}],
}


def test_off_a_terminal_a_run_is_a_line_of_cells_between_tabs(serve: Serve):
    server = serve()
    nothing = runs(server.url)
    assert (nothing.stdout, nothing.stderr) == ("", "No runs yet.\n")
    (workflow,) = server.engine.tenants.default.workflows
    server.engine.tenants.update_workflow(workflow.id, UNMET)
    send(server, b'{"vip": 1}')
    wait(server, failed=1)
    (run,) = server.engine.journal.runs_page(workflow.id).items
    cells = [run["startedOn"], UNMET["name"], "Failed", run["id"], run["error"]]
    assert runs(server.url, COLUMNS="20").stdout == "\t".join(cells) + "\n"


def test_one_tenant_s_runs_are_asked_for(serve: Serve):
    server = serve()
    send(server, b"{}")
    other = server.engine.tenants.create({})
    assert runs(server.url, "--tenant", other.id).stdout == ""
    own = server.engine.tenants.default.id
    assert runs(server.url, "--tenant", own).stdout.count("\n") == 1
    unknown = runs(server.url, "--tenant", "tenant-x")
    assert unknown.exit_code == 2
    assert f"there is no tenant tenant-x; known: {own}, {other.id}" in unknown.stderr


@pytest.mark.parametrize("path", ["/", "/runs", "/runs/WR_1", "/__control/v1/", "?a=b"])
def test_any_address_of_the_mock_is_its_address(serve: Serve, path: str):
    done = runs(serve().url + path)
    assert (done.stderr, done.exit_code) == ("No runs yet.\n", 0)


@pytest.mark.parametrize("columns", [40, 80])
def test_in_few_columns_no_id_and_no_instant_is_broken(serve: Serve, terminal, columns: int):
    terminal(columns)
    server = serve()
    tenants = server.engine.tenants
    (workflow,) = tenants.default.workflows
    tenants.update_workflow(workflow.id, UNMET)
    send(server, b'{"vip": 1}', b"{}")
    wait(server, failed=1, succeeded=1)
    done = runs(server.url)
    found = server.engine.journal.runs_page(workflow.id).items
    for run in found:
        for whole in (run["id"], run["startedOn"], run["status"]):
            assert whole in done.stdout
    said = " ".join(done.stdout.split())
    reasons = (
        "no task ran: conditions not met",
        "task Invite failed: the field email has no value",
    )
    for run, reason in zip(found, reasons, strict=True):
        assert f"{run['id']}: {reason}" in said


def test_without_a_mock_there_is_one_clear_message():
    done = runs("http://127.0.0.1:9")
    assert done.exit_code == 1
    assert "nothing answers there" in done.stderr


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8084", "localhost:8084", "ftp://h", "http://", "http://["]
)
def test_a_wrong_address_is_told_what_one_looks_like(url: str):
    done = runs(url)
    assert done.exit_code == 2
    assert "expected http://HOST:PORT" in done.stderr


def test_the_control_token_is_asked_for_where_one_is_demanded(serve: Serve):
    url = serve(Settings(control_token=TOKEN)).url
    done = runs(url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "it answered 401: give --control-token" in done.stderr
    wrong = runs(url, "--control-token", "PLACEHOLDER-WRONG")
    assert "it answered 401: the control token is not the one" in wrong.stderr
    assert "PLACEHOLDER-WRONG" not in wrong.stderr
    no_header = runs(url, "--control-token", "ä€")
    assert "the control token: expected ASCII" in no_header.stderr
    assert "Traceback" not in no_header.stderr
    right = runs(url, "--control-token", TOKEN)
    assert (right.exit_code, right.stderr) == (0, "No runs yet.\n")


def test_a_certificate_that_is_not_trusted_is_told(serve: Serve, tmp_path):
    ca_file = tmp_path / "ca.pem"
    url = serve(tls=certify(ca_file, ())).url
    distrusted = runs(url)
    assert "Else point REQUESTS_CA_BUNDLE" in distrusted.stderr
    trusted = runs(url, REQUESTS_CA_BUNDLE=str(ca_file))
    assert (trusted.exit_code, trusted.stderr) == (0, "No runs yet.\n")


def test_an_event_beyond_python_s_limits_is_printed_as_it_came(serve: Serve):
    server = serve()
    event = b'{"n": ' + b"9" * 5_000 + b', "m": 1e999}'
    send(server, event)
    wait(server, succeeded=1)
    assert runs(server.url).stdout.count("Succeeded") == 1
    assert event.decode() in runs(server.url, "--json").stdout


def test_more_runs_than_can_be_counted_are_refused(serve: Serve):
    refused = runs("http://127.0.0.1:9", "--limit", "9" * 30)
    assert refused.exit_code == 2
    assert "not in the range" in refused.stderr


def test_a_host_that_no_resolver_takes_is_one_sentence():
    refused = runs(f"http://{'h' * 300}")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: The mock at http://hhh")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("columns", [80, 200])
def test_names_and_errors_of_others_steer_no_terminal(serve: Serve, terminal, columns: int):
    terminal(columns)
    server = serve()
    tenants = server.engine.tenants
    (workflow,) = tenants.default.workflows
    task = {"name": "t\x1b[2J", "type": "email", "settings": {"a": "~{aedj://x}"}}
    tenants.update_workflow(workflow.id, {"name": "w\x1b]0;\x07\u202e[red]", "tasks": [task]})
    send(server, b"{}")
    wait(server, failed=1)
    shown = runs(server.url).stdout
    assert r"w\u001b]0;\u0007" in shown  # a narrow table folds it
    assert r"t\u001b[2J" in shown.replace("\n", "")
    assert "\x1b" not in shown
    as_json = runs(server.url, "--json").stdout
    assert as_json.rstrip("\n").isprintable()
    assert json.loads(as_json)["workflowName"] == "w\x1b]0;\x07\u202e[red]"


def test_a_pending_run_says_when_it_is_due_and_that_its_clock_must_be_advanced(serve: Serve):
    server = serve(Settings(clock="virtual"))
    send(server, b"{}")
    due = "due on 2026-01-01T00:00:00.200000Z; the clock is virtual: the run stays pending"
    assert due in runs(server.url, COLUMNS="400").stdout
    (line,) = runs(server.url, "--json").stdout.splitlines()
    assert json.loads(line)["dueOn"] == "2026-01-01T00:00:00.200000Z"
