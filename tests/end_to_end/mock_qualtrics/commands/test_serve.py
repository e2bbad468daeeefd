"""``mock-qualtrics serve`` as its users meet it: a process, its flags, what it prints."""

import json
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contracts import validate
from support import until

TOKEN = "placeholder-control-token"
EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "post-purchase" / "workflows.toml"
CALLS = ["--web-service-calls", "--web-service-host"]


def command(*arguments: str, **more: Any):  # noqa: ANN401  what run takes
    words = [sys.executable, "-m", "mock_qualtrics", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **more)


def test_what_is_printed_on_start_is_all_that_one_needs(serve):
    served = serve()
    out, _, code = served.stop()
    tenant = served.tenant
    assert code == 0
    for shown in (
        tenant["workflows"][0]["triggerUrl"],
        tenant["username"],
        tenant["apiToken"],
        served.control_url,
        served.ready["pageUrl"],
        "--store sqlite:///",
    ):
        assert shown in out


def test_the_printed_curl_line_works_when_pasted(serve):
    assert shutil.which("curl"), "curl is needed"
    served = serve()
    line = served.printed("curl ")
    assert line.startswith("curl ")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["meta"]["httpStatus"] == "200 - OK"
    assert served.wait(succeeded=1)["succeeded"] == 1


def test_the_ready_file_is_whole_and_its_owners_alone(serve, tmp_path):
    served = serve()
    assert validate(served.ready, "ready-file") == []
    assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
    assert served.session.get(served.ready["pageUrl"], timeout=60).status_code == 200
    assert served.control.health()["status"] == "ok"


def test_json_instead_of_words(serve):
    served = serve("--json")
    out, _, _ = served.stop()
    assert json.loads(out) == served.ready


def test_the_default_tenant_is_kept_on_disk(serve, tmp_path):
    flags = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*flags)
    assert first.post_event().status_code == 200
    first.wait(succeeded=1)
    first.stop()
    second = serve(*flags)
    assert second.tenant["apiToken"] == first.tenant["apiToken"]
    tokens = [served.tenant["workflows"][0]["triggerUrl"] for served in (first, second)]
    assert len({token.partition("urlTokenId")[2] for token in tokens}) == 1
    assert second.wait(succeeded=1)["succeeded"] == 1


def test_what_a_person_and_a_job_are_shown_first_is_a_workflow_that_takes_calls(serve, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*store)
    assert first.post_event().status_code == 200  # so that its workflow stays, disabled
    first.wait(succeeded=1)
    first.stop()
    second = serve(*store, "--workflows", str(EXAMPLE))
    shown = second.tenant["workflows"]
    assert shown[0]["name"] == "Survey after a purchase"
    assert shown[1]["id"] == first.tenant["workflows"][0]["id"]
    line = second.printed("curl ")
    subprocess.run(["sh", "-c", line], capture_output=True, check=True)
    second.wait(succeeded=2)
    (run,) = second.control.runs(shown[0]["id"]).items
    assert [task["status"] for task in run["tasks"]] == ["Succeeded", "Succeeded"]


def test_limits_are_flags(serve):
    flags = ("--calls-per-minute", "2", "--payload-bytes", "10", "--runs-per-day", "1")
    served = serve(*flags)
    limits = served.control.tenant(served.tenant_id)["limits"]
    assert limits == {"callsPerMinute": 2, "payloadBytes": 10, "runsPerDay": 1}
    statuses = [served.post_event(body).status_code for body in ("{}", '{"a": 1234}', "{}", "{}")]
    assert statuses == [200, 413, 200, 429]


def test_the_default_tenants_clock_can_be_virtual(serve):
    served = serve("--clock", "virtual", "--seed", "7")
    tenant = served.control.tenant(served.tenant_id)
    assert (tenant["clock"], tenant["seed"]) == ("virtual", 7)
    served.post_event()
    answer = served.session.get(
        f"{served.control_url}/tenants/{tenant['id']}/wait?succeeded=1", timeout=60
    )
    assert answer.status_code == 409


