"""The mock as a process: started, ready, stopped; and what is said when it does not start."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from contracts import validate
from contracts.errors import ControlRefusedError, ControlUnreachableError, MockStartError
from contracts.mock_process import start_mock

TOKEN = "PLACEHOLDER-CONTROL-TOKEN"
DEAD_PROXY = "http://127.0.0.1:9"


def test_a_started_mock_is_ready_and_is_driven_by_its_client(tmp_path):
    with start_mock("--calls-per-minute", "5", folder=tmp_path) as mock:
        assert validate(dict(mock.ready), "ready-file") == []
        assert mock.control.health()["status"] == "ok"
        assert mock.control.tenant(mock.tenant_id)["limits"]["callsPerMinute"] == 5
        token = {"X-API-TOKEN": mock.tenant["apiToken"]}
        answer = requests.post(mock.trigger_url, json={"a": 1}, headers=token, timeout=60)
        assert answer.status_code == 202
        totals = mock.control.wait(mock.tenant_id, succeeded=1, timeout_seconds=60)
        assert totals["received"] == 1
        assert mock.url in mock.stdout()
        assert mock.process.poll() is None
    assert mock.process.returncode == 0
    assert "Finished server process" in mock.stderr()
    with pytest.raises(ControlUnreachableError):
        mock.control.health()


def test_a_temporary_folder_goes_with_the_mock():
    mock = start_mock("--store", "sqlite:///mock.db")
    assert (mock.folder / "mock.db").exists()
    assert mock.stop() == 0
    assert not mock.folder.exists()
    assert mock.stop() == 0


def test_a_kept_folder_serves_the_next_start(tmp_path):
    flags = ("--store", "sqlite:///mock.db")
    with start_mock(*flags, folder=tmp_path) as first:
        first.kill()  # its ready file stays behind
        assert (tmp_path / "ready.json").exists()
    with start_mock(*flags, folder=tmp_path) as second:
        assert second.tenant["apiToken"] == first.tenant["apiToken"]
        assert second.control.health()["status"] == "ok"


def test_a_start_in_a_running_mocks_folder_fails_and_leaves_its_ready_file(tmp_path):
    with start_mock(folder=tmp_path) as first:
        with pytest.raises(MockStartError, match=r"ready\.json: another running server uses it"):
            start_mock(folder=tmp_path)
        assert json.loads((tmp_path / "ready.json").read_bytes()) == first.ready
        os.kill(first.process.pid, signal.SIGHUP)
        assert first.process.wait(60) == 0
        assert not (tmp_path / "ready.json").exists()


def test_a_start_that_fails_says_why(tmp_path):
    with pytest.raises(MockStartError, match=r"the mock ended with 2:\n(.*\n)*.*sundial") as raised:
        start_mock("--clock", "sundial", folder=tmp_path)
    assert raised.value.exit_code == 2
    assert "--clock" in raised.value.output


def test_a_start_that_fails_leaves_no_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(MockStartError):
        start_mock("--unheard-of")
    with pytest.raises(FileNotFoundError):
        start_mock(command=[str(tmp_path / "mock-qualtrics")])
    assert list(tmp_path.iterdir()) == []


def test_only_the_last_lines_of_a_long_output_are_told():
    program = "import sys; [print(n, file=sys.stderr) for n in range(20_000)]; sys.exit(7)"
    with pytest.raises(MockStartError) as raised:
        start_mock(command=[sys.executable, "-c", program])
    assert raised.value.exit_code == 7
    assert raised.value.output.splitlines() == [str(n) for n in range(19_950, 20_000)]


def test_what_is_never_ready_is_killed_in_time(tmp_path):
    started = tmp_path / "pid"
    program = (
        f"import os, threading; open({str(started)!r}, 'w').write(str(os.getpid()));"
        "threading.Event().wait()"
    )
    with pytest.raises(MockStartError, match="the mock was not ready in time") as raised:
        start_mock(command=[sys.executable, "-c", program], ready_seconds=1.0)
    assert raised.value.exit_code is None
    if started.exists():
        assert not Path(f"/proc/{started.read_text()}").exists()


def test_a_mock_that_dies_is_no_longer_reached_and_its_exit_code_is_told(tmp_path):
    mock = start_mock(folder=tmp_path)
    mock.kill()
    with pytest.raises(ControlUnreachableError):
        mock.control.health()
    assert mock.stop() == -9


def test_what_does_not_end_when_asked_is_killed(tmp_path):
    stubborn = (
        "import signal, sys; signal.signal = lambda *_: None;"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM});"
        "from mock_qualtrics.cli import main; main()"
    )
    mock = start_mock(command=[sys.executable, "-c", stubborn], folder=tmp_path)
    assert mock.stop(patience_seconds=0.2) == -9


@pytest.mark.parametrize("is_in_environment", [True, False])
def test_a_guarded_mock_is_driven_with_its_token(monkeypatch, is_in_environment):
    if is_in_environment:
        monkeypatch.setenv("MOCK_QUALTRICS_CONTROL_TOKEN", TOKEN)
    with start_mock(control_token=None if is_in_environment else TOKEN) as mock:
        assert mock.control.tenants()[0]["id"] == mock.tenant_id
        unguarded = requests.get(f"{mock.ready['controlUrl']}/tenants", timeout=60)
        assert unguarded.status_code == 401
        assert TOKEN not in " ".join(map(str, mock.process.args))


def test_a_mock_with_tls_is_trusted_by_its_own_client(tmp_path):
    with start_mock("--tls", folder=tmp_path) as mock:
        assert mock.url.startswith("https:")
        assert mock.control.health()["status"] == "ok"


def test_a_proxy_in_the_environment_changes_nothing(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, DEAD_PROXY)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with start_mock() as mock:
        assert mock.control.health()["status"] == "ok"


def test_a_mock_that_writes_much_is_not_held_up(tmp_path):
    talkative = (
        "import sys; sys.stdout.write('x' * 1_000_000); sys.stderr.write('y' * 1_000_000);"
        "from mock_qualtrics.cli import main; main()"
    )
    with start_mock(command=[sys.executable, "-c", talkative], folder=tmp_path) as mock:
        assert mock.control.health()["status"] == "ok"
        assert len(mock.stdout()) > 1_000_000 < len(mock.stderr())


def test_every_method_of_the_client_is_understood_by_the_mock():
    with start_mock() as mock:
        control = mock.control
        tenant = control.create_tenant({"clock": "virtual"})["id"]
        workflow = control.add_workflow(tenant, {"name": "Survey"})
        assert tenant in [one["id"] for one in control.tenants()]
        fault = control.add_fault(tenant, {"kind": "status", "when": {"first": 1}, "status": 500})
        assert [one["id"] for one in control.faults(tenant)] == [fault["id"]]
        control.remove_fault(tenant, fault["id"])
        control.clear_faults(tenant)
        token = {"X-API-TOKEN": control.tenant(tenant)["apiToken"]}
        for url in (*[workflow["triggerUrl"]] * 3, f"{workflow['triggerUrl']}x"):
            requests.post(url, json={}, headers=token if url[-1] != "x" else {}, timeout=60)
        with pytest.raises(ControlRefusedError, match="409"):
            control.wait(tenant, succeeded=3)
        control.advance_clock(tenant, 60)
        assert control.wait(tenant, succeeded=3)["pending"] == 0
        runs = list(control.all_runs(workflow["id"], status="succeeded", page_rows=2))
        assert len(runs) == 3
        assert control.runs(workflow["id"], view="started", limit=1).items == (runs[0],)
        assert control.run(runs[0]["id"]) == runs[0]
        assert len(list(control.all_requests(tenant, page_rows=2))) == 3
        assert len(control.requests(tenant).items) == 3
        assert list(control.all_unattributed()) == list(control.unattributed().items) != []
        assert control.update_workflow(workflow["id"], {"enabled": False})["enabled"] is False
        assert control.workflow(workflow["id"])["enabled"] is False
        assert control.totals(control.reset(tenant)["id"])["received"] == 0
        control.delete_workflow(workflow["id"])
        control.delete_tenant(tenant)
        with pytest.raises(ControlRefusedError, match="404"):
            control.tenant(tenant)


def test_importing_contracts_imports_neither_seam():
    program = "import sys, contracts; print({'requests', 'subprocess'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"set()"
