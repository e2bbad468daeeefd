"""A real ``serve`` process: what it keeps when it is killed, and what it breaks when it may."""

import os
import random
import signal
import socket
import threading
from pathlib import Path

import pytest
import requests

from contracts.errors import ControlRefusedError
from mock_qualtrics.server import serve_in_thread
from mock_qualtrics.server.asgi_app import AsgiApp
from mock_qualtrics.testing import Qualtrics
from support import RunningMock, start_mock

TIMEOUT_SECONDS = 60


def load_until_killed(server: RunningMock, calls_before_kill: int) -> list[str]:
    """Send from four threads, kill the process in the middle; return the answered bodies' ids."""
    answered: list[str] = []
    enough = threading.Event()

    def send(sender: int) -> None:
        with requests.Session() as session:
            number = 0
            while True:
                message = f"{sender}-{number}"
                number += 1
                try:
                    answer = session.post(
                        server.trigger_url,
                        json={"id": message},
                        headers=server.token_header,
                        timeout=TIMEOUT_SECONDS,
                    )
                except requests.RequestException:
                    return
                assert answer.status_code == 202
                answered.append(message)
                if len(answered) >= calls_before_kill:
                    enough.set()

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for sender in senders:
        sender.start()
    assert enough.wait(TIMEOUT_SECONDS)
    os.kill(server.process.pid, signal.SIGKILL)
    for sender in senders:
        sender.join()
    return answered


@pytest.mark.parametrize("seed", range(5))
def test_what_was_answered_survives_a_kill_at_any_moment_and_its_runs_resume(
    seed: int, tmp_path: Path
):
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}", "--calls-per-minute", "1000000")
    with start_mock(*flags) as server:
        answered = load_until_killed(server, random.Random(seed).randrange(1, 120))
        before = server.ready
    with start_mock(*flags) as server:
        assert server.ready["tenant"]["apiToken"] == before["tenant"]["apiToken"]
        old, new = (one["tenant"]["workflows"][0]["triggerUrl"] for one in (before, server.ready))
        assert old.removeprefix(before["url"]) == new.removeprefix(server.ready["url"])
        accepted = server.totals()["accepted"]
        totals = server.wait(succeeded=accepted)
        assert totals["pending"] == 0
        assert totals["received"] == totals["accepted"] == totals["succeeded"]
        kept = [run["event"]["id"] for run in server.control.all_runs(server.workflow_id)]
        assert len(kept) == len(set(kept)) == accepted
        assert set(answered) <= set(kept)
        assert len(kept) <= len(answered) + 4  # one lost answer for each sender at most


def test_life_cycle_and_token_survive_a_kill(tmp_path: Path):
    file = tmp_path / "workflows.toml"
    file.write_text('[[workflows]]\nname = "One"\n[[workflows]]\nname = "Two"\ndraft = true\n')
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}", "--workflows", str(file))
    with start_mock(*flags) as server:
        server.control.update_workflow(server.workflow_id, {"retryTasks": True, "publish": False})
        token = server.control.new_token(server.tenant_id)["apiToken"]
        assert server.post_event().status_code == 401  # the ready file has the old one
        server.process.kill()
    with start_mock(*flags) as server:
        assert server.tenant["apiToken"] == token
        assert [server.post_event(workflow=n).status_code for n in range(2)] == [202, 404]
        one = server.control.workflow(server.workflow_id)
        assert (one["retryTasks"], one["unpublished"]) == (False, {"retryTasks": True})


def test_first_n_goes_on_counting_after_a_kill(tmp_path: Path):
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}")
    fault = {"kind": "status", "when": {"first": 3}, "status": 500}

    def statuses(server: RunningMock, calls: int) -> list[int]:
        return [
            requests.post(
                server.trigger_url, json={}, headers=server.token_header, timeout=TIMEOUT_SECONDS
            ).status_code
            for _ in range(calls)
        ]

    with start_mock(*flags) as server:
        assert server.control.add_fault(server.tenant_id, fault)["id"]
        assert statuses(server, 2) == [500, 500]
        os.kill(server.process.pid, signal.SIGKILL)
    with start_mock(*flags) as server:
        assert statuses(server, 2) == [500, 202]