GOOD = """
[[workflows]]
name = "Send the survey"
delay = { kind = "fixed", seconds = 0 }
"""


def test_a_workflows_file_is_read_again_without_losing_the_journal(serve, tmp_path):
    file = tmp_path / "workflows.toml"
    file.write_text(GOOD)
    served = serve("--workflows", str(file))
    (workflow,) = served.tenant["workflows"]
    assert workflow["name"] == "Send the survey"
    served.post_event()
    served.wait(succeeded=1)

    file.write_text(GOOD + "enabled = false\n")
    until(lambda: not served.control.workflow(workflow["id"])["enabled"])
    file.write_text(GOOD + "enabled = 'perhaps'\n")
    file.write_text(GOOD + '[[workflows]]\nname = "Second"\n')
    until(lambda: len(served.control.tenants()[0]["workflows"]) == 2)
    assert served.control.workflow(workflow["id"])["enabled"]
    assert len(served.control.runs(workflow["id"]).items) == 1


def test_a_bad_edit_is_reported_and_the_old_file_stays_in_force(serve, tmp_path):
    file = tmp_path / "workflows.toml"
    file.write_text(GOOD)
    served = serve("--workflows", str(file))
    file.write_text("[[workflows]]\nname = 3\n")
    line = served.logged("$.workflows[0].name")  # or: not whole yet
    assert "stay as they were" in line
    (workflow,) = served.control.tenants()[0]["workflows"]
    assert workflow["name"] == "Send the survey"


