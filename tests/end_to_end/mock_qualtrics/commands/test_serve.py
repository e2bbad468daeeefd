"""``mock-qualtrics serve`` as its users meet it: a process, its flags, what it prints."""

import json
import shutil
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


def command(*arguments: str, **more: Any):  # noqa: ANN401  what run takes
    words = [sys.executable, "-m", "mock_qualtrics", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **more)


def test_what_is_printed_on_start_is_all_that_one_needs_and_the_curl_line_works_when_pasted(serve):
    assert shutil.which("curl"), "curl is needed"
    served = serve()
    line = served.printed("curl ")
    assert line.startswith("curl ")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["meta"]["httpStatus"] == "202 - Accepted"
    assert served.wait(succeeded=1)["succeeded"] == 1
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


def test_the_ready_file_is_whole_and_its_owners_alone_and_ends_with_the_server(serve, tmp_path):
    served = serve()
    assert validate(served.ready, "ready-file") == []
    assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
    assert served.session.get(served.ready["pageUrl"], timeout=60).status_code == 200
    assert served.control.health()["status"] == "ok"
    assert (tmp_path / "ready.json").exists()
    _, err, _ = served.stop()
    assert not (tmp_path / "ready.json").exists()
    assert (
        "INFO mock_qualtrics.server: Finished server process" in err
    )  # the log speaks of the mock alone
    assert "uvicorn" not in err


def test_in_a_container_all_that_is_said_has_the_public_url(serve):
    public = "http://mock-qualtrics:8084"
    token = "PLACEHOLDER-CONTROL-TOKEN"
    served = serve("--host", "0.0.0.0", "--public-url", public, "--control-token", token)
    assert "0.0.0.0" not in json.dumps(served.ready)
    assert served.ready["url"] == public
    assert served.ready["pageUrl"] == f"{public}/runs"
    assert served.ready["controlUrl"] == f"{public}/__control/v1"
    assert served.trigger_url.startswith(f"{public}/")
    assert f"listens at {public}\n" in served.printed("listens at")
    assert served.trigger_url in served.printed("curl ")


def test_a_kept_store_goes_on_with_its_tenant_seed_and_clock_and_follows_new_limits(
    serve, tmp_path
):
    store = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*store, "--seed", "7", "--calls-per-minute", "1")
    assert [first.post_event().status_code for _ in range(2)] == [202, 429]
    first.wait(succeeded=1)
    made = first.tenant
    (run,) = first.control.runs(first.workflow_id).items
    first.stop()

    again = serve(*store, "--calls-per-minute", "3000")
    assert again.tenant["apiToken"] == made["apiToken"]
    tokens = [served.tenant["workflows"][0]["triggerUrl"] for served in (first, again)]
    assert len({token.partition("urlTokenId")[2] for token in tokens}) == 1
    assert again.wait(succeeded=1)["succeeded"] == 1
    assert again.post_event().status_code == 202
    _, quiet, _ = again.stop()
    assert "is ignored" not in quiet

    other = serve(*store, "--seed", "8", "--clock", "virtual")
    assert other.control.run(run["id"])["id"] == run["id"]
    _, told, _ = other.stop()
    assert "--seed 8 is ignored: the store was made with 7" in told
    assert "--clock virtual is ignored: the store was made with real" in told


def test_what_a_person_and_a_job_are_shown_first_is_a_workflow_that_takes_calls(serve, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*store)
    assert first.post_event().status_code == 202  # so that its workflow stays, disabled
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
    assert [task["status"] for task in run["tasks"]] == ["Succeeded"] * 3


def test_limits_and_what_is_assumed_are_flags_and_json_may_be_printed_instead_of_words(serve):
    served = serve(
        *("--calls-per-minute", "2", "--payload-bytes", "10", "--runs-per-day", "1", "--json"),
        *("--assume", "acceptedStatus=200", "--assume", "assumptions.retryAfter=true"),
    )
    limits = served.control.tenant(served.tenant_id)["limits"]
    given = {"callsPerMinute": 2, "payloadBytes": 10, "runsPerDay": 1}
    assert limits == {**given, "windowSeconds": 60}
    statuses = [served.post_event(body).status_code for body in ("{}", '{"a": 1234}', "{}", "{}")]
    assert statuses == [200, 413, 200, 429]
    assert served.tenant["assumptions"]["retryAfter"] is True
    out, _, _ = served.stop()
    assert json.loads(out) == served.ready


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


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--host", "0.0.0.0"], "--control-token"),
        (["--store", "sqlite:///missing/folder/mock.db"], "store"),
        (["--workflows", "missing/workflows.toml"], "No such file"),
    ],
)
def test_a_process_that_cannot_serve_ends_with_2_and_one_clear_message(tmp_path, flags, reason):
    """``tests/component/mock_qualtrics/commands`` reads the other messages, without a process."""
    done = command("serve", "--port", "0", *flags, cwd=tmp_path)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_says_its_version_and_its_help():
    assert "0." in command("--version").stdout
    done = command("--help")
    assert done.returncode == 0
    assert "Example: " in done.stdout


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
    assert served.post_event().status_code == 202
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