def test_a_clock_that_skipped_30_days_for_a_wait_is_not_set_back_by_a_kill(tmp_path: Path):
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}", "--clock", "skipping")
    delay = {"kind": "fixed", "seconds": 30 * 86_400}
    with start_mock(*flags) as server:
        server.control.update_workflow(server.workflow_id, {"delay": delay})
        for number in (1, 2):
            server.post_event()
            server.wait(succeeded=number)
        (latest,) = server.control.runs(server.workflow_id, limit=1).items
        os.kill(server.process.pid, signal.SIGKILL)
    with start_mock(*flags) as server:
        server.post_event()
        (pending,) = server.control.runs(server.workflow_id, limit=1, status="pending").items
        assert pending["receivedOn"] > latest["finishedOn"]
        assert server.wait(succeeded=3)["pending"] == 0


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_ends_within_seconds_even_while_a_call_hangs(signum: signal.Signals):
    with start_mock("--wire-faults") as server:
        fault = {"kind": "hang", "when": {"first": 1}}
        server.control.add_fault(server.tenant_id, fault)
        with pytest.raises(requests.ReadTimeout):
            requests.post(server.trigger_url, json={}, headers=server.token_header, timeout=0.2)
        server.process.send_signal(signum)
        assert server.process.wait(TIMEOUT_SECONDS) == 0


def test_without_the_flag_a_fault_that_breaks_connections_is_refused_and_the_flag_named():
    with start_mock() as server:
        fault = {"kind": "reset-after-journal", "when": {"first": 1}}
        with pytest.raises(ControlRefusedError, match="--wire-faults") as refused:
            server.control.add_fault(server.tenant_id, fault)
        assert refused.value.status == 409
        assert server.control.faults(server.tenant_id) == []


def test_with_the_flag_the_production_server_breaks_connections():
    with start_mock("--wire-faults") as server:
        for number, kind in enumerate(("reset-before-read", "reset-after-journal", "truncate"), 1):
            server.control.clear_faults(server.tenant_id)
            server.control.add_fault(server.tenant_id, {"kind": kind, "when": {"first": 1}})
            with pytest.raises(requests.RequestException):
                requests.post(
                    server.trigger_url,
                    json={},
                    headers=server.token_header,
                    timeout=TIMEOUT_SECONDS,
                )
            assert server.totals()["received"] == number, kind


def test_a_server_in_a_thread_can_be_closed_twice_and_others_go_on():
    with serve_in_thread() as first, serve_in_thread() as second:
        first.close()
        first.close()
        made = Qualtrics(second, {})
        auth = (made.username, made.api_token)
        answer = requests.post(made.trigger_url, json={}, auth=auth, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 202
        assert second.control_url == f"{second.url}/__control/v1"
        assert second.app.name == "mock_qualtrics"


def test_an_app_that_could_not_be_made_is_made_again_for_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
):
    makes = [OSError("too many open files")]
    make = AsgiApp._make

    def fail_once(self: AsgiApp) -> object:
        if makes:
            raise makes.pop()
        return make(self)

    monkeypatch.setattr(AsgiApp, "_make", fail_once)
    with serve_in_thread() as server:
        answers = (requests.get(f"{server.control_url}/health", timeout=60) for _ in range(2))
        assert [answer.status_code for answer in answers][-1] == 200
        assert not makes


def test_no_log_line_holds_a_credential_a_url_token_or_an_address():
    strange = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
    with start_mock("--wire-faults") as server:
        token = server.ready["tenant"]["apiToken"]
        url_token = server.trigger_url.partition("urlTokenId=")[2]
        auth = ("dave@example.com", strange)
        for url in (server.trigger_url, server.trigger_url + strange, server.ready["url"] + "/x"):
            requests.post(
                url, json={"a": token}, headers=server.token_header, timeout=TIMEOUT_SECONDS
            )
            requests.post(url, data=b"{", auth=auth, timeout=TIMEOUT_SECONDS)
        host, port = server.ready["url"].removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), TIMEOUT_SECONDS) as caller:
            caller.sendall(f"POST /?urlTokenId={url_token} {strange}\r\n\r\n".encode())
            caller.recv(65536)
        _, written, code = server.stop()
        assert code == 0
    assert written
    for secret in (token, url_token, strange, "dave@example.com"):
        assert secret not in written
    assert "Traceback" not in written