BACKWARDS = b"""
[[workflows]]
name = 'a'
delay = {kind = 'uniform', low_seconds = 2, high_seconds = 1}
"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[[workflows]]\nname = 3\n", "$.workflows[0].name"),
        (b"[[workflows]]\nname = 'a'\n[[workflows]]\nname = 'a'\n", "'a' 2 times"),
        (BACKWARDS, "$.workflows[0].delay"),
        (BACKWARDS.replace(b"= 1}", b"= 1e300}"), "$.workflows[0].delay.high_seconds"),
        (b"[[workflows]\n", "invalid TOML"),
        (b"\xff", "invalid UTF-8"),
        (b"", "workflows"),
        (None, "No such file"),
    ],
)
def test_a_wrong_workflows_file_is_refused_with_every_reason(tmp_path, content, reason):
    file = tmp_path / "workflows.toml"
    if content is not None:
        file.write_bytes(content)
    done = command("serve", "--port", "0", "--workflows", str(file))
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--host", "0.0.0.0"], "--control-token"),
        (["--port", "70000"], "--port"),
        (["--store", "nonsense"], "sqlite:///PATH"),
        (["--store", "sqlite:///"], "sqlite:///PATH"),
        (["--store", "sqlite:////nonexistent/folder/mock.db"], "store"),
        (["--clock", "sundial"], "--clock"),
        (["--calls-per-minute", "many"], "--calls-per-minute"),
        (["--ready-file", "/nonexistent/ready.json"], "folder does not exist"),
        (["--ready-file", "/dev/null"], "expected a regular file"),
        (["--web-service-host", "h.example"], "give --web-service-calls too"),
        ([*CALLS, "https://h.example"], "expected a host alone"),
        ([*CALLS, "h.example:443"], "expected a host alone"),
        ([*CALLS, "[::1]"], "expected a host alone"),
        ([*CALLS, ""], "expected a host alone"),
        (["--unheard-of"], "No such option"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_clear_message(flags, reason):
    done = command("serve", "--port", "0", *flags)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_one_clear_message():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("serve", "--port", str(taken.getsockname()[1]))
        port = taken.getsockname()[1]
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: port {port} is taken on 127.0.0.1")
    assert line.endswith("--port 0 takes a free one")


def test_an_address_that_is_not_this_machines_is_one_clear_message():
    done = command("serve", "--host", "192.0.2.1", "--port", "0", "--control-token", TOKEN)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "cannot listen on 192.0.2.1, port 0: " in line


def test_the_log_speaks_of_the_mock_alone(serve):
    _, err, _ = serve().stop()
    assert "INFO mock_qualtrics.server: Shutting down" in err
    assert "uvicorn" not in err


def test_the_control_token_guards_control_api_and_pages_and_not_the_trigger(serve):
    served = serve(
        "--host", "127.0.0.1", "--control-token", TOKEN, "--allowed-host", "mock.example"
    )
    session, control = served.session, served.control_url
    assert session.get(f"{control}/tenants", timeout=60).status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert session.get(f"{control}/tenants", headers=bearer, timeout=60).status_code == 200
    named = {**bearer, "Host": "mock.example"}
    assert session.get(f"{control}/tenants", headers=named, timeout=60).status_code == 200
    assert session.get(f"{served.url}/runs", timeout=60).url.endswith("/login")
    assert served.post_event().status_code == 200
    login = session.post(f"{served.url}/login", data={"token": TOKEN}, timeout=60)
    assert login.url.endswith("/runs")
    assert session.get(f"{control}/tenants", timeout=60).status_code == 200
    out, err, _ = served.stop()
    assert TOKEN not in out + err


def test_a_rejected_credential_is_in_no_output_and_no_file(serve, tmp_path):
    secret = "REJECTEDPLACEHOLDERREJECTEDPLACEHOLDERRE"
    served = serve("--store", f"sqlite:///{tmp_path}/mock.db")
    url = served.tenant["workflows"][0]["triggerUrl"]
    for target in (url, f"{url}&token={secret}", f"{served.url}/{secret}?x={secret}"):
        for headers in ({"X-API-TOKEN": secret}, {"Authorization": f"Bearer {secret}"}):
            served.session.post(target, json={}, headers=headers, timeout=60)
        served.session.post(target, json={}, auth=("someone", secret), timeout=60)
    served.session.get(f"{served.url}/API/v3/whoami", headers={"X-API-TOKEN": secret}, timeout=60)
    out, err, code = served.stop()
    assert code == 0
    assert secret not in out + err
    for file in tmp_path.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_the_command_says_its_version_and_its_help():
    assert "0." in command("--version").stdout
    for words in ([], ["serve"], ["runs"]):
        done = command(*words, "--help")
        assert done.returncode == 0
        assert "Example: " in done.stdout


def test_runs_lists_run_history_on_the_terminal(serve):
    served = serve()
    assert command("runs", "--url", served.url).stdout == "No runs yet.\n"
    for body in ('{"a": 1}', '{"a": 2}'):
        served.post_event(body)
    served.wait(succeeded=2)
    table = command("runs", "--url", served.url, env={"COLUMNS": "200"}).stdout
    assert "Started on" in table
    assert "Workflow name" in table
    assert table.count("Succeeded") == 2
    lines = command("runs", "--url", served.url, "--json", "--limit", "1").stdout.splitlines()
    assert [json.loads(line)["event"] for line in lines] == [{"a": 2}]
    failed = command("runs", "--url", served.url, "--status", "failed", "--json")
    assert (failed.stdout, failed.returncode) == ("", 0)
    failed = command("runs", "--url", served.url, "--status", "Failed")
    assert (failed.stdout, failed.stderr, failed.returncode) == ("No failed runs.\n", "", 0)


def test_runs_tells_of_calls_that_started_nothing(serve):
    served = serve("--calls-per-minute", "1")
    url = served.tenant["workflows"][0]["triggerUrl"]
    for asked in (url, url, url, url + "x"):
        served.session.post(asked, json={}, timeout=60)
    for _ in range(2):
        served.post_event()
    done = command("runs", "--url", served.url + "/")
    reasons = "no-credential 3, unknown-trigger 1, rate-limit 1"
    told = f"Calls that started nothing: {reasons}; {served.url}/runs lists the latest.\n"
    assert (done.stderr, done.returncode) == (told, 0)
    assert command("runs", "--url", served.url, "--json").stderr == ""


UNMET = """
[[workflows]]
name = "A workflow whose name is far longer than any column"
delay = { kind = "fixed", seconds = 0 }
conditions = { all = [ { path = "$.vip", exists = true } ] }
[[workflows.fields]]
name = "email"
path = "$.email"
[[workflows.tasks]]
name = "Invite"
type = "email"
settings = { to = "~{aedj://email}" }
"""


def test_in_80_columns_no_id_and_no_instant_is_broken(serve, tmp_path):
    (tmp_path / "workflows.toml").write_text(UNMET)
    served = serve("--workflows", "workflows.toml")
    served.post_event('{"vip": 1}')
    served.post_event("{}")
    served.wait(failed=1, succeeded=1)
    done = command("runs", "--url", served.url, env={"COLUMNS": "80"})
    runs = served.control.runs(served.workflow_id).items
    for run in runs:
        for whole in (run["id"], run["startedOn"], run["status"]):
            assert whole in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    said = " ".join(done.stdout.split())
    reasons = (
        "no task ran: conditions not met",
        "task Invite failed: the field email has no value",
    )
    for run, reason in zip(runs, reasons, strict=True):
        assert f"{run['id']}: {reason}" in said


def test_runs_without_a_mock_is_one_clear_message():
    done = command("runs", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "nothing answers there" in done.stderr


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8084", "localhost:8084", "ftp://h", "http://", "http://["]
)
def test_runs_says_what_an_address_looks_like(url):
    done = command("runs", "--url", url)
    assert done.returncode == 2
    assert "expected http://HOST:PORT" in done.stderr


def test_runs_asks_for_the_control_token_where_one_is_demanded(serve):
    served = serve("--control-token", TOKEN)
    done = command("runs", "--url", served.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "it answered 401: give --control-token" in done.stderr
    wrong = command("runs", "--url", served.url, "--control-token", "PLACEHOLDER-WRONG")
    assert "--control-token" in wrong.stderr
    no_header = command("runs", "--url", served.url, "--control-token", "ä€")
    assert "--control-token: expected ASCII" in no_header.stderr
    assert "Traceback" not in no_header.stderr
    right = command("runs", "--url", served.url, "--control-token", TOKEN)
    assert (right.returncode, right.stdout) == (0, "No runs yet.\n")


def test_runs_says_that_it_does_not_trust_a_certificate(serve, tmp_path):
    ca_file = tmp_path / "ca.pem"
    served = serve("--tls", "--ca-file", str(ca_file))
    distrusted = command("runs", "--url", served.url)
    assert "its certificate is not trusted: point REQUESTS_CA_BUNDLE" in distrusted.stderr
    trusted = command("runs", "--url", served.url, env={"REQUESTS_CA_BUNDLE": str(ca_file)})
    assert (trusted.returncode, trusted.stdout) == (0, "No runs yet.\n")


def test_runs_follows_until_interrupted(serve):
    served = serve()
    words = [sys.executable, "-m", "mock_qualtrics", "runs", "--url", served.url, "--follow"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as follow:
        served.post_event()
        lines = iter(follow.stdout.readline, "")
        assert next(line for line in lines if "Succeeded" in line)
        follow.send_signal(2)
        _, err = follow.communicate(timeout=60)
    assert follow.returncode == 3
    assert "again" in err


def test_a_store_keeps_its_seed_and_clock_and_says_so(serve, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/journal.db")
    first = serve(*store, "--seed", "7")
    assert first.post_event().status_code == 200
    made = first.tenant
    (run,) = first.control.runs(first.workflow_id).items
    first.stop()
    again = serve(*store)
    assert again.tenant["apiToken"] == made["apiToken"]
    _, quiet, _ = again.stop()
    assert "not heeded" not in quiet
    other = serve(*store, "--seed", "8", "--clock", "virtual")
    assert other.control.run(run["id"])["id"] == run["id"]
    _, told, _ = other.stop()
    assert "--seed 8 is not heeded: the store was made with 7" in told
    assert "--clock virtual is not heeded: the store was made with real" in told


def test_the_ready_file_ends_with_the_server(serve, tmp_path):
    served = serve()
    assert (tmp_path / "ready.json").exists()
    served.stop()
    assert not (tmp_path / "ready.json").exists()
